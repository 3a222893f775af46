#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the author's guide, its examples, and the list of codes that the build makes.
# Prevents: a guide that shows text which is in no example, or names things that don't exist; an example without
#   a test; a code that no manual explains.
# Fails if: lines of a diff in the guide are in no example; an example isn't in the guide or in the VM test; a
#   macro, code, link or test that the guide names doesn't exist; or a code is in the tools' table but not in
#   the manual and the installed guide.
set -uo pipefail

cd "$(dirname "$(readlink -f "$0")")/../.." || exit
build=$(readlink -f "${BUILD:-build}")
guide=doc/author-guide.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
complain() { echo "FAIL: $*"; failed=1; }

# --- examples ---------------------------------------------------------------------------------------
# Each shown piece as one line, to be looked for in the examples, each as one line.
awk '/^```diff$/ { on = 1; next } /^```$/ && on { on = 0; print ""; next } on { printf "%s\001", $0 }' $guide >"$work/shown"
for example in doc/examples/*.patch; do
	tr '\n' '\001' <"$example"
	echo
	name=$(basename "$example" .patch)
	grep -qF "[examples/$name.patch](examples/$name.patch)" $guide || complain "the guide doesn't have $name" >&2
	grep -qw -- "$name.patch" test/integration/author/host.sh || complain "no VM test has $name" >&2
done >"$work/examples"
[ -s "$work/shown" ] || complain "no diffs in the guide"
while IFS= read -r piece; do
	grep -qF -- "$piece" "$work/examples" || complain "in no example: $(tr '\001' '\n' <<<"$piece" | head -n 3)"
done <"$work/shown"

# --- what it names ------------------------------------------------------------------------------------
for name in $(grep -oE '\b(KLP_SPLIT|KPATCH)_[A-Z_]*[A-Z]\b' $guide | sort -u); do
	grep -qE "#define ${name}[0-9n]*\b|#define $name" templates/*.h || complain "no macro $name"
done
for file in $(grep -oE '\]\(examples/[^)]*' $guide | sed 's/](//'); do
	[ -f "doc/$file" ] || complain "no $file"
done
for anchor in $(grep -oE '\]\(#[^)]*' $guide | sed 's/](#//'); do
	grep '^##' $guide | tr '[:upper:] ' '[:lower:]-' | sed 's/^#*-//' | tr -dc 'a-z0-9\n-' | grep -qx -- "$anchor" ||
		complain "no section $anchor"
done

# --- codes --------------------------------------------------------------------------------------------
table=$(grep -oE '\.code = "KS[0-9]{3}"' lib/diag-codes.c | grep -oE 'KS[0-9]{3}' | sort -u)
for code in $(grep -oE '\bKS[0-9]{3}\b' $guide | sort -u); do
	grep -qx "$code" <<<"$table" || complain "the guide names $code"
done
for code in $table; do
	grep -q "^\.It Li $code$" "$build/man/klp-split-codes.7" || complain "no $code in klp-split-codes(7)"
	grep -q "^| $code | .* | .* | .* |$" "$build/doc/author-guide.md" || complain "no $code at the end of the guide"
done
exit $failed
