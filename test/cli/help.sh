#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the tools are built; their man pages are in man/.
# Prevents: an option that the manual doesn't describe, or the other way round; a --help that is longer than a
#   screen.
# Fails if: --help has more than 40 lines or 80 columns, an option of --help is not in the man page, the man
#   page has one that --help lacks, or the page has formatting errors.
set -uo pipefail

cd "$(dirname "$0")/../.." || exit
bin=${BUILD:-build}/bin
failed=0
complain() { echo "$*"; failed=1; }

long_options() { grep -oE -e '(^|[^-a-zA-Z0-9])--[a-z][-a-z]+' | grep -oE -e '--[a-z][-a-z]+' | sort -u; }

for tool in kpatch-build create-diff-object klp-relocs kpatch; do
	page=$(ls man/$tool.[18])
	help=$("$bin/$tool" --help) || complain "$tool --help: exit code $?"
	[ "$(wc -l <<<"$help")" -le 40 ] || complain "$tool --help has $(wc -l <<<"$help") lines"
	wide=$(awk 'length > 80' <<<"$help")
	[ -z "$wide" ] || complain "$tool --help is wider than 80 columns: $wide"
	[ -z "$("$bin/$tool" --help 2>&1 >/dev/null)" ] || complain "$tool --help prints to stderr"
	"$bin/$tool" --version | grep -q "$tool" || complain "$tool --version doesn't name the tool"

	options=$(long_options <<<"$help")
	documented=$(LC_ALL=C MANWIDTH=300 man -l "$page" | long_options)
	missing=$(comm -23 <(echo "$options") <(echo "$documented"))
	[ -z "$missing" ] || complain "$page lacks: $missing"

	"$bin/$tool" --no-such-option >/dev/null 2>&1 && complain "$tool accepts --no-such-option"
	[ -n "$("$bin/$tool" --no-such-option 2>&1 >/dev/null)" ] || complain "$tool is silent about a wrong option"
	[ "$("$bin/$tool" -h)" = "$help" ] || complain "$tool -h is not --help"
done

# suggests TEXT TOOL WORDS…: says so, and fails; without TEXT it suggests nothing
suggests()
{
	local text=$1 found
	shift
	found=$("$bin/$1" "${@:2}" 2>&1 >/dev/null) && complain "$*: exit code 0"
	if [ "$text" ]; then
		grep -qF -e "did you mean '$text'?" <<<"$found" || complain "$*: doesn't suggest $text: $found"
	else
		! grep "did you mean" <<<"$found" || complain "$*: suggests something"
	fi
}
suggests load kpatch lload x
suggests unload kpatch unlod x
suggests status kpatch sattus
suggests install kpatch insstall x
suggests "" kpatch frobnicate
suggests --drop kpatch load --drp x
suggests --timeout kpatch load --timout=3 x
suggests --quiet kpatch load --qiet x
suggests "" kpatch load --no-such-option
suggests "" kpatch load --q=3 x
suggests "" kpatch load -- --drp
suggests --kernel kpatch-build --kernl x y.patch
suggests --non-replace kpatch-build --nonreplace y.patch
suggests --symvers create-diff-object --symver=x --symvres y

for page in man/*.[1-8]; do
	warnings=$(LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l "$page" 2>&1 >/dev/null)
	[ -z "$warnings" ] || complain "$page: $warnings"
done
exit $failed
