#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: two fixtures, and kernel objects made of them in which a name is not what it seems.
# Prevents: comparing units that don't belong together; patching, or referring to, a wrong one of several
#   functions of one name; an output that was made without the kernel's files.
# Fails if: a case is not refused with its code, an output is left, or a position is counted wrongly.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
top=$here/../..
# shellcheck source=test/differ/lib/compile.sh
. "$here/lib/compile.sh"
differ=$(cd "$top" && readlink -f "${BUILD:-build}")/bin/create-diff-object
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compile_fixtures "$work" "$here/fixtures" changed new renumbered weak ledger-scope
cd "$work"
failed=0

complain()
{
	failed=1
	echo "FAIL: $*"
}

# refused NAME STATUS CODE ARGUMENT…
refused()
{
	local name=$1 want=$2 code=$3 status=0
	shift 3

	"$differ" --json result.json "$@" >log 2>&1 || status=$?
	[ $status = "$want" ] || complain "$name: exit status $status, not $want"
	jq -e --arg c "$code" 'any(.diagnostics[]; .code == $c)' result.json >/dev/null ||
		{ complain "$name: no $code"; cat log; }
	[ ! -e out.o ] || { complain "$name: there is an output"; rm out.o; }
}

whole=(--object fixture --symvers "$symvers" -o out.o)
o=original/changed.o
p=patched/changed.o

refused "two units" 1 KS101 original/changed.o original/new.o
refused "no object file" 1 KS121 --symvers "$symvers" -o out.o $o $p
refused "no symvers" 1 KS121 --object-file $o -o out.o $o $p
refused "another object" 2 KS112 "${whole[@]}" --object-file original/new.o $o $p
refused "no such file" 1 KS901 "${whole[@]}" --object-file nowhere $o $p
echo '[1, 2' >half.json
echo '[1, 2]' >list.json
refused "half a map of lines" 1 KS185 --lines half.json $o $p
refused "a list as map of lines" 1 KS185 --lines list.json $o $p
refused "no map of lines" 1 KS185 --lines nowhere $o $p

# Debug information has the numbers that #line gave; people have the patched source.
line_of() { jq '.functions[] | select(.name == "subject").line' result.json; }
"$differ" --json result.json --source-root "$work/patched" $o $p >log
line=$(line_of)
[ "${line:-0}" -gt 9 ] || complain "subject is in line ${line:-none}"
echo "{\"changed.c\": [[1, 5, 1], [$((line - 2)), 4, 1100], [$((line + 2)), 9, 7]], \"new.c\": [[$line, 1, 3]]}" >map.json
"$differ" --json result.json --source-root "$work/patched" --lines map.json $o $p >log
[ "$(line_of)" = 1102 ] || complain "by the map, subject is in line 1102, not $(line_of)"
echo '{"changed.c": [["a", {}], 7, [1, 2, 1100], []], "new.c": 7}' >map.json
"$differ" --json result.json --source-root "$work/patched" --lines map.json $o $p >log
[ "$(line_of)" = "$line" ] || complain "by a map without it, subject is in line $line, not $(line_of)"

# Two units of one file name, with the same local names: which "helper" is ours?
renames=(--redefine-sym subject=subject2 --redefine-sym neighbour=neighbour2
	 --redefine-sym global_counter=global_counter2)
objcopy "${renames[@]}" $o twin.o
# (objtool names each padding globally; the linker has to take the first)
ld -r -z muldefs -o twins.o twin.o $o
refused "two alike" 2 KS112 "${whole[@]}" --object-file twins.o $o $p

# With another local name in one of them the file's block tells; and a global symbol of the same
# name counts too, wherever it stands in the table.
objcopy "${renames[@]}" --redefine-sym counter=another_counter $o twin.o
objcopy --redefine-sym subject=helper --redefine-sym neighbour=n3 --redefine-sym helper=h3 \
	--redefine-sym global_counter=g3 --redefine-sym counter=c3 $o global.o
ld -r -z muldefs -o three.o twin.o $o global.o
"$differ" --json result.json "${whole[@]}" --object-file three.o $o $p >log ||
	{ complain "positions: refused"; cat log; }
position=$(jq '.references[] | select(.name == "helper").sympos' result.json)
want=$(readelf -sW three.o | awk '$8 == "helper" { n++; if ($5 == "LOCAL") last = n } END { print last }')
{ [ "$position" = "$want" ] && [ "$want" -gt 1 ]; } ||
	complain "positions: helper is number ${position:-none}, should be $want (more than 1)"
rm -f out.o

# The compiler's number of a clone means nothing.
objcopy --redefine-sym old.constprop.0=old.constprop.7 patched/renumbered.o renumbered.o
"$differ" --json result.json --object fixture original/renumbered.o renumbered.o >log ||
	{ complain "renumbered: refused"; cat log; }
[ "$(jq -r '[.functions[] | select(.status != "new").name] | join(" ")' result.json)" = subject ] ||
	{ complain "renumbered: a clone was taken for another function"; cat log; }

# A weak function that another unit overrides is not in the kernel.
printf '%s\n' '.text' '.globl weak_subject' '.type weak_subject, @function' 'weak_subject: ret' \
	'.size weak_subject, 1' '.section .note.GNU-stack' >strong-one.s
as -o strong-one.o strong-one.s
ld -r -z muldefs -o strong.o original/weak.o strong-one.o
refused "weak, overridden" 3 KS363 "${whole[@]}" --object-file strong.o original/weak.o patched/weak.o
objcopy --localize-symbol weak_subject patched/weak.o strong-weak.o
objcopy --globalize-symbol weak_subject strong-weak.o
refused "weak, now strong, overridden" 2 KS120 "${whole[@]}" --object-file strong.o original/weak.o strong-weak.o

# Code that changes, under a name that is that of nothing: no size, as if written by hand. Alone in
# its section it is the name's; before another function nobody says where it ends.
nameless() { printf '%s\n' '.section .text.f, "ax"' '.globl f' '.type f, @function' 'f: call __fentry__' "$@" ret \
	'.globl g' '.type g, @function' 'g: call __fentry__' ret '.size g, .-g' \
	'.section __mcount_loc, "a"' '.quad f' '.quad g'; }
nameless | as -o unnamed.o -
nameless nop | as -o unnamed-patched.o -
refused "no name" 2 KS160 "${whole[@]}" --object-file unnamed.o unnamed.o unnamed-patched.o

# Damaged at every length: an error, never a crash, and nothing written.
size=$(stat -c %s $p)
for ((i = 0; i < 100; i++)); do
	head -c $((size * i / 100)) $p >cut.o
	status=0
	"$differ" "${whole[@]}" --object-file $o $o cut.o >log 2>&1 || status=$?
	[ $status = 1 ] || { complain "cut off at $i%: exit status $status"; cat log; }
	[ ! -e out.o ] || complain "cut off at $i%: there is an output"
done
# Nor may a weak definition get strong that another unit overrides.
o=original/ledger-scope.o
p=patched/ledger-scope.o
sed s/weak_subject/strengthened/g strong-one.s | as -o strong-two.o -
objcopy --weaken-symbol strengthened $o weak-two.o
ld -r -o overridden-two.o strong-two.o weak-two.o
refused "strong in another unit" 2 KS163 "${whole[@]}" --object-file overridden-two.o $o $p

# What no pass looks at is a difference all the same: each of these is named by the ledger.
# unaccounted NAME OBJCOPY-OPTION…
unaccounted()
{
	local name=$1
	shift

	objcopy "$@" original/changed.o altered.o
	refused "$name" 2 KS160 "${whole[@]}" --object-file original/changed.o original/changed.o altered.o
	[ "$(jq '[.ledger.entries[] | select(.code == "KS160")] | length' result.json)" = 1 ] ||
		complain "$name: not one entry of the ledger: $(jq -c '.ledger.entries' result.json)"
}
echo another compiler >comment
section=$(nm -f sysv original/changed.o | awk -F'|' '$1 ~ /^subject *$/ { gsub(/ /, "", $7); print $7 }')
unaccounted "another compiler" --update-section .comment=comment
unaccounted "a note of the build" --add-section .note.strange=comment
unaccounted "a list that nothing loads" --add-section .strange=comment
unaccounted "a label in a function" --add-symbol "strange=$section:1,local,function"
unaccounted "a symbol's type" --add-symbol "strange=$section:1,global,object"
unaccounted "a number with a name" --add-symbol strange=5,global
objcopy --add-symbol "strange=$section:1,global,object" original/changed.o altered.o
"$differ" --ledger --object fixture original/changed.o altered.o >log 2>&1 && complain "--ledger: accepted"
grep -q "refused .*function 'subject'.*strange.*KS160" log || { complain "--ledger: doesn't say it"; cat log; }

exit $failed
