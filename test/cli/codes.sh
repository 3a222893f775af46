#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: every refusal has a code, and the table gives the reason and the remedy.
# Prevents: a code that --explain doesn't know; a row that nothing reports any more; a refusal without a test.
# Fails if: sources and table don't name the same codes, a row lacks a text, or no test expects a code.
set -uo pipefail

cd "$(dirname "$0")/../.." || exit
failed=0
complain() { echo "$*"; failed=1; }

# Codes that a test expects: in fixtures the "expect codes" lines, elsewhere all that is no comment.
# The corpus only sorts what it meets.
expected()
{
	sed -n 's/^ \* expect codes: *//p' test/differ/fixtures/*.c
	find test -name corpus -prune -o -name fixtures -prune -o \( -name '*.[ch]' -o -name '*.sh' -o \
		-name '*.conf' \) -type f ! -name codes.sh -print0 |
		xargs -0 sed -E '/^[[:space:]]*(#|\/?\*|\/\/)/d; s/[[:space:]](#|\/\*|\/\/)[[:space:]].*//'
}

codes() { grep -ohE '"KS[0-9]{3}"' "$@" | tr -d '"' | sort -u; }
table=$(codes lib/diag-codes.c)
expected=$(expected | grep -oE '\bKS[0-9]{3}\b' | sort -u)
mapfile -t sources < <(find lib create-diff-object klp-relocs kpatch-build kpatch -name '*.[ch]' \
	! -name diag-codes.c ! -name diag.h)
used=$(codes "${sources[@]}")

for code in $(comm -13 <(echo "$table") <(echo "$used")); do
	complain "$code is reported but has no row in lib/diag-codes.c"
done
for code in $(comm -23 <(echo "$table") <(echo "$used")); do
	complain "$code has a row in lib/diag-codes.c but nothing reports it"
done
for code in $table; do
	grep -qx "$code" <<<"$expected" || complain "$code: no test expects it"
	"${BUILD:-build}/bin/kpatch-build" --explain "$code" | grep -q "$code" ||
		complain "kpatch-build --explain $code doesn't know it"
done
exit $failed
