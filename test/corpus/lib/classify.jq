# SPDX-License-Identifier: GPL-2.0-or-later
#
# One run of kpatch-build becomes one line of the results. Input: run.json of
# builds.sh. $faults: the table of codes that are never the diff's own fault.
#
# classes: built, unchanged, refused, no-compile, needs-header, tool-failure
# (livepatched and wrong are said by the VM).

def fault_codes:
	$faults | split("\n") | map(select(test("^KS")) | split("\t")[0]);

def errors: [.answer.diagnostics[]? | select(.severity == "error")];

# What stands in the results as the reason: place and case.
def place_and_case:
	if . == null then null else
		([.file, .line, .function] | map(select(. != null and . != 0) | tostring) | join(":")) + ": " +
		.message + (if (.details // []) | length > 0 then " (" + (.details | .[0:3] | join("; ")) + ")" else "" end)
	end;

def first_message: errors[0] | place_and_case;

def failure($reason): { class: "tool-failure", reason: $reason };

def judge:
	. as $run | (errors | map(.code) | unique) as $codes | ($codes - ($codes - fault_codes)) as $faulty |
	if .exit == 124 or .exit == 137 then failure("did not end in time")
	elif .exit > 128 then failure("died of signal \(.exit - 128)")
	elif .answer == null then failure("no JSON document on standard output")
	elif ({ "0": "built", "1": "error", "2": "refused", "3": "unchanged" }[.exit | tostring]) != .answer.result then
		failure("exit code \(.exit) and result \(.answer.result) disagree")
	elif .exit == 0 and ($codes | length) > 0 then failure("built in spite of errors")
	elif .exit == 0 then { class: "built" }
	elif .exit == 3 then { class: "unchanged" }
	elif ($codes | length) == 0 then failure("failed without a diagnostic")
	elif ($faulty | length) > 0 then failure("\($faulty | join(" ")) is never the diff's fault")
	elif $codes == ["KS326"] then { class: "no-compile" }
	elif .exit == 2 and $headers != "" and ($codes - ["KS313", "KS326"]) == [] then
		{ class: (if $codes == ["KS326"] then "no-compile" else "needs-header" end) }
	elif .exit == 2 then { class: "refused" }
	else failure("exit code 1 for \($codes | join(" "))") end;

def cpu($steps): [.answer.steps[]? | select(.step | test("^(" + $steps + ")")) | .cpu_seconds] | add // 0;

judge as $judged |
{
	name: $name, file: $file, lines: ($lines | tonumber? // null),
	class: $judged.class,
	codes: (errors | map(.code) | unique),
	message: ($judged.reason // first_message // ""),
	first: first_message,
	messages: (errors | reduce .[] as $e ({}; if has($e.code) then . else .[$e.code] = ($e | place_and_case) end)),
	objects: [.answer.manifest.objects[]?.object],
	units: [.answer.manifest.objects[]?.units[]?],
	functions: [.answer.manifest.objects[]?.functions[]? | .name // .function],
	headers: ($headers | split(" ") | map(select(. != ""))),
	# wall time depends on what else the machine does, CPU time hardly
	seconds: .seconds, cpu_seconds: .cpu_seconds,
	# once per kernel and unit, or kernel: not part of a warm build
	cold_cpu_seconds: cpu("compile [0-9]+ original|build the core"),
	compile_cpu_seconds: cpu("compile [0-9]+ patched"),
	stderr: (if $judged.class == "tool-failure" then .stderr else null end),
	key: $key
}
