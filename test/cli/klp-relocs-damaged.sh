#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a module that is truncated or has changed bytes (all lengths and bytes: unit/test-elf-hostile).
# Prevents: a crash of the tool on a build machine, or a damaged module that is accepted.
# Fails if: a signal ends a command, a command accepts a truncated module, or changes a file that it refuses.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/klp-modules.sh
. "$(dirname "$(readlink -f "$0")")/../lib/klp-modules.sh"

compile m -g <<'END'
LIVEPATCH("m")
extern int hidden(int);
REF(hidden, "vmlinux", "hidden", 0)
int f(void) { return hidden(1); }
END
symvers Module.symvers printk=vmlinux
size=$(stat -c %s m.ko)

# try COMMAND…: exit 0, 1 or 2, whatever the file is like
try()
{
	"$relocs" "$@" >out 2>err
	local status=$?
	[ $status -le 2 ] || complain "klp-relocs $*: exit $status: $(cat err)"
	[ $status = 0 ] || [ -s err ] || complain "klp-relocs $*: exit $status without a word"
	return $status
}

for ((length = 0; length < size; length += 97)); do
	head -c $length m.ko >cut.ko
	cp cut.ko kept.ko
	try convert cut.ko && complain "a module cut off at $length of $size bytes was converted"
	cmp -s cut.ko kept.ko || complain "a module cut off at $length bytes was changed"
	try show cut.ko && complain "a module cut off at $length of $size bytes was shown"
	try verify -s Module.symvers -b vmlinux=cut.ko m.ko
done

RANDOM=4711
for ((round = 0; round < 200; round++)); do
	cp m.ko changed.ko
	for ((i = 0; i < 3; i++)); do
		printf "\\x$(printf %02x $((RANDOM % 256)))" |
			dd of=changed.ko bs=1 conv=notrunc seek=$((RANDOM * 32768 % size + RANDOM % 64)) status=none
	done
	try convert -o converted.ko changed.ko && try verify -s Module.symvers -b vmlinux=changed.ko converted.ko
	try show changed.ko
done

# Not a file at all.
expect 1 KS901 -- show .
expect 1 KS910 -- show /dev/null
exit "$failed"
