#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: fixture end-moved, in whose assembler text it is ambiguous which variable a reference means; the same
#   text assembled again with global variables; and an unusable object of that kind.
# Prevents: a pointer to the end of an array that becomes a pointer to a new variable, which is adjacent only in
#   the livepatch; use of an object that isn't made from the same text.
# Fails if: it isn't built with the names, the ends aren't those of the arrays, or a name is used from another
#   text.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
top=$here/../..
# shellcheck source=test/differ/lib/compile.sh
. "$here/lib/compile.sh"
differ=$(cd "$top" && readlink -f "${BUILD:-build}")/bin/create-diff-object
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compile_fixtures "$work" "$here/fixtures" end-moved
kbuild_module "$work/patched" -DPATCHED end-moved.s >/dev/null 2>&1
cd "$work"
failed=0
complain() { failed=1; echo "FAIL: $*"; }
ld -r -o object.o original/end-moved.o

# assemble_with NAME SED: NAME.o, of the text after SED
assemble_with()
{
	{ sed "$2" patched/end-moved.s; printf '\t.globl %s\n' one two between; } >"$1.s"
	"$cc" -c -o "$1.o" "$1.s"
}

# compare STATUS NAMES
compare()
{
	local status=0

	# shellcheck disable=SC2046 # words
	"$differ" --object fixture --object-file object.o --symvers "$symvers" --json json \
		$(objtool_option original/end-moved.o) -o out.o --names "$2" original/end-moved.o patched/end-moved.o \
		>log 2>&1 || status=$?
	[ "$status" = "$1" ] || { complain "$2: exit status $status"; cat log; }
}
# "symbol+addend" of the relocations of a function that name one of the three
references() { readelf -rW out.o | awk -v s="'.rela.text.$1'" '/^Reloc/ { on = index($0, s) } on && $5 ~ /(one|two|between)/ { print $5 $6 $7 }' | sort -u | tr '\n' ' '; }

expect() { [ "$2" = "$3" ] || complain "$1: '$3' instead of '$2'"; }

assemble_with right ''
compare 0 right.o
expect "ends of arrays" 'one.klp.fixture.0+0 one.klp.fixture.0+20 two.klp.fixture.0+0 two.klp.fixture.0+20 ' \
	"$(references subject)"
expect "by index" 'two.klp.fixture.0+0 ' "$(references indexed)"
expect "one place" 'between-4 one.klp.fixture.0+4 two.klp.fixture.0-4 ' "$(references exact)"

rm out.o
problems() { jq -r '[.diagnostics[] | "\(.code) \(.function)"] | sort | join(" ")' json; }
assemble_with longer '/^subject:/,/^\t\.size\tsubject/s/^\tcall\ttake.*/&\n\tnop/'
compare 2 longer.o
expect "another length" 'KS127 subject' "$(problems)"
assemble_with elsewhere 's/\$two+32/$one/'
compare 2 elsewhere.o
expect "another place" 'KS127 subject' "$(problems)"
echo >empty.o
compare 1 empty.o
expect "no object" KS910 "$(jq -r '.diagnostics[].code' json)"
[ ! -e out.o ] || complain "there is an output"
exit $failed
