#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a global function that ftrace can't redirect changes in one unit; another, unchanged unit calls it
#   from a function that can't be redirected either. Others have another name, or their address is used.
# Prevents: a caller that continues to call the old function, and one that is linked to it although it is
#   replaced.
# Fails if: the differ accepts the change if it isn't told of callers in other units; or, if told, it doesn't
#   replace exactly the functions that lead to it, or they don't call the new one after linking; or it accepts
#   the function with another name or with a pointer to it.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
top=$here/../..
# shellcheck source=test/differ/lib/compile.sh
. "$here/lib/compile.sh"
differ=$(cd "$top" && readlink -f "${BUILD:-build}")/bin/create-diff-object
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compile_fixtures "$work" "$here/callers" helper caller
cd "$work"
failed=0
complain() { failed=1; echo "FAIL: $*"; }
ld -r -o object.o original/helper.o original/caller.o

# diff_unit STATUS UNIT OPTION…
diff_unit()
{
	local want=$1 unit=$2 status=0
	shift 2

	# shellcheck disable=SC2046 # words
	"$differ" --object fixture --object-file object.o --symvers "$symvers" --json "$unit.json" \
		$(objtool_option original/helper.o) -o "$unit.o" "$@" "original/$unit.o" "patched/$unit.o" >log 2>&1 || status=$?
	[ "$status" = "$want" ] || { complain "$unit $*: exit status $status"; cat log; }
}
problems() { jq -r '[.diagnostics[] | "\(.code) \(.message)"] | sort | join("; ")' "$1.json"; }
functions() { jq -r --arg status "$2" '[.functions[] | select(.status == $status).name] | sort | join(" ")' "$1.json"; }
expect() { [ "$2" = "$3" ] || complain "$1: '$3' instead of '$2'"; }

diff_unit 2 helper
expect "untold" "KS102 'helper'; KS102 'named'; KS102 'pointed'" "$(problems helper)"
diff_unit 3 caller

diff_unit 2 helper --callers-of helper --callers-of pointed --callers-of named
expect "with another name" "KS102 'named'" "$(problems helper)"
diff_unit 2 caller --callers-of pointed
expect "pointed to" "KS102 'pointed'" "$(problems caller)"
jq -r '.diagnostics[].details[]' caller.json | grep -q "its address is used by 'points'" || complain "who points to it isn't said"

# only that one changes: what the patch does to the others is taken back
mkdir sources
sed 's/x \* N/x * 3/; s/x - N/x - 3/' "$here/callers/helper.c" >sources/helper.c
cp "$here/callers/caller.c" sources/
compile_fixtures "$work" sources helper caller
diff_unit 0 helper --callers-of helper
expect "new" "helper" "$(functions helper new)"
expect "changed with it" "here" "$(functions helper changed)"
diff_unit 0 caller --callers-of helper
expect "new beside the caller" "between" "$(functions caller new)"
expect "its callers" "there" "$(functions caller changed)"
expect "why" "there between" "$(jq -r '.functions[] | select(.leads_to) | "\(.name) \(.leads_to)"' caller.json)"
ld -r -o linked.o helper.o caller.o || complain "the units don't link"
expect "who is called" "GLOBAL FUNC defined" \
	"$(readelf -sW linked.o | awk '$8 == "helper" { print $5, $4, $7 == "UND" ? "UND" : "defined" }')"
exit $failed
