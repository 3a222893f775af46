#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a converted module, and one that isn't converted.
# Prevents: a list that lacks a relocation or names a wrong symbol, so that a reviewer can't check a livepatch.
# Fails if: the output of show, as text or as JSON, differs from the file's contents, or a wrong command line is
#   accepted.
set -uo pipefail
# shellcheck source-path=SCRIPTDIR source=../lib/klp-modules.sh
. "$(dirname "$(readlink -f "$0")")/../lib/klp-modules.sh"

compile m <<'END'
LIVEPATCH("m")
extern int hidden(int), table[];
REF(hidden, "vmlinux", "hidden", 2)
REF(table, "x_tables", "table", 0)
int f(void) { return hidden(1); }
int *third = &table[3];
END
expect 0 -- show m.ko
grep -q 'not converted yet' out || complain "an unconverted module is not called so: $(cat out)"
same "JSON before" "$("$relocs" show --json m.ko | jq -c '[.module, .converted, .relocations]')" '["m.ko",false,[]]'

expect 0 -- convert m.ko
expect 0 -- show m.ko
offset=$(objdump -dr m.ko | awk '/hidden/ { print $1 }' | tr -d :)
type=$(objdump -dr m.ko | awk '/hidden/ { print $2 }')
same "text" "$(tail -n +2 out | tr -s ' ' | sort)" ".data+0 R_X86_64_64 x_tables table,0 +12 in third
.text+0x$offset $type vmlinux hidden,2 -4 in f"
expect 0 -- show -j m.ko
same "JSON" "$(jq -c '.converted, (.relocations | sort_by(.section)[] | [.section, .offset, .type, .object, .symbol, .sympos, .addend, .function])' out)" \
	'true
[".data",0,"R_X86_64_64","x_tables","table",0,12,"third"]
[".text",'$((16#$offset))',"'"$type"'","vmlinux","hidden",2,-4,"f"]'

compile none <<<'LIVEPATCH("n")'
expect 0 -- convert none.ko
expect 0 -- show none.ko
grep -q 'no klp relocations' out || complain "said of a module without any: $(cat out)"

# Command lines that mean nothing: exit 1, a word on stderr, no output.
while read -r arguments; do
	# shellcheck disable=SC2086 # words
	expect 1 -- $arguments
	grep -q 'klp-relocs --help' err || complain "klp-relocs $arguments: no hint: $(cat err)"
	[ ! -s out ] || complain "klp-relocs $arguments: prints on stdout"
done <<'END'

frobnicate m.ko
m.ko
show
show m.ko none.ko
show --symvers x m.ko
show -x m.ko
convert -p m.ko m.ko
convert --provider =x m.ko
verify --output x m.ko
verify --object
END
expect 1 KS901 -- show no-such-file.ko
"$relocs" show m.ko 2>err | true
[ ! -s err ] || complain "a reader that has had enough is an error: $(cat err)"
expect 1 KS910 -- show m.c
"$relocs" show m.ko >/dev/full 2>err && complain "a full disk under the output is not noticed"
grep -q KS901 err || complain "a full disk under the output is not told: $(cat err)"
exit "$failed"
