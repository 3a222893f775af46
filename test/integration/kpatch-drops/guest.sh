# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: two livepatches of one function each that replace all others, one that is stacked, one with both
#   functions, and one of another tool.
# Prevents: a fix that the next livepatch silently undoes, or a livepatch of another tool that is removed
#   without a request.
# Fails if: such a livepatch is loaded or installed without --drop; a cumulative, stacked or newer one is
#   refused; the machine lacks both fixes after a boot; or status doesn't show which fix is not enabled, and
#   why.
installed=/lib/modules/$(uname -r)/updates/klp-split
status() { kpatch status --json >/tmp/status || :; jq -r "$1" /tmp/status; }
fixed() { for fix; do grep -q "$(word "$fix")" "/proc/$fix" || fail "$fix is not fixed"; done; }
not_fixed() { for fix; do ! grep -q "$(word "$fix")" "/proc/$fix" || fail "$fix is fixed"; done; }
word()
{
	case $1 in
	meminfo) echo VmallocFixed ;;
	version) echo fixed ;;
	loadavg) echo foreign ;;
	esac
}

step "a second fix would undo the first: refused, and nothing is touched"
expect_ok kpatch load /livepatches/meminfo
expect_exit 3 kpatch load /livepatches/version
output_has "KS445.*'version' would replace 'meminfo'"
output_has "only in 'meminfo': the fix of CVE-2026-1234"
output_has "only in 'meminfo': meminfo_proc_show() of vmlinux"
output_has "[-]-drop"
fixed meminfo
not_fixed version
not_loaded version
expect_eq meminfo "$(ls "$installed")"
expect_exit 3 kpatch load --drop=other /livepatches/version

step "a dry run says the same, and changes nothing"
dmesg_mark
expect_exit 3 kpatch check /livepatches/version
output_has KS445
output_lacks "can be loaded"
expect_exit 3 kpatch check --json /livepatches/version
output_has '"fits": false'
for livepatch in both stacked; do
	expect_ok kpatch check "/livepatches/$livepatch"
	output_has "^$livepatch can be loaded$"
done
expect_ok kpatch check --drop /livepatches/version
expect_ok kpatch check /livepatches/both /livepatches/stacked
expect_eq meminfo "$(ls "$installed")"
dmesg_lacks livepatch:

step "two at once: none is loaded"
expect_ok kpatch unload meminfo
expect_exit 3 kpatch load /livepatches/meminfo /livepatches/version
not_loaded meminfo version klp_split

step "stacked on the other: nothing is lost"
expect_ok kpatch load /livepatches/meminfo /livepatches/stacked
output_lacks KS4
fixed meminfo version

step "the two go at once only for one that has both"
expect_exit 3 kpatch load /livepatches/version
output_has "only in 'meminfo'"
output_lacks "only in 'stacked'"
expect_ok kpatch load /livepatches/both
output_lacks KS4
fixed meminfo version
not_loaded meminfo stacked
expect_ok kpatch list
output_has "^    fixes CVE-2026-1234$"
expect_ok kpatch status
output_has "^    fix: proc: say that meminfo is fixed$"
output_has "^    fix: proc: say that version is fixed$"
expect_eq "both CVE-2026-1234" "$(status '.livepatches[] | "\(.livepatch) \(.cves[])"')"
expect_exit 3 kpatch load /livepatches/meminfo
output_has "only in 'both': version_proc_show() of vmlinux"
fixed meminfo version

step "asked for: done, and told"
expect_ok kpatch load --drop=both /livepatches/meminfo
output_has KS447
output_has "only in 'both': version_proc_show() of vmlinux"
fixed meminfo
not_fixed version
expect_ok kpatch unload --all

step "installed: refused as well, before the boot that would show it"
expect_ok kpatch install /livepatches/meminfo
expect_exit 3 kpatch install /livepatches/version
output_has "KS445.*'version' would replace 'meminfo'"
expect_eq meminfo "$(ls "$installed")"
expect_ok kpatch install --drop /livepatches/version
output_has KS447

step "at boot: the newest is enabled, and status says what isn't"
expect_ok kpatch load --boot
output_has KS447
fixed version
not_fixed meminfo
expect_exit 6 kpatch status
output_has "meminfo: replaced by version, installed"
output_has "not enabled: meminfo_proc_show() of vmlinux"
output_has "! meminfo: is installed and not enabled: version has replaced it, without the fix of CVE-2026-1234 and others"
expect_eq "meminfo version vmlinux meminfo_proc_show" \
	"$(status '.livepatches[] | select(.not_in_force != []) | "\(.livepatch) \(.replaced_by) \(.not_in_force[] | select(.object) | "\(.object) \(.function)")"')"

step "the service is started again: the older one doesn't take turns with the newer"
dmesg_mark
expect_ok kpatch load --boot
expect_ok kpatch load --all
dmesg_lacks livepatch:
fixed version

step "a cumulative one mends it"
expect_ok kpatch install /livepatches/both
expect_ok kpatch load both
fixed meminfo version
expect_ok kpatch status
output_has "meminfo: replaced by both, installed"
kpatch settle
expect_ok kpatch unload --all
expect_ok kpatch uninstall meminfo version

step "of another tool: never removed unasked, whoever asks"
foreign=$(modinfo -n foreign)
expect_ok kpatch check "$foreign"
expect_ok kpatch load "$foreign"
output_has "^foreign is enabled"
fixed loadavg
expect_ok kpatch load "$foreign"
output_has "enabled already"
expect_exit 3 kpatch install "$foreign"
output_has KS401
expect_exit 3 kpatch load both
output_has "KS446.*'both' would replace 'foreign'"
expect_exit 3 kpatch load --boot
output_has KS446
fixed loadavg
enabled foreign
expect_ok kpatch load /livepatches/stacked
fixed loadavg version
enabled foreign
expect_ok kpatch unload stacked

step "that the other one was first is no failure of ours"
expect_fail test -e "/var/lib/klp-split/$(uname -r)/both.json"
expect_ok kpatch load --drop both
output_has "KS447.*'foreign', which another tool has loaded"
not_fixed loadavg
fixed meminfo version
not_loaded foreign

step "nor does it replace one of ours: what it contains is not known"
expect_exit 3 kpatch load "$foreign"
output_has KS445
output_has "what it replaces is not known"
expect_ok kpatch load --drop "$foreign"
output_lacks KS447
fixed loadavg meminfo version
expect_ok kpatch unload foreign
not_loaded foreign
not_fixed loadavg
expect_ok kpatch uninstall --all
expect_ok kpatch unload --all
not_loaded both klp_split
expect_fail test -e "$installed"
