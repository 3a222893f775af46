# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Hundreds of livepatches, each loaded alone, can't each have a VM; and one
# that crashes must not hide those after it. So a boot loads many; the guest
# reports on its serial line each step and its verdict. If a boot
# ends early, the livepatch that was under test has failed, and the others continue in
# the next boot.
# shellcheck disable=SC2154,SC2015 # set by test/corpus/run

boot_size=${BATCH:-30}

# Other tools may have made the very same modules: then the VM's verdict still holds.
is_judged()
{
	grep -qsF "\"digest\":\"$(<"$work/builds/$1/digest")\"" "$work/boots/$1.json"
}

# Built by these tools, and not yet judged.
waits_for_boot()
{
	is_current "$1" && grep -q '"class":"built"' "$work/builds/$1/result.json" && ! is_judged "$1"
}

waiting_for_boot()
{
	local name

	while IFS=$'\t' read -r name _; do
		! waits_for_boot "$name" || echo "$name"
	done <"$work/chosen"
}

# The folder that test/integration/run takes as a test.
make_test_folder()
{
	local folder=$1 name
	shift

	rm -rf "$folder"
	mkdir -p "$folder/functions"
	cp "$here"/vm/{guest.sh,host.sh} "$folder/"
	grep -v '^#' "$top/test/lib/vm/log-patterns" | cut -f 1 >"$folder/patterns"
	for name; do
		echo "$name $(jq -r '.objects | map(select(. != "vmlinux")) | join(" ")' "$work/builds/$name/result.json")"
		jq -r '.objects[] | .object as $o | .functions[]? | select(.status == "changed" and (.exit | not)) | "\($o) \(.name)"' \
			"$work/builds/$name/$name/$name.json" >"$folder/functions/$name"
	done >"$folder/list"
}

verdict()
{
	jq -n -c --arg name "$1" --arg verdict "$2" --arg reason "$3" --arg digest "$(<"$work/builds/$1/digest")" \
		--argjson targets "$(targets_json "$1")" --argjson came "$(guest_lines "$1" | grep -c '^came ' || true)" \
		--argjson later "$(tried_later "$1")" --argjson load_seconds "$(seconds_of "$1")" \
		'$ARGS.named' >"$work/boots/$1.json"
}

# Lines of the guest: "@ NAME begin", "@ NAME target T loaded|absent REASON", "@ NAME loaded SECONDS",
# "@ NAME came T" (an absent one was patched while it tried to load), "@ NAME later" (loaded before its targets, too), "@ NAME clean", "@ NAME wrong REASON".
guest_lines()
{
	sed -n "s/^@ $1 //p" "$log"
}

targets_json()
{
	guest_lines "$1" | sed -n 's/^target //p' |
		jq -R -s -c '[split("\n")[] | select(. != "") | capture("^(?<target>[^ ]*) (?<state>[^ ]*) ?(?<reason>.*)$")]'
}

tried_later()
{
	! guest_lines "$1" | grep -qx later || { echo true; return; }
	echo false
}

seconds_of()
{
	guest_lines "$1" | awk '$1 == "loaded" { s = $2 } END { print s + 0 }'
}

# One boot with these livepatches. A name without a verdict is left for the next boot.
boot_with()
{
	local folder=$work/vm/corpus output=$work/vm/output log kept name last='' complaint

	make_test_folder "$folder" "$@"
	# shellcheck disable=SC2086 # VM_TURN is a command with its arguments
	CORPUS_BUILDS=$work/builds KERNEL=$release BUILD=$build \
		${VM_TURN:-} "$top/test/integration/run" --keep "$folder" >"$output" 2>&1 </dev/null || true
	kept=$(sed -n 's/^kept: //p' "$output" | tail -n 1)
	[ -n "$kept" ] && [ -e "$kept/guest.log" ] || { cat "$output" >&2; die "the VM could not be started"; }
	log=$work/vm/guest.log
	tr -d '\r' <"$kept/guest.log" >"$log"
	for name; do
		[ -z "$(guest_lines "$name")" ] || last=$name
		! guest_lines "$name" | grep -qx clean || verdict "$name" clean ""
		! guest_lines "$name" | grep -q '^wrong ' ||
			verdict "$name" wrong "$(guest_lines "$name" | sed -n 's/^wrong //p')"
	done
	# If a boot ended abnormally, only the last livepatch can be the reason.
	complaint=$(grep -a -e '^kernel log: ' -e '^hang: ' -e '^leftover: ' -e '^taint: ' -e '^the VM ended' -e '^QEMU ended' \
		"$output" | head -n 3 | paste -s -d ';' || true)
	if [ -z "$last" ]; then
		cat "$output" >&2
		die "no livepatch was tried in the VM"
	elif ! is_judged "$last" || { [ -n "$complaint" ] && grep -q clean "$work/boots/$last.json"; }; then
		verdict "$last" wrong "${complaint:-the VM ended during the test} (in: $(guest_lines "$last" | tail -n 1))"
	fi
	if grep -q '"verdict":"wrong"' "$work/boots/$last.json"; then
		mkdir -p "$work/wrong/$last"
		cp "$kept"/{guest,kernel}.log "$work/wrong/$last/"
	fi
	rm -rf "$kept"
}

# Until nothing is left to load and nothing more is to come.
load_built()
{
	local names name building=1

	mkdir -p "$work/boots" "$work/vm"
	while [ -n "$building" ]; do
		[ -e "$work/building" ] || building=
		mapfile -t -n "$boot_size" names < <(waiting_for_boot)
		if [ -n "$building" ] && [ ${#names[@]} -lt "$boot_size" ]; then
			sleep 10
			continue
		fi
		[ ${#names[@]} -gt 0 ] || continue
		building=1 # there may be more than this boot takes
		echo "corpus: loading ${#names[@]} livepatches in a VM" >&2
		boot_with "${names[@]}"
		for name in "${names[@]}"; do
			[ ! -e "$work/boots/$name.json" ] || jq -r '"  \(.name) \(.verdict) \(.reason)"' "$work/boots/$name.json" >&2
		done
		write_results
	done
}
