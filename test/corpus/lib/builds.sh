# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# One build per diff, in a folder of its own, timed, and judged by a machine:
# by exit code and diagnostics (classify.jq), never by a look at the text.
# shellcheck disable=SC2154 # set by test/corpus/run

build_time_limit=900 # seconds; the largest unit takes 20

# What a result depends on besides the diff: results of other tools are made again.
tools_key()
{
	cat "$build"/bin/{kpatch-build,klp-relocs} "$top"/templates/* "$top"/kmod/*.[ch] 2>/dev/null |
		sha256sum | cut -c 1-16
}

differ_key()
{
	sha256sum "$build/bin/create-diff-object" 2>/dev/null | cut -c 1-8
}

# run_driver FOLDER NAME ARGUMENT…: leaves FOLDER/run.json, FOLDER/NAME/ with the modules if it was
# built, FOLDER/units/ and FOLDER/differ for differ_agrees().
run_driver()
{
	local folder=$1 name=$2 status=0 TIMEFORMAT='%R %U %S' wall user system
	shift 2

	rm -rf "$folder"
	mkdir -p "$folder/tmp"
	{ time TMPDIR=$folder/tmp timeout --foreground --kill-after=10 "$build_time_limit" \
		"$build/bin/kpatch-build" --kernel "$release" -j 1 -d --keep \
		--name "$name" --output "$folder/$name" --json "$@" \
		>"$folder/stdout" 2>"$folder/stderr" </dev/null || status=$?; } 2>"$folder/time"
	read -r wall user system < <(tail -n 1 "$folder/time") # before it the shell may tell of a signal
	keep_units "$folder"
	# What isn't one JSON document is kept as text: it tells of a crash.
	jq -s -c 'if length == 1 then .[0] else error end' "$folder/stdout" >"$folder/answer" 2>/dev/null ||
		echo null >"$folder/answer"
	jq -n -c --argjson exit "$status" --argjson seconds "$wall" --argjson user "$user" --argjson system "$system" \
		--slurpfile answer "$folder/answer" --rawfile stderr "$folder/stderr" \
		'{exit: $exit, seconds: $seconds, cpu_seconds: ($user + $system), answer: $answer[0],
			stderr: $stderr[-2000:]}' >"$folder/run.json"
	rm -rf "$folder"/{answer,time,tmp}
}

# The folders of the units, and the differ's commands for them.
keep_units()
{
	local work

	work=$(compgen -G "$1/tmp/kpatch-build-*") || return 0
	mkdir "$1/units"
	mv "$work"/unit-* "$1/units/" 2>/dev/null || true
	sed -n "s|^ *\([^ ]*create-diff-object .*\)|\1|p" "$1/stderr" | sed "s|$work/|$1/units/|g" >"$1/differ"
}

# Does the differ of today make of the same objects what it made then? The rest follows from that.
differ_agrees()
{
	local folder=$work/builds/$1 command unit

	[ -s "$folder/differ" ] || return 1
	while read -r command; do
		unit=${command##* -o }
		unit=${unit%%/out.o *}
		rm -rf "$unit/before"
		mkdir "$unit/before"
		mv "$unit/unit.json" "$unit/before/"
		mv "$unit/out.o" "$unit/before/" 2>/dev/null || true
		$command >/dev/null 2>&1 </dev/null || true
		diff -rq -x before -x 'patched.*' "$unit/before" "$unit" >/dev/null || return 1
		rm -r "$unit/before"
	done <"$folder/differ"
	sed -i "s/\"key\":\"[^\"]*\"/\"key\":\"$key\"/" "$folder/result.json"
}

# Codes that are never the diff's fault: failures in the tools' own table, and some refusals.
fault_codes()
{
	cat "$here/lib/faults"
	sed -nE '/\.code = /{s/.*"(KS[0-9]+)".*/\1/;h}; /DIAG_FAILURE/{g;p}' "$top/lib/diag-codes.c"
}

# classify FOLDER NAME FILE [HEADERS]: one line of JSON.
classify()
{
	jq -c -f "$here/lib/classify.jq" --rawfile faults <(fault_codes) --arg name "$2" --arg file "$3" \
		--arg headers "${4:-}" --arg key "$key" --arg lines "$(lines_of "$2")" "$1/run.json"
}

lines_of()
{
	awk -F'\t' -v name="$1" '$1 == name { print $3 }' "$work/files"
}

# Most of the time that kbuild takes for an original is its start: once for all of a folder that
# the run needs. The patched ones of this diff end at their first line.
compile_originals_of_folder()
{
	local folder=${1%/*} file patch=$work/originals.$BASHPID.patch

	[ ! -e "$kernel_dir/units/${1%.c}.o" ] || return 0
	cut -f 2 "$work/chosen" | grep "^$folder/[^/]*$" | while read -r file; do
		printf -- '--- a/%s\n+++ b/%s\n@@ -1,3 +1,4 @@\n+#include <only-originals-are-wanted>\n' "$file" "$file"
		sed -n '1,3s/^/ /p' "$kernel_dir/source/$file"
	done >"$patch"
	"$build/bin/kpatch-build" --kernel "$release" -j 1 --name originals --output "$work/originals" \
		"$patch" >"$patch.log" 2>&1 </dev/null || true # the diff's own build will tell
	rm "$patch" "$patch.log"
}

finish_build()
{
	local folder=$work/builds/$1 name=$1

	! compgen -G "$folder/$name/*.ko" >/dev/null ||
		cat "$folder/$name"/*.ko | sha256sum | cut -c 1-16 >"$folder/digest"
	mv "$folder/result" "$folder/result.json" # now it is built
}

build_alone()
{
	local name=$1 file=$2 folder=$work/builds/$1

	if is_current "$name" || { is_nearly_current "$name" && differ_agrees "$name"; }; then
		return 0
	fi
	compile_originals_of_folder "$file"
	run_driver "$folder" "$name" "$work/diffs/$name.patch"
	classify "$folder" "$name" "$file" >"$folder/result"
	finish_build "$name"
}

# A fix may come in two halves, one in a header: with that half it may be whole.
build_with_headers()
{
	local name=$1 file=$2 folder=$work/builds/$1 headers=$work/diffs/$1.headers header

	[ ! -e "$folder/tried-headers" ] && [ "${HEADER_UNITS:-30}" != 0 ] || return 0
	if [ "$(jq -r .class "$folder/result.json")" = no-compile ] &&
		needed_headers "$file" >"$headers" && [ -s "$headers" ]; then
		while read -r header; do
			diff_of_file "$header" || true
		done <"$headers" >"$headers.patch"
		run_driver "$folder" "$name" --max-units "${HEADER_UNITS:-30}" \
			"$work/diffs/$name.patch" "$headers.patch"
		classify "$folder" "$name" "$file" "$(tr '\n' ' ' <"$headers")" >"$folder/result"
		finish_build "$name"
	fi
	: >"$folder/tried-headers"
}

is_current()
{
	grep -qsF "\"key\":\"$key\"" "$work/builds/$1/result.json"
}

# Made by these tools but for the differ?
is_nearly_current()
{
	grep -qs "\"key\":\"${key%.*}\." "$work/builds/$1/result.json"
}

tell_result()
{
	jq -r --arg n "$2" '"\($n) \(.name) \(.file): \(.class) \(.codes | join(" ")) \(.seconds * 10 | round / 10) s"' \
		"$work/builds/$1/result.json" >&2
}

# Waits until fewer than so many of our children run.
wait_for_fewer_than()
{
	while [ "$(jobs -pr | wc -l)" -ge "$1" ]; do
		wait -n || true
	done
}

# Each job is a process group of its own, so that nothing of it outlives us.
end_jobs()
{
	local pid

	for pid in $(jobs -p); do
		kill -- "-$pid" 2>/dev/null || true
	done
	wait 2>/dev/null || true # bash tells of each
	rm -f "$work/building"
}

# for_each_chosen FUNCTION LOADERS: JOBS at a time, beside so many of our children.
for_each_chosen()
{
	local name file n=0 total

	total=$(wc -l <"$work/chosen")
	while IFS=$'\t' read -r name file; do
		n=$((n + 1))
		wait_for_fewer_than $((${JOBS:-$(nproc)} + $2))
		{
			"$1" "$name" "$file"
			tell_result "$name" "$n/$total"
		} </dev/null &
	done <"$work/chosen"
	wait_for_fewer_than $((1 + $2))
}

# Loads what is built as soon as it fills a boot. Headers come last: what needs them takes
# ten times as long, and a run that is ended early should have the rest.
build_chosen()
{
	local loader='' loaders=0

	key=$(tools_key).$(differ_key)
	mkdir -p "$work/builds"
	set -m
	trap end_jobs EXIT
	trap 'exit 130' INT TERM HUP
	: >"$work/building"
	if [ -n "$vm" ]; then
		load_built </dev/null &
		loader=$! loaders=1
	fi
	for_each_chosen build_alone $loaders
	for_each_chosen build_with_headers $loaders
	rm "$work/building"
	[ -z "$loader" ] || wait "$loader"
	write_results
}

write_results()
{
	collect_results >"$work/results.new"
	mv "$work/results.new" "$work/results.jsonl"
}

# One line per chosen diff: what the build said, and what the VM said of it.
collect_results()
{
	local name boot

	while IFS=$'\t' read -r name _; do
		[ -e "$work/builds/$name/result.json" ] || continue
		boot=/dev/null
		[ ! -e "$work/builds/$name/digest" ] || ! is_judged "$name" || boot=$work/boots/$name.json
		jq -c --slurpfile boot "$boot" '
			if .class == "built" and ($boot | length) > 0
			then .boot = $boot[0] | .class = (if .boot.verdict == "clean" then "livepatched" else "wrong" end) |
				if .class == "wrong" then .message = .boot.reason else . end
			else . end' "$work/builds/$name/result.json"
	done <"$work/chosen"
}

# What the report says above its table.
describe_run()
{
	jq -n --arg from "$from" --arg to "$to" --arg release "$release" --arg n "${N:-20}" --arg seed "${SEED:-1}" \
		--arg changed "$(wc -l <"$work/files")" --arg chosen "$(wc -l <"$work/chosen")" \
		--arg revision "$(git -C "$top" rev-parse --short HEAD 2>/dev/null || true)" \
		'$ARGS.named | .changed |= tonumber | .chosen |= tonumber'
}
