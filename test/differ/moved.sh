#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: functions move from one unit to another and change; one uses a static variable of the file, one has a
#   static local, one was freed after init, one has an alias.
# Prevents: a variable that starts anew although the running kernel has it; and a function that replaces a wrong
#   one.
# Fails if: a function that was not declared as moved counts as moved, or a variable that can't be followed
#   isn't refused.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
top=$here/../..
# shellcheck source=test/differ/lib/compile.sh
. "$here/lib/compile.sh"
differ=$(cd "$top" && readlink -f "${BUILD:-build}")/bin/create-diff-object
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failed=0
complain() { failed=1; echo "FAIL: $*"; }

# compile WHICH SED: the units, after the sed script
compile()
{
	rm -rf sources original patched
	mkdir sources
	for unit in from to; do sed "$1" "$here/moved/$unit.c" >"sources/$unit.c"; done
	compile_fixtures "$work" sources from to
	ld -r -o object.o original/from.o original/to.o
}

# expect WHAT STATUS CODES NAME…: of to.o, with these named as moved
expect()
{
	local what=$1 want=$2 codes=$3 status=0 moved=() found
	shift 3

	for name; do moved+=(--moved "$name=original/from.o"); done
	# shellcheck disable=SC2046 # words
	"$differ" --object fixture --object-file object.o --symvers "$symvers" --json to.json \
		$(objtool_option original/to.o) -o to.o "${moved[@]}" original/to.o patched/to.o >log 2>&1 || status=$?
	found=$(jq -r '[.diagnostics[] | select(.severity == "error").code] | unique | join(" ")' to.json)
	[ "$status $found" = "$want $codes" ] || { complain "$what: $status $found"; cat log; }
}
changed() { jq -r '[.functions[] | select(.status == "changed").name] | sort | join(" ")' to.json; }

compile '/alias/d'
expect "a static local" 2 KS360 plain total counting
# counting() isn't named as moved, so its static local may be the one of from.c
expect "without its variable" 2 "KS170 KS360" plain
expect "gone after init" 2 KS359 early
compile '/alias/d; /^int counting(int x)$/,/^}/d; /^int .*early(int x)$/,/^}/d; /early/d; s/counting(x)/x/'
expect "with its variable" 0 "" plain total
[ "$(changed)" = "plain uses" ] || complain "replaced: $(changed)"
jq -e 'any(.references[]; .name == "total")' to.json >/dev/null || complain "the variable isn't the running one"
compile '/^int counting(int x)$/,/^}/d; /^int .*early(int x)$/,/^}/d; /early/d; s/counting(x)/x/'
expect "an alias" 2 KS359 plain total
exit $failed
