#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: changed exit functions (fixtures exit, exit-used, init-exit), and changed functions that ftrace can't
#   redirect and that init code calls (init-calls-notrace) or whose address it has passed on
#   (init-keeps-address), once in a module and once in vmlinux.
# Prevents: a fix that is refused because of code that never runs, as vmlinux is never unloaded, or that has
#   already run; and a fix that is silently left out although code that has run has stored the old function's
#   address.
# Fails if: an exit function counts in vmlinux, or doesn't count in a module, or init code counts in neither; or
#   a call by vmlinux's init code counts, or an address that it uses doesn't.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
top=$here/../..
# shellcheck source=test/differ/lib/compile.sh
. "$here/lib/compile.sh"
differ=$(cd "$top" && readlink -f "${BUILD:-build}")/bin/create-diff-object
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compile_fixtures "$work" "$here/fixtures" exit exit-used init-exit \
	init-calls-notrace init-keeps-address

# expect OBJECT FIXTURE OUTCOME: result and codes of the fixture as part of the object
expect()
{
	local found

	"$differ" --object "$1" --json "$work/json" "$work/original/$2.o" "$work/patched/$2.o" \
		>/dev/null 2>&1 || true
	found=$(jq -r '[.result] + ([.diagnostics[].code] | sort) | join(" ")' "$work/json")
	[ "$found" = "$3" ] || { echo "FAIL: $2 in $1: expected '$3', found '$found'"; exit 1; }
}

expect fixture init-exit "refused KS103 KS103"
expect vmlinux init-exit "refused KS103 KS103"
expect fixture exit-used "refused KS124 KS124 KS124"
expect vmlinux exit-used "unchanged"
expect fixture exit "changed"
expect vmlinux exit "unchanged"

expect fixture init-calls-notrace "refused KS102"
expect vmlinux init-calls-notrace "changed"
expect fixture init-keeps-address "refused KS102 KS102 KS102"
expect vmlinux init-keeps-address "refused KS102 KS102 KS102"
