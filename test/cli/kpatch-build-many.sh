#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a kernel, a second one that is incomplete, and patterns for both, one or none of them; diffs that
#   fit, that the source already contains, that change nothing that is built, and that can't be livepatched.
# Prevents: a fleet that is wrongly believed to be covered; a kernel that is reported as not affected because
#   the diff failed; a failure of one kernel that stops the others.
# Fails if: a kernel is missing in the table, has another outcome, code or exit, or the modules differ from
#   those of a run for this kernel alone.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

make_diff fix fs/proc/meminfo.c 's/VmallocTotal:   /VmallocTOTAL:   /'
make_diff more fs/proc/version.c 's/utsname()->sysname/utsname()->release/'
# what the source has already: the way back of the way forth
patch -R --dry-run -s -p1 -d "$kernel_dir/source" <fix.patch >/dev/null 2>&1 && complain "the premise is wrong"
(cd "$kernel_dir/source" && diff -U3 --label a/fs/proc/meminfo.c --label b/fs/proc/meminfo.c \
	<(sed 's/VmallocTotal:   /VmallocOld:     /' fs/proc/meminfo.c) fs/proc/meminfo.c) >there.patch
make_diff unbuilt arch/x86/um/delay.c 's/loops/rounds/'
make_diff program drivers/gpu/drm/radeon/mkregtable.c '$a int klp;'
make_diff initcall fs/proc/version.c 's/^fs_initcall(.*/late_initcall(proc_version_init);/'

# a second kernel, half of which is missing, in a cache that shares all of the first one
mkdir -p "$work/two/klp-split/kernels/1.2.3-half/root"
for part in "$kernel_dir" "$kernel_dir/../../debs"; do
	part=$(realpath "$part")
	ln -s "$part" "$work/two/klp-split/${part#*/klp-split/}"
done
export XDG_CACHE_HOME=$work/two

# many EXIT ARGUMENTS…: a run for several kernels; its table or JSON is in $work/out, what it said before in $work/log
many()
{
	local expect=$1 status=0
	shift
	"$bin/kpatch-build" -j2 "$@" >"$work/out" 2>"$work/log" || status=$?
	[ "$status" = "$expect" ] || { complain "'$*': exit $status, expected $expect"; sed 's/^/    /' "$work/log"; }
}
# row KERNEL PATTERN: the table's line of this kernel
row()
{
	local line
	line=$(grep -F "$1 " "$work/out")
	# shellcheck disable=SC2053 # a pattern
	[[ $line == $2 ]] || complain "the row of $1 is '$line', expected '$2'"
}

many 1 -a 1.2.3-half -a "$release" -o both fix.patch
row 1.2.3-half '*failed *KS301*'
row "$release" "*livepatched *$PWD/both/$release"
kpatch_build -o alone fix.patch
for file in alone/*.ko; do
	cmp "$file" "both/$release/${file##*/}" || complain "built among others, it has other bytes"
done
[ ! -e both/1.2.3-half ] || complain "the kernel that failed has a folder"

many 0 -a "${release%?}[${release: -1}]" -o pattern fix.patch
row "$release" '*livepatched*'
[ "$(wc -l <"$work/out")" = 2 ] || complain "a pattern for one kernel gives $(cat "$work/out")"
many 1 -a 'no-such-*' -a "$release" fix.patch
grep -q "KS301.*no kernel is called 'no-such-\*'" "$work/log" || complain "an empty pattern isn't named"

many 3 -a "$release*" --json there.patch
jq -e --arg release "$release" '.exit == 3 and (.kernels | length == 1) and (.kernels[0] |
	.kernel == $release and .outcome == "not affected" and (.why | test("already")) and .result.exit == 3)' \
	"$work/out" >/dev/null || complain "JSON of a kernel that has the fix: $(cat "$work/out")"
many 3 -a "$release*" unbuilt.patch
row "$release" '*not affected *KS320 (it was built without what is changed)'
many 0 -a "$release*" --check fix.patch
row "$release" '*can be livepatched*'
# the first kernel's run doesn't take a pipe away from the others; the runs get a file without a name
many 0 -a "$release*" -a "$release" --check -n x - <fix.patch
row "$release" '*can be livepatched*'
many 0 -a "$release*" --check -n x <(gzip -c fix.patch)
row "$release" '*can be livepatched*'
# these aren't "not affected": half of what is changed is built, half of the diffs is there
many 0 -a "$release*" --check unbuilt.patch fix.patch
row "$release" '*can be livepatched*'
many 2 -a "$release*" unbuilt.patch program.patch fix.patch
row "$release" '*refused *KS320'
many 2 -a "$release*" there.patch more.patch
row "$release" '*refused *KS323'
many 2 -a "$release*" initcall.patch
row "$release" '*refused *KS109'

# --- one kernel
refused 3 KS349 -- there.patch
refused 2 KS323 -- there.patch more.patch
# a file that has it and one that doesn't: not the whole fix
cat there.patch more.patch >half.patch
refused 2 KS323 -- half.patch

# --- what is one kernel's alone
for option in --report=x --json=events --vmlinux=x --source=x --build-tree=x; do
	many 1 -a "$release*" "$option" fix.patch
done

# --- interrupted: nothing of any of them is left
before=$(find "$work/tmp" "$work/here" | sort)
"$bin/kpatch-build" -j2 -a "$release*" -o interrupted fix.patch >"$work/out" 2>"$work/log" &
until grep -q 'patched unit' "$work/log"; do kill -0 $! || break; sleep 0.05; done
kill -TERM $!
wait $!
[ $? = 143 ] || complain "the run for several kernels didn't end by SIGTERM"
[ "$before" = "$(find "$work/tmp" "$work/here" | sort | grep -v /tmp/cc)" ] ||
	complain "left: $(diff <(echo "$before") <(find "$work/tmp" "$work/here" | sort))"
exit $failed
