#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a build with a prepared cache is interrupted, or gets "disk full", at chosen system calls: while it
#   links the tree, writes its own files, builds modules, fills and swaps the output, cleans up; file systems
#   that fill up while the compiler writes; a compiler that is killed.
# Prevents: an incomplete output, or one with old and new files; folders that are left; a diff that is refused
#   because the disk is full.
# Fails if: afterwards, the output is neither the complete new one nor the untouched old one; or the exit code
#   blames the diff.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

make_diff good fs/proc/meminfo.c 's/VmallocTotal:   /VmallocTOTAL:   /'
make_diff older fs/proc/meminfo.c 's/VmallocTotal:   /VmallocOLDER:   /'
kpatch_build -n good -o "$work/new" good.patch
[ "$status" = 0 ] || { complain "the undisturbed run: $status"; cat "$work/log"; exit 1; }
kpatch_build -n good -o "$work/old" older.patch
[ "$status" = 0 ] || { complain "the older run: $status"; cat "$work/log"; exit 1; }

# at CALL NUMBER FAULT: what comes of it if the NUMBER-th CALL meets FAULT; a line of the table below
at()
{
	local call=$1 number=$2 fault=$3 left
	rm -rf good
	cp -a "$work/old" good
	status=0
	strace -qqq -o "$work/trace" -e "trace=$call" -e "inject=$call:$fault:when=$number" \
		"$bin/kpatch-build" --kernel "$release" -j2 good.patch >"$work/log" 2>&1 || status=$?
	grep -qE 'INJECTED|--- SIG(INT|TERM|HUP)' "$work/trace" || complain "$*: was never reached"
	if diff -r "$work/new" good >/dev/null; then
		# from the swap on the new one is there, whatever comes
		[[ $call = unlinkat || $call = renameat2 || $status = 0 ]] || complain "$*: exit $status, but the output is new"
	else
		diff -r "$work/old" good || complain "$*: the output is neither old nor new"
		[ $status != 0 ] || complain "$*: exit 0, but the output is old"
	fi
	[[ $fault != error* || $status = 1 ]] || { complain "$*: exit $status"; cat "$work/log"; }
	# shellcheck disable=SC2010 # names that this test gives
	left=$(ls -A "$work/tmp" . | grep -vE '^(good|good.patch|older.patch|/.*:|\.:)?$')
	[ -z "$left" ] || complain "$*: left $left"
}

at symlink 40 signal=INT
at symlink 40 error=ENOSPC
at mkdir 20 signal=TERM
at fsync 4 signal=HUP
at fsync 4 error=ENOSPC
at fsync 11 error=ENOSPC # the first module of the output
at renameat2 2 signal=INT # the swap of old and new
at renameat2 2 error=ENOSPC
at unlinkat 25 signal=TERM # while the old one is removed, or what was made on the way

# --- no room left for what other programs write
rm -rf good
if unshare -m true 2>/dev/null; then
	for size in 200k 900k; do
		# shellcheck disable=SC2016 # expanded inside
		unshare -m bash -c 'mount -t tmpfs -o size="$1" none "$TMPDIR" || exit 77
			"$2" --kernel "$3" -j2 good.patch; status=$?
			ls -A "$TMPDIR" | grep -v ^cc; exit $status' - $size "$bin/kpatch-build" "$release" >"$work/log" 2>&1
		status=$?
		[ $status = 1 ] && ! grep -q kpatch-build- <(tail -n 1 "$work/log") && [ ! -e good ] ||
			{ complain "TMPDIR of $size: exit $status"; cat "$work/log"; }
	done
fi

# --- the compiler is killed: by whom, the diff can't help it
mkdir "$work/path"
cc=$(sed -n 's/^CONFIG_CC_VERSION_TEXT="\([^ ]*\).*/\1/p' "$kernel_dir/build/.config")
# shellcheck disable=SC2016
printf '#!/bin/bash\ncase $* in *patched.o*) kill -KILL $$ ;; esac\nexec %s "$@"\n' "$(command -v "$cc")" >"$work/path/$cc"
chmod +x "$work/path/$cc"
PATH=$work/path:$PATH refused 1 KS934 -- good.patch
exit $failed
