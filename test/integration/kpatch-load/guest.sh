# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: R1 patches vmlinux, T1 and T2; R2 replaces it and patches only vmlinux and T2. Neither is where
#   modprobe searches; T1 is loaded, T2 is not.
# Prevents: an administrator who relies on a livepatch that is not enabled, or has to clean up after one.
# Fails if: load returns before everything is patched, does not install the files that the core will need later,
#   or leaves the replaced livepatch in memory or on disk; list differs from the kernel's state; or unload
#   leaves something.
installed=/lib/modules/$(uname -r)/updates/klp-split

json() { kpatch list --json | jq -r "$1"; }

modprobe kst_t1

cp -r /livepatches/kst_r1 /spare
step "load a folder"
expect_ok kpatch load /livepatches/kst_r1
output_has "kst_r1 is enabled"
patched kst_r1 vmlinux kst_t1
expect_eq 0 "$(klp kst_r1 transition)" transition
expect_eq kst_r1 "$(cat /proc/cmdline)"
expect_eq 101 "$(cat /sys/module/kst_t1/parameters/value)"
not_loaded kst_r1__kst_t2

step "the same again is no error, and changes nothing"
dmesg_mark
expect_ok kpatch load /livepatches/kst_r1/kst_r1.ko
output_has "enabled already"
dmesg_lacks livepatch:

step "what is needed later is installed, whatever happens to the folder"
rm -r /livepatches/kst_r1
modprobe kst_t2
loaded kst_r1__kst_t2
patched kst_r1 kst_t2

step "list says what the kernel says"
expect_ok kpatch list
output_has "^kst_r1: enabled$"
output_has "^ *vmlinux  *patched$"
output_has "^ *kst_t2  *patched$"
rmmod kst_t2
expect_ok kpatch list
output_has "^ *kst_t2  *not loaded, its code waits for it$"
output_lacks "$(printf '\033')"
expect_eq "kst_r1 enabled true" "$(json '.livepatches[] | "\(.livepatch) \(.state) \(.enabled)"')"
expect_eq "kst_t1 true true kst_r1__kst_t1
kst_t2 false false kst_r1__kst_t2
vmlinux true true null" \
	"$(json '.livepatches[0].objects[] | "\(.object) \(.target_loaded) \(.patched) \(.module)"' | sort)"

step "and what the core says: who was refused, and why, until it is mended"
mv "$installed/kst_r1/kst_r1__kst_t2.ko" /tmp/
expect_fail modprobe kst_t2
expect_ok kpatch list
output_has "^ *kst_t2  *REFUSED, 1 time: modprobe could not load its code$"
core() { json '.livepatches[0].objects[] | select(.core) | "\(.object) \(.core.state) \(.core.error) \(.core.failures)"' | sort; }
expect_eq "kst_t1 loaded null 0
kst_t2 idle modprobe-failed 1" "$(core)"
mv /tmp/kst_r1__kst_t2.ko "$installed/kst_r1/"
modprobe kst_t2
expect_eq "kst_t1 loaded null 0
kst_t2 loaded null 1" "$(core)"
rmmod kst_t2

step "one with less than the first is refused"
modprobe kst_t2
expect_exit 3 kpatch load /livepatches/kst_r2
output_has KS445
output_has "only in 'kst_r1': kst_t1_value() of kst_t1"
output_lacks kst_t2_value
patched kst_r1 vmlinux kst_t1 kst_t2

step "unless that was asked for: module, object modules and files of the first go"
expect_ok kpatch load --drop /livepatches/kst_r2/kst_r2.ko
output_has "removed kst_r1"
output_has KS447
patched kst_r2 vmlinux kst_t2
not_loaded kst_r1 kst_r1__kst_t1 kst_r1__kst_t2
expect_eq kst_r2 "$(ls "$installed")" "installed livepatches"
expect_eq "kst_r2" "$(json '.livepatches[].livepatch')"

step "unload: everything as before"
expect_ok kpatch unload kst-r2.ko
not_loaded kst_r2 kst_r2__kst_t2 klp_split
expect_fail test -e "$installed"
expect_eq 0 "$(cat /sys/module/kst_t2/parameters/value)"
! grep -q '^kst_r' /proc/cmdline
! grep klp-split "/lib/modules/$(uname -r)/modules.dep"
expect_ok kpatch list
output_has "no livepatch is loaded"
expect_ok kpatch unload --all

step "a livepatch that was disabled behind our back is cleaned up, and can be loaded again"
expect_ok kpatch load /livepatches/kst_r2
disable kst_r2
loaded kst_r2
expect_ok kpatch list
output_has "kst_r2: unused"
expect_ok kpatch load /livepatches/kst_r2
patched kst_r2 vmlinux kst_t2
disable kst_r2
expect_ok kpatch unload --all
not_loaded kst_r2 klp_split

step "two at a time take turns: both succeed, the second has replaced the first"
kpatch load --drop /livepatches/kst_r2 >/tmp/first 2>&1 &
expect_ok kpatch load --drop /spare
wait $!
expect_eq 1 "$(set -- "$installed"/*; echo $#)" "livepatches installed"
expect_eq 1 "$(kpatch list --json | jq '.livepatches | length')" "livepatches enabled"
expect_ok kpatch unload --all
rmmod kst_t2 kst_t1
expect_eq "$(uname -r)" "$(ls -A /lib/modules)" "below /lib/modules"
