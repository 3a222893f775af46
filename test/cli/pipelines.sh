#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: doc/pipelines.md, from which users copy.
# Prevents: a pipeline that fails at its first run because an option, an outcome or a folder has another name
#   now.
# Fails if: the page has an option that the tool doesn't accept, an outcome or exit that it doesn't give, JSON
#   that can't be parsed, or a folder of the cache that isn't in the manual.
set -euo pipefail

cd "$(dirname "$(readlink -f "$0")")/../.."
page=doc/pipelines.md
bin=$(readlink -f "${BUILD:-build}")/bin
failed=0
complain() { echo "FAIL: $*"; failed=1; }

help=$("$bin/kpatch-build" --help)
for option in $(grep -E 'kpatch-build .*--' $page | grep -oE -- '--[a-z][-a-z]+' | sort -u); do
	grep -qe "$option" <<<"$help" || complain "kpatch-build doesn't know $option"
done
mapfile -t outcomes < <(sed -n 's/^`outcome` is \(.*\)\. `result`.*/\1/p' $page | grep -o '`[^`]*`' | tr -d '`' | grep -v -e '^--')
[ "${#outcomes[@]}" -ge 5 ] || complain "the page's outcomes aren't found: ${outcomes[*]}"
for outcome in "${outcomes[@]}"; do
	[ "$outcome" = why ] || grep -q "\"$outcome\", [0-9]" kpatch-build/many-kernels.c || complain "no kernel is '$outcome'"
done
sed -n '/^```json$/,/^```$/p' $page | grep -v '^```' | jq -e '.kernels[0].kernel' >/dev/null || complain "the JSON example"
for folder in debs root source build units core; do
	grep -q "$folder/" $page && grep -q "$folder/" man/kpatch-build.1 || complain "the cache's folder $folder"
done
for exit in 0 1 2 3; do
	grep -q "^| $exit | " $page || complain "exit status $exit"
done
exit $failed
