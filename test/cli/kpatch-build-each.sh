#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a series of fixes: right ones, one that can't be livepatched, one that builds on it, one that builds on a right
#   one, two that are right alone and wrong together, one that this kernel doesn't need.
# Prevents: a fix that is dropped without a word, one that is in without what it builds on, a livepatch that depends on how
#   files were listed, and a machine's fault that is taken for a fix's.
# Fails if: another fix is in, its reason is another one, two runs differ, or a failed run leaves anything.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/kpatch-build.sh
. "$(dirname "$(readlink -f "$0")")/../lib/kpatch-build.sh"

# fix NAME SUBJECT FILE SED…: NAME.patch on top of the fixes before it, as git format-patch writes it
git init -q "$work/tree"
fix()
{
	local name=$1 subject=$2 file
	shift 2
	while [ $# -gt 0 ]; do
		file=$1
		if [ ! -e "$work/tree/$file" ]; then
			mkdir -p "$work/tree/$(dirname "$file")"
			cp "$kernel_dir/source/$file" "$work/tree/$file"
			tree add . && tree commit -q -m "$file"
		fi
		sed -i "$2" "$work/tree/$file"
		shift 2
	done
	tree commit -q -a -m "$subject" || complain "$name: changes nothing"
	tree format-patch -q -1 --stdout >"$name"
}
tree() { git -C "$work/tree" -c user.name=A -c user.email=a@example.org "$@"; }

# what the table says of a fix: outcome and code
outcome() { jq -r --arg n "$1" '.fixes[] | select(.name == $n) | "\(.outcome) \(.code // "")"' "$2"; }
expect()
{
	local found
	found=$(outcome "$1" result.json)
	[ "${found% }" = "$2" ] || complain "$1: '$found', expected '$2': $(jq -c --arg n "$1" '.fixes[] | select(.name == $n) | .why' result.json)"
}
each() # ARGUMENTS…: $status, result.json, $work/log
{
	status=0
	"$bin/kpatch-build" --kernel "$release" -j2 --json "$@" >result.json 2>"$work/log" || status=$?
	described result.json
}

mkdir series
fix series/0001-helper.patch 'ipc: a helper' ipc/msg.c '/^static int newque/,/^}/s/msq->q_qbytes = /&klp_helper(1) + /
	s/^static int newque(struct ipc_namespace \*ns/static noinline long klp_helper(long a)\n{\n\treturn a;\n}\n\n&/'
fix series/0002-user.patch 'ipc: use the helper (CVE-2030-1111)' ipc/msg.c '/^static int newque/,/^}/s/klp_helper(1)/klp_helper(2)/'
fix series/0003-grow.patch 'ipc: grow a structure' ipc/sem.c 's/^struct sem_undo {/&\n\tint klp_new;/
	/^static int newary/,/^}/s/sma->sem_nsems = nsems;/&\n\tsma->sem_perm.mode |= sizeof(struct sem_undo) \& 1;/'
fix series/0004-on-it.patch 'ipc: build on the structure' ipc/sem.c '/^static int newary/,/^}/s/sizeof(struct sem_undo) & 1/sizeof(struct sem_undo) \& 3/'
tree checkout -q HEAD~2 -- ipc/sem.c && tree commit -q -m back
fix series/0005-once.patch 'ipc: a function' ipc/shm.c '/^static int shm_mmap/,/^}/s/if (ret)$/if (ret + klp_twice(0))/
	s/^static int shm_mmap(/static noinline int klp_twice(int a)\n{\n\treturn a;\n}\n\n&/'
tree revert --no-edit HEAD >/dev/null
fix series/0006-twice.patch 'ipc: the same function' ipc/shm.c '/^static int shm_fsync/,/^}/s/return -EINVAL;/return -EINVAL + klp_twice(0);/
	s/^static int __shm_open(/static noinline int klp_twice(int a)\n{\n\treturn a + 0;\n}\n\n&/'
printf '%s\n' 'Subject: [PATCH] arm64: not ours' '' '--- a/arch/arm64/kernel/process.c' '+++ b/arch/arm64/kernel/process.c' \
	'@@ -1,1 +1,1 @@' '-old' '+new' >series/0007-arm.patch
printf '%s\n' 'CVE-2030-2222 0001-helper.patch' >map

# --- the table, and what is in
each --check --cve-map map --each series
[ "$status" = 0 ] || complain "--check: exit $status: $(cat "$work/log")"
expect 0001-helper.patch in
expect 0002-user.patch in
expect 0003-grow.patch 'left out KS350'
expect 0004-on-it.patch 'left out KS397'
expect 0005-once.patch in
expect 0006-twice.patch 'left out KS326'
expect 0007-arm.patch 'not needed'
jq -e '.fixes[1] | .needs == ["0001-helper.patch"] and .cves == ["CVE-2030-1111"]' result.json >/dev/null || complain "needs and CVE ids: $(jq -c '.fixes[1]' result.json)"
jq -e '.fixes[3].needs == ["0003-grow.patch"] and (.fixes[3].why | test("0003-grow.patch"))' result.json >/dev/null || complain "what is lacking isn't named: $(jq -c '.fixes[3]' result.json)"
jq -e '.fixes[5].why | test("together with 0005-once.patch")' result.json >/dev/null || complain "with what it is wrong isn't named: $(jq -c '.fixes[5]' result.json)"
jq -e '.manifest | (.diffs | map(.name) == ["0001-helper.patch", "0002-user.patch", "0005-once.patch"]) and
	.diffs[0].cves == ["CVE-2030-2222"] and (.fixes | length == 7) and ([.warnings[] | select(.code == "KS399")] | length == 3)' \
	result.json >/dev/null || complain "the manifest: $(jq -c '.manifest | [.diffs, .fixes, .warnings]' result.json)"

# --- none may be left out
each --check --each-must-build series
[ "$status" = 2 ] || complain "--each-must-build: exit $status"
[ "$(jq -r '[.diagnostics[] | select(.severity == "error") | .code] | unique | join(" ")' result.json)" = KS397 ] ||
	complain "--each-must-build: $(jq -c '[.diagnostics[].code]' result.json)"

# --- modules: the same bytes whichever way the files are listed, and those of the diffs alone
rm series/000[3467]*
before=$(snapshot)
kpatch_build --each -o one --report one.html --name klp_each series
[ "$status" = 0 ] || complain "exit $status: $(cat "$work/log")"
grep -q '^3 of 3 fixes are in$' "$work/log" || complain "no table: $(cat "$work/log")"
grep -q '<h2 id=h-fixes>Fixes</h2>' one.html || complain "the report has no table"
described one/klp_each.json
! grep -q '^ *compile .* patched unit' "$work/log" || complain "units are compiled again that no other fix changes: $(cat "$work/log")"
kpatch_build --each -o two --name klp_each series/0005* series/0002* series/0001*
diff -r one two >&2 || complain "the order of the names makes a difference"
kpatch_build -o plain --name klp_each series
cmp one/klp_each.ko plain/klp_each.ko || complain "the modules aren't those of the diffs alone"
rm -rf one two plain one.html
[ "$before" = "$(snapshot)" ] || complain "left: $(diff <(echo "$before") <(snapshot))"

# --- a mailbox: each mail is a fix
cat series/000[125]* >box.mbox
each --check --each box.mbox
[ "$(jq -r '[.fixes[] | "\(.name) \(.outcome)"] | join(", ")' result.json)" = "box.mbox-0001 in, box.mbox-0002 in, box.mbox-0003 in" ] ||
	complain "a mailbox: $(jq -c .fixes result.json)"
[ "$(jq -r .manifest.name result.json)" = box ] || complain "a mailbox's livepatch is called $(jq .manifest.name result.json)"

# --- a folder that is used for something else: before anything is tried
mkdir used
touch used/mine
refused 1 KS342 -- --each -o used series
! grep -q '^ *try ' "$work/log" || complain "fixes were tried for a folder that can't be written"
rm -r used

# --- nothing is left; a map that can't be read; a machine that fails
refused 2 KS397 -- --check --each series/0002-user.patch
kpatch_build --json --check --each series/0002-user.patch
sed -n '/^{/,$p' "$work/log" | jq -e '[.fixes[].diagnostics[].file] | unique == ["0002-user.patch"]' >/dev/null ||
	complain "an error names a diff by a file that is gone: $(cat "$work/log")"

# --- a fix that the kernel has
helper=$(tree log --format=%h --grep='^ipc: a helper$')
tree diff "$helper" "$helper^" >there.patch
each --check --each there.patch series/0005-once.patch
[ "$(jq -r '[.fixes[] | "\(.name) \(.outcome)"] | join(", ")' result.json)" = "there.patch not needed, 0005-once.patch in" ] ||
	complain "a fix that the kernel has: $(jq -c .fixes result.json)"
printf '%s\n' 'CVE-2030-1 x.patch' >map
refused 1 KS398 -- --check --cve-map map --each series
copy_tools broken
printf '#!/bin/sh\nkill -9 $PPID\n' >"$copy/build/bin/create-diff-object"
before=$(snapshot)
kpatch_build --each -o broken series
[ "$status" = 1 ] && grep -q 'KS396' "$work/log" || complain "a run that is killed: exit $status: $(cat "$work/log")"
rm -rf "$work"/tmp/* # what was killed can't clean up
[ "$before" = "$(snapshot)" ] || complain "a run that was killed left: $(diff <(echo "$before") <(snapshot))"

# --- interrupted while fixes are tried
printf '#!/bin/sh\ntouch "%s"\nexec sleep 600\n' "$work/waits" >"$copy/build/bin/create-diff-object"
env --default-signal "$bin/kpatch-build" --kernel "$release" -j2 --each -o cut series >"$work/log" 2>&1 &
pid=$!
until [ -e "$work/waits" ] || ! kill -0 $pid 2>/dev/null; do sleep 0.1; done
kill -TERM $pid
status=0
wait $pid || status=$?
[ "$status" = 143 ] || complain "interrupted: exit $status: $(cat "$work/log")"
[ "$before" = "$(snapshot)" ] || complain "interrupted: left $(diff <(echo "$before") <(snapshot))"
! pgrep -f "$copy/build/bin/create-diff-object" >/dev/null || complain "interrupted: a part still runs"

# --- nothing more can be written: no fix is to blame
bin=$built
(ulimit -f 64; "$bin/kpatch-build" --kernel "$release" -j2 --each -o limited series >"$work/log" 2>&1)
status=$?
[ "$status" = 1 ] || complain "with no room: exit $status: $(cat "$work/log")"
! grep -qE 'left out|LIVEPATCH' "$work/log" || complain "with no room: a fix is left out: $(cat "$work/log")"
[ ! -e limited ] || complain "with no room: there is a folder"
exit $failed
