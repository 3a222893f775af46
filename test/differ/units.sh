#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a patch changes three units of one module together: one adds a function and a variable that another
#   one uses, and makes a static function and variable global that it uses; two of them have static functions of
#   one name.
# Prevents: a link that fails or that resolves a reference to the wrong unit's function; a variable that exists
#   twice; new code that can't use definitions of another unit.
# Fails if: something new isn't defined exactly once after the link, something existing isn't referred to by klp
#   relocation, or a name is resolved to another function than in C.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
top=$here/../..
# shellcheck source=test/differ/lib/compile.sh
. "$here/lib/compile.sh"
differ=$(cd "$top" && readlink -f "${BUILD:-build}")/bin/create-diff-object
units=(first second third)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compile_fixtures "$work" "$here/units" "${units[@]}"
cd "$work"
failed=0

complain()
{
	failed=1
	echo "FAIL: $*"
}

ld -r -o object.o original/first.o original/second.o original/third.o
for unit in "${units[@]}"; do
	"$differ" --object fixture --object-file object.o --symvers "$symvers" --json "$unit.json" \
		-o "$unit.o" "original/$unit.o" "patched/$unit.o" >log 2>&1 ||
		{ complain "$unit: exit status $?"; cat log; }
done
ld -r -o linked.o first.o second.o third.o || complain "the outputs don't link"

# symbol NAME: "BIND TYPE SECTION" of each symbol of that name
symbol() { readelf -sW linked.o | awk -v n="$1" '$8 == n { print $5, $4, $7 == "UND" ? "UND" : "defined" }' | sort; }

expect_symbol()
{
	local want=$2 have

	have=$(symbol "$1" | tr '\n' ';')
	[ "$have" = "$want" ] || complain "$1: '$have' instead of '$want'"
}

expect_symbol added "GLOBAL FUNC defined;"
expect_symbol added_count "GLOBAL OBJECT defined;"
expect_symbol count "GLOBAL NOTYPE UND;"
# the new code of first.c, the third unit's own, and the one that the second unit calls
expect_symbol opened "GLOBAL NOTYPE UND;LOCAL FUNC defined;LOCAL FUNC defined;"

# the third unit's new one is global; the first one's old one keeps out of its way
expect_symbol closed "GLOBAL FUNC defined;"
expect_symbol closed.klp.fixture.0 "GLOBAL NOTYPE UND;"

reference() { jq -r --arg n "$2" '.references[] | select(.name == $n) | "\(.object),\(.sympos)"' "$1.json"; }

[ "$(reference first opened)" = fixture,0 ] || complain "first.c: no klp reference to 'opened'"
[ "$(reference first count)" = fixture,0 ] || complain "first.c: no klp reference to 'count'"
# each its own "helper"
for unit in second third; do
	readelf -sW object.o | awk -v f="$unit.c" '
		$4 == "FILE" { file = $8 } $8 == "helper" { n++; if (file == f) print n }' >want
	{ [ -s want ] && [ "$(reference $unit helper)" = "fixture,$(cat want)" ]; } ||
		complain "$unit.c: helper is '$(reference $unit helper)', should be number $(cat want)"
done
exit $failed
