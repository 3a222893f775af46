# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# One build per diff, in a folder of its own, timed, and judged by a machine:
# by exit code and diagnostics (classify.jq), never by a look at the text.
# shellcheck disable=SC2154 # set by test/corpus/run

build_time_limit=900 # seconds; the largest unit takes 20

# What a result depends on besides the diff: one that other tools made is made again.
tools_key()
{
	cat "$build"/bin/{kpatch-build,create-diff-object,klp-relocs} "$top"/templates/* \
		"$top"/kmod/*.[ch] 2>/dev/null | sha256sum | cut -c 1-16
}

# run_driver FOLDER NAME PATCH…: leaves FOLDER/run.json, and FOLDER/NAME/ with the modules if it was built.
run_driver()
{
	local folder=$1 name=$2 status=0 TIMEFORMAT='%R %U %S' wall user system
	shift 2

	rm -rf "$folder"
	mkdir -p "$folder"
	{ time timeout --kill-after=10 "$build_time_limit" "$build/bin/kpatch-build" --kernel "$release" -j 1 \
		--name "$name" --output "$folder/$name" --json "$@" \
		>"$folder/stdout" 2>"$folder/stderr" </dev/null || status=$?; } 2>"$folder/time"
	read -r wall user system <"$folder/time"
	# What isn't one JSON document is kept as text: it tells of a crash.
	jq -s -c 'if length == 1 then .[0] else error end' "$folder/stdout" >"$folder/answer" 2>/dev/null ||
		echo null >"$folder/answer"
	jq -n -c --argjson exit "$status" --argjson seconds "$wall" --argjson user "$user" --argjson system "$system" \
		--slurpfile answer "$folder/answer" --rawfile stderr "$folder/stderr" \
		'{exit: $exit, seconds: $seconds, cpu_seconds: ($user + $system), answer: $answer[0],
			stderr: $stderr[-2000:]}' >"$folder/run.json"
	rm -f "$folder/answer" "$folder/time"
}

# classify FOLDER NAME FILE [HEADERS]: one line of JSON.
classify()
{
	jq -c -f "$here/lib/classify.jq" --rawfile faults "$here/lib/faults" --arg name "$2" --arg file "$3" \
		--arg headers "${4:-}" --arg key "$key" --arg lines "$(lines_of "$2")" "$1/run.json"
}

lines_of()
{
	awk -F'\t' -v name="$1" '$1 == name { print $3 }' "$work/files"
}

build_one()
{
	local name=$1 file=$2 folder=$work/builds/$1 headers=$work/diffs/$1.headers header

	# An older verdict of the VM was about other modules.
	rm -f "$work/boots/$name.json"
	run_driver "$folder" "$name" "$work/diffs/$name.patch"
	classify "$folder" "$name" "$file" >"$folder/result"
	# A fix may come in two halves, one in a header: with that half it may be whole.
	if [ "$(jq -r .class "$folder/result")" = no-compile ] &&
		needed_headers "$file" >"$headers" && [ -s "$headers" ]; then
		while read -r header; do
			diff_of_file "$header" || true
		done <"$headers" >"$headers.patch"
		run_driver "$folder" "$name" "$work/diffs/$name.patch" "$headers.patch"
		classify "$folder" "$name" "$file" "$(tr '\n' ' ' <"$headers")" >"$folder/result"
	fi
	mv "$folder/result" "$folder/result.json" # now it is built
}

is_current()
{
	grep -qF "\"key\":\"$key\"" "$work/builds/$1/result.json" 2>/dev/null
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
	wait
	rm -f "$work/building"
}

# Builds JOBS at a time, and loads what is built as soon as it fills a boot.
build_chosen()
{
	local name file n=0 total loader= loaders=0

	key=$(tools_key)
	total=$(wc -l <"$work/chosen")
	mkdir -p "$work/builds"
	set -m
	trap end_jobs EXIT
	trap 'exit 130' INT TERM HUP
	: >"$work/building"
	if [ -n "$vm" ]; then
		load_built </dev/null &
		loader=$! loaders=1
	fi
	while IFS=$'\t' read -r name file; do
		n=$((n + 1))
		wait_for_fewer_than $((${JOBS:-$(nproc)} + loaders))
		{
			is_current "$name" || build_one "$name" "$file"
			tell_result "$name" "$n/$total"
		} </dev/null &
	done <"$work/chosen"
	wait_for_fewer_than $((1 + loaders))
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
		boot=$work/boots/$name.json
		[ -e "$boot" ] || boot=/dev/null
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
