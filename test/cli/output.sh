#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the tools are built; a livepatch module and a unit that the compiler alone can make; /dev/full.
# Prevents: a script that treats incomplete output as complete because the disk was full; output that is written
#   to another file because standard output was closed.
# Fails if: a command exits successfully, or without a message, when its output can't be written; or a command
#   that prints nothing fails.
set -uo pipefail

# shellcheck source-path=SCRIPTDIR source=../lib/klp-modules.sh
. "$(dirname "$(readlink -f "$0")")/../lib/klp-modules.sh"
bin=$(dirname "$relocs")

# told TOOL EXIT ARGUMENTS…: prints, with this exit code; else it exits with 1 and says why
told()
{
	local tool=$1 code=$2 found
	shift 2
	found=$("$bin/$tool" "$@" 2>err)
	same "$tool $*: exit code" $? "$code"
	[ "$found" ] || complain "$tool $*: prints nothing: $(cat err)"
	"$bin/$tool" "$@" >/dev/full 2>err
	same "$tool $* >/dev/full: exit code" $? 1
	grep -q "^$tool: KS901.*standard output.: No space left" err || complain "$tool $* >/dev/full: $(cat err)"
	"$bin/$tool" "$@" >&- 2>err
	same "$tool $* >&-: exit code" $? 1
	grep -q "^$tool: KS901.*standard output.: Bad file descriptor" err || complain "$tool $* >&-: $(cat err)"
}

for tool in kpatch kpatch-build create-diff-object klp-relocs; do
	told $tool 0 --help
	told $tool 0 --version
done
for tool in kpatch kpatch-build create-diff-object; do
	told $tool 0 --usage
	told $tool 0 --explain KS101
done

compile livepatch <<'END'
INFO("klp_split_patch=livepatch")
INFO("klp_split_kernel=0.0.0")
INFO("klp_split_object=vmlinux:00")
INFO("vermagic=0.0.0 ")
LIVEPATCH("livepatch")
BUILD_ID(1)
int new_function(void) { return 1; }
FUNC("old_function", new_function, 0)
END
told klp-relocs 0 show livepatch.ko
told klp-relocs 0 show --json livepatch.ko
told klp-relocs 2 verify --json livepatch.ko

if [ "$(find /sys/kernel/livepatch /lib/modules/*/updates/klp-split -mindepth 1 2>/dev/null)" ]; then
	echo "skipped: this machine has livepatches"
else
	for json in "" --json; do
		# shellcheck disable=SC2086
		for words in list "status" "info ./livepatch.ko" version; do
			"$bin/kpatch" $words $json >/dev/null 2>&1
			told kpatch $? $words $json
		done
	done
	told kpatch 0 wait --json
	[ $EUID != 0 ] || told kpatch 3 check --json ./livepatch.ko
fi

printf 'int main(void) { extern int function(void); return function(); }\n' >main.c
for unit in a b; do
	echo "int function(void) { return '$unit'; }" >unit.c
	gcc -O1 -g -ffunction-sections -fdata-sections -fno-pic -fno-asynchronous-unwind-tables -fcf-protection=none -c \
		-o $unit.o unit.c || exit 1
done
gcc -o vmlinux main.c unit.c || exit 1
"$bin/create-diff-object" --object vmlinux --object-file vmlinux a.o b.o >text 2>err
status=$?
if [ -s text ]; then
	told create-diff-object $status --object vmlinux --object-file vmlinux a.o b.o
else
	complain "create-diff-object prints nothing: $status: $(cat err)"
fi
# the summary of a build that fails at once
"$bin/kpatch-build" --json --source none none.patch >text 2>err
[ -s text ] || complain "kpatch-build --json: $(cat err)"
told kpatch-build 1 --json --source none none.patch

# --- with closed streams nothing gets into a file that the tool writes
"$bin/create-diff-object" --object vmlinux --object-file vmlinux --json out.json a.o b.o >/dev/null 2>&1
cp out.json expected.json
"$bin/create-diff-object" --object vmlinux --object-file vmlinux --json out.json a.o b.o <&- >&- 2>&-
cmp expected.json out.json || complain "something else is in out.json"

# --- a command that prints nothing there
"$bin/klp-relocs" convert -o converted.ko livepatch.ko >&- 2>err || {
	"$bin/klp-relocs" convert -o converted.ko livepatch.ko >/dev/null 2>&1 && complain "convert >&-: $(cat err)"
}
exit $failed
