# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a target runs a patched function while a parameter is set, and in its init.
# Prevents: a target that first runs old code, and so has the bug that the livepatch fixes.
# Fails if: the object module is loaded only when the target is live, or after its parameters are parsed.

modprobe kst_m
wait_transition

step "its parameters and its init meet the new code"
modprobe kst_t1 at_param=x
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/at_param)" "value when the parameter was set"
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/at_init)" "value when init ran"
rmmod kst_t1

step "without the livepatch they meet the old code"
disable kst_m
rmmod kst_m
modprobe kst_t1 at_param=x
expect_eq 0 "$(cat /sys/module/kst_t1/parameters/at_param)"
expect_eq 0 "$(cat /sys/module/kst_t1/parameters/at_init)"
rmmod kst_t1
