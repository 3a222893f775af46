# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a livepatch for vmlinux, T1 and T2; T1 is loaded before it, T2 (which needs T1) after it.
# Prevents: old code in a target that is loaded before, after or together with its livepatch; a target that
#   can't be unloaded because its livepatch holds a reference; object modules left in memory.
# Fails if: live targets are skipped when a livepatch is enabled, or the coming hook loads nothing.

value() { cat "/sys/module/$1/parameters/value"; }

step "target first, livepatch later"
modprobe kst_t1
expect_eq 0 "$(value kst_t1)" "value before"
modprobe kst_r1
wait_transition
patched kst_r1 vmlinux kst_t1
expect_eq kst_r1 "$(cat /proc/cmdline)"
expect_eq 101 "$(value kst_t1)" "value of the loaded target"
loaded kst_r1__kst_t1
not_loaded kst_r1__kst_t2

step "livepatch first, target later; sysfs follows it"
expect_eq 0 "$(cat /sys/kernel/livepatch/kst_r1/kst_t2/patched)"
modprobe kst_t2
loaded kst_r1__kst_t2
expect_eq 1 "$(cat /sys/kernel/livepatch/kst_r1/kst_t2/patched)"
expect_eq 1200 "$(value kst_t2)" "value of the target that came later"
expect_eq 1200 "$(cat /sys/module/kst_t2/parameters/at_init)" "value during its init"

step "the livepatch holds no target"
expect_eq 0 "$(use_count kst_t2)" "use count of kst_t2"
expect_eq kst_t2, "$(used_by kst_t1)"
rmmod kst_t2
not_loaded kst_t2 kst_r1__kst_t2
expect_eq 0 "$(cat /sys/kernel/livepatch/kst_r1/kst_t2/patched)"
rmmod kst_t1
not_loaded kst_t1 kst_r1__kst_t1

step "and they come again"
modprobe kst_t2
expect_eq 101 "$(value kst_t1)"
expect_eq 1200 "$(value kst_t2)"
loaded kst_r1__kst_t1 kst_r1__kst_t2

step "unloading the livepatch brings the original code back and leaves nothing"
disable kst_r1
rmmod kst_r1
not_loaded kst_r1 kst_r1__kst_t1 kst_r1__kst_t2
expect_eq 0 "$(value kst_t1)"
expect_eq 0 "$(value kst_t2)"
rmmod kst_t2 kst_t1
rmmod klp_split
