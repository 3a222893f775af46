#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: each file in fixtures/ is a unit and its patched version (#ifdef PATCHED), compiled by the kernel's
#   own compiler with the kernel's own flags.
# Prevents: a change that is missed, a copy of something that the running kernel has, a missing refusal, an
#   output that lacks a table entry.
# Fails if: create-diff-object's exit status, its JSON or its output object differ from the fixture's "expect"
#   lines; or, with all fixtures, if the ledger's table has a row without which no difference would have another
#   fate.
#
# expect lines, all optional but the first; words are separated by blanks:
#   expect result: changed | unchanged | refused | error
#   expect changed|new|removed: FUNCTION…    exactly these functions
#   expect data: VARIABLE…                   exactly these new variables (names without ".N")
#   expect codes: CODE…                      exactly these codes, in any order
#   expect refs: OBJECT:NAME…                these klp references are there (names without ".N")
#   expect norefs: NAME…                     these are not
#   expect undefined: NAME…                  these stay ordinary undefined symbols
#   expect entries: SECTION=BYTES…           size of a section in the output; 0: not there
#   expect relocs: SECTION=N…                relocations of it
#   expect details: USER…                    a "used by" below some diagnostic names each
#   expect callbacks: KIND:FUNCTION…         exactly these
#   expect states: ID:VERSION…               exactly these
#   expect symbols: NAME…                    global functions of the output
#   expect ids: KIND__NAME…                  BTF ids that the output names, to be filled in
#   expect place: FILE:FUNCTION              a diagnostic is at this place (one without a line fails)
#   expect ledger: none                      nothing was compared
#   expect ledger: NAME:DIFFERS:RULE…        the ledger has such entries (RULE: the code if a pass refused it)
# The object that the unit is part of:
#   object: NAME                             another one than "fixture", a module
#   object has: NAME…                        strong functions of other units
#   object lacks: __this_module              what modpost gives each module
# What kpatch-build tells the differ of the source, which a fixture has only one of:
#   words lost: WORD…    words gained: WORD…    words fewer: WORD…
# "expect KEY on 6.12:" takes the place of "expect KEY:" for that kernel (KERNEL=6.12).
# "NAME?" is expected where the patched unit has it (NAME:…? where it has a section NAME): macros of some kernels make more than of others.
# usage: fixtures.sh [NAME…]
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
top=$here/../..
# shellcheck source=test/differ/lib/compile.sh
. "$here/lib/compile.sh"
build=$(cd "$top" && readlink -f "${BUILD:-build}")
differ=$build/bin/create-diff-object
with_rows=$build/test/differ/ledger-rows

names=("$@")
[ $# -gt 0 ] || mapfile -t names < <(cd "$here/fixtures" && printf '%s\n' *.c | sed 's/\.c$//')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
compile_fixtures "$work" "$here/fixtures" "${names[@]}"

# has FILE NAME: a symbol or a section
# (All input is read: who writes it would be killed by SIGPIPE, which pipefail takes for "no".)
has() { { nm "$1"; readelf -SW "$1"; } | grep " $2\( .*\)\?$" >/dev/null; }
expected()
{
	local word key=$2

	! grep -q "^ \* expect $2 on ${KERNEL:-6.1}:" "$here/fixtures/$1.c" || key="$2 on ${KERNEL:-6.1}"
	for word in $(sed -n "s/^ \* expect $key: *//p" "$here/fixtures/$1.c"); do
		[[ $word != *'?' ]] || has "$work/patched/$1.o" "${word%%[:?]*}" || continue
		echo "${word%'?'}"
	done | sort
}
words() { sed -n 's/^ \* words lost: */-/p; s/^ \* words gained: */+/p; s/^ \* words fewer: */</p' "$here/fixtures/$1.c" | sed -E ':a; s/^(.)([^ ]+) +/\1\2\n\1/; P; D'; }
# said NAME KEY: what the fixture says of its object
said() { sed -n "s/^ \* $2: *//p" "$here/fixtures/$1.c"; }
plain() { sed -E 's/\.[0-9]+$//; s/^(__UNIQUE_ID_[a-z]+)[0-9]+$/\1/' | sort; }

# link_object NAME: the unit with functions of other units
link_object()
{
	local word

	echo '.section .note.GNU-stack; .text' >"$work/others.s"
	[ -n "$(said "$1" "object lacks")" ] ||
		echo '.section .gnu.linkonce.this_module,"aw"; .globl __this_module; .type __this_module, @object
			__this_module: .zero 64; .size __this_module, 64; .text' >>"$work/others.s"
	for word in $(said "$1" "object has"); do
		printf '.globl %s\n.type %s, @function\n%s: ret\n.size %s, 1\n' "$word" "$word" "$word" "$word"
	done >>"$work/others.s"
	"$cc" -c -o "$work/others.o" "$work/others.s"
	ld -r -o "$work/object.o" "$work/original/$1.o" "$work/others.o"
}

complain()
{
	failed=$((failed + 1))
	echo "FAIL: $name: $*"
}

# same KEY FILTER: the words that the fixture expects are those that jq finds
same()
{
	local want have

	want=$(expected "$name" "$1")
	have=$(jq -r "$2" "$json" | plain)
	[ "$want" = "$have" ] || complain "$1: expected '${want//$'\n'/ }', got '${have//$'\n'/ }'"
}

# all sections of that name together
section_bytes()
{
	local total=0 size

	for size in $(readelf -SW "$1" | sed 's/^ *\[ *[0-9]*\]//' |
		      awk -v s="$2" '$1 == s { print $5 }'); do
		total=$((total + 16#$size))
	done
	echo $total
}

made_by_objtool=".orc_unwind .orc_unwind_ip .static_call_sites .call_sites .return_sites"
made_by_objtool+=" .retpoline_sites .ibt_endbr_seal"

# those of all sections of that name; sections' sizes are in hexadecimal
section_relocs()
{
	echo $(($(section_bytes "$1" ".rela$2") / 24))
}

check_output()
{
	local word size

	for word in $(expected "$name" undefined); do
		readelf -sW "$output" | grep " UND $word\$" >/dev/null || complain "'$word' is not undefined"
		jq -e --arg n "$word" 'any(.references[]; .name == $n) | not' "$json" >/dev/null ||
			complain "'$word' is a klp reference"
	done
	for word in $(expected "$name" refs); do
		jq -e --arg o "${word%%:*}" --arg n "${word#*:}" \
			'any(.references[]; .object == $o and (.name | sub("\\.[0-9]+$"; "")) == $n)' \
			"$json" >/dev/null || complain "no klp reference to $word"
	done
	for word in $(expected "$name" norefs); do
		jq -e --arg n "$word" 'any(.references[]; (.name | sub("\\.[0-9]+$"; "")) == $n) | not' \
			"$json" >/dev/null || complain "a klp reference to $word"
	done
	for word in $(expected "$name" symbols); do
		readelf -sW "$output" | grep " FUNC  *GLOBAL .* $word\$" >/dev/null || complain "no function '$word'"
	done
	for word in $(expected "$name" ids); do
		readelf -sW "$output" | grep " __BTF_ID__${word}__[0-9]*\$" >/dev/null || complain "no BTF id '$word'"
	done
	for word in $(expected "$name" entries); do
		[ -z "$objtool" ] || [[ " $made_by_objtool " != *" ${word%=*} "* ]] || continue
		size=$(section_bytes "$output" "${word%=*}")
		[ "$size" = "${word#*=}" ] || complain "${word%=*} has $size bytes, not ${word#*=}"
	done
	for word in $(expected "$name" relocs); do
		size=$(section_relocs "$output" "${word%=*}")
		[ "$size" = "${word#*=}" ] || complain "${word%=*} has $size relocations, not ${word#*=}"
	done
	# What it will make of the linked module it finds there already, and leaves the rest out.
	if [ -n "$objtool" ]; then
		for word in $made_by_objtool; do
			[ "$(section_bytes "$output" "$word")" = 0 ] || complain "objtool's $word is there"
		done
	fi
	# Where objtool ran, the new code can be unwound: as many addresses (4 bytes) as entries (6).
	if [ -z "$objtool" ] && [ "$(section_bytes "$work/patched/$name.o" .orc_unwind)" -gt 0 ]; then
		size=$(section_bytes "$output" .orc_unwind)
		{ [ "$size" -gt 0 ] &&
			[ $((size / 6)) = $(($(section_bytes "$output" .orc_unwind_ip) / 4)) ]; } ||
			complain "ORC tables don't match"
	fi
	# What the driver does next: the linker has to take it.
	ld -r -o "$work/linked.o" "$output" || complain "ld -r refuses the output"
}

# Each row has a difference that would fare otherwise if the row were not there.
check_rows()
{
	local row name=ledger-rules.c

	LEDGER_TABLE=1 "$with_rows" >"$work/table"
	[ -z "$(sort "$work/table" | uniq -d)" ] || complain "two rows called $(sort "$work/table" | uniq -d)"
	while read -r row; do
		awk -F'\t' -v r="$row" '$1 == r && $2 != $3 { found = 1 } END { exit !found }' "$work/rows" ||
			complain "no fixture needs the row '$row'"
	done <"$work/table"
}

failed=0
for name in "${names[@]}"; do
	before=$failed
	json=$work/$name.json
	output=$work/$name.out.o
	status=0
	words "$name" >"$work/words"
	object=$(said "$name" object)
	link_object "$name"
	objtool=$(objtool_option "$work/patched/$name.o")
	arguments=(${objtool:+"$objtool"} --words "$work/words" --object "${object:-fixture}" --object-file "$work/object.o"
		--symvers "$symvers" --source-root "$work/patched" -o "$output"
		"$work/original/$name.o" "$work/patched/$name.o")
	LEDGER_ROWS=$work/rows "$with_rows" "${arguments[@]}" >/dev/null 2>&1 || true
	rm -f "$output"
	"$differ" --json "$json" "${arguments[@]}" >"$work/log" 2>&1 || status=$?
	case $(expected "$name" result) in
	changed) want=0 ;;
	error) want=1 ;;
	refused) want=2 ;;
	unchanged) want=3 ;;
	*) want="(nothing expected)" ;;
	esac
	[ "$status" = "$want" ] || complain "exit status $status, expected $want"
	if [ -e "$json" ]; then
		[ "$(jq -r .result "$json")" = "$(expected "$name" result)" ] ||
			complain "result '$(jq -r .result "$json")'"
		same codes '.diagnostics[].code'
		[ "$status" = 1 ] || same changed '.functions[] | select(.status == "changed").name'
		[ "$status" = 1 ] || same new '.functions[] | select(.status == "new").name'
		[ "$status" = 1 ] || same removed '.functions[] | select(.status == "removed").name'
		[ "$status" = 1 ] || same data '.data[] | select(.status == "new").name'
		[ "$status" != 0 ] || same callbacks '.callbacks[] | .kind + ":" + .name'
		[ "$status" != 0 ] || same states '.states[] | .id + ":" + (.version | tostring)'
		for word in $(expected "$name" details); do
			jq -e --arg w "used by $word" \
				'any(.diagnostics[].details[]; . == $w or startswith($w + " "))' \
				"$json" >/dev/null || complain "no detail '$word'"
		done
		if [ "$(expected "$name" ledger)" = none ]; then
			jq -e '.ledger.entries // [] | length == 0' "$json" >/dev/null || complain "there is a ledger"
			compared=
		else
			compared=1
		fi
		for word in ${compared:+$(expected "$name" ledger)}; do
			jq -e --arg w "$word" 'any(.ledger.entries[]; $w ==
				"\(.name | sub("\\.[0-9]+$"; "")):\(.differs):\(.rule // .code)")' \
				"$json" >/dev/null || complain "the ledger has no entry $word"
		done
		[ "$status" = 1 ] || [ -z "$compared" ] || jq -e '.ledger | (.entries | length) ==
			.carried + .irrelevant + .refused' "$json" >/dev/null || complain "the ledger doesn't add up"
		for place in $(expected "$name" place); do
			jq -e --arg f "${place%%:*}" --arg n "${place#*:}" \
				'any(.diagnostics[]; .file == $f and .line > 0 and .function == $n)' \
				"$json" >/dev/null || complain "no diagnostic at $place"
		done
	fi
	if [ "$status" = 0 ] && [ -e "$output" ]; then
		check_output
	elif [ -e "$output" ]; then
		complain "there is an output although nothing can be done"
	fi
	if [ $failed != $before ]; then
		sed 's/^/    /' "$work/log"
	else
		echo "passed: $name"
	fi
done
[ $# -gt 0 ] || check_rows
[ $failed = 0 ]
