#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a few mutants (test/mutants) that a livepatch can make; one number in the reference's expectation is
#   changed.
# Prevents: an oracle that accepts any output of the module; a seed that doesn't reproduce its mutants.
# Fails if: a changed expectation isn't reported as wrong, or the same SEED gives another text.
set -euo pipefail

top=$(cd "$(dirname "$(readlink -f "$0")")/../.." && pwd)
out=$top/build/mutants/12

SEED=12 N=40 "$top/test/mutants/run" --generate
sum() { (cd "$out" && find . -name '*.json' -o -name '*.[ch]' -o -name fix.patch | sort | xargs cat | sha256sum); }
first=$(sum)
SEED=12 N=40 "$top/test/mutants/run" --generate
[ "$first" = "$(sum)" ] || { echo "FAIL: the same lot gives other mutants"; exit 1; }
rm -rf "$out"

"$top/test/mutants/run" --self-test
