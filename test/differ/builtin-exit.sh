#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: an exit function changes (fixture init-exit), once in a module and once in vmlinux.
# Prevents: a fix refused because of a function that never runs, as vmlinux never goes.
# Fails if: the exit function counts for vmlinux, or doesn't for a module, or init counts for neither.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
top=$here/../..
# shellcheck source=test/differ/lib/compile.sh
. "$here/lib/compile.sh"
differ=$(cd "$top" && readlink -f "${BUILD:-build}")/bin/create-diff-object
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compile_fixtures "$work" "$here/fixtures" init-exit

# codes OBJECT: the codes with which the unit is refused as part of it
codes()
{
	"$differ" --object "$1" --json "$work/json" "$work/original/init-exit.o" \
		"$work/patched/init-exit.o" >/dev/null 2>&1 || true
	jq -r '[.diagnostics[].code] | sort | join(" ")' "$work/json"
}

[ "$(codes fixture)" = "KS103 KS103 KS124" ] || { echo "FAIL: module: $(codes fixture)"; exit 1; }
[ "$(codes vmlinux)" = "KS103 KS103" ] || { echo "FAIL: vmlinux: $(codes vmlinux)"; exit 1; }
