# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a livepatch for a module whose load fails for reasons of the module: in its init, in a parameter, in
#   a COMING notifier that runs before or after most others.
# Prevents: an object module, or a record of a module that is being loaded, that stays although the load failed;
#   a call of livepatch's going handler for a module that its coming handler has never seen.
# Fails if: the going hook calls the original function although klp_module_coming() was delayed.

modprobe kst_m
wait_transition

step "init fails"
expect_fail modprobe kst_t1 fail_init=-19
not_loaded kst_t1 kst_m__kst_t1

step "a parameter is wrong"
expect_fail modprobe kst_t1 sleep_init=many
not_loaded kst_t1 kst_m__kst_t1

step "a COMING notifier refuses it"
dmesg_mark
modprobe kst_notifier name=kst_t1 fail=-12
expect_fail modprobe kst_t1
not_loaded kst_t1 kst_m__kst_t1
rmmod kst_notifier

step "a COMING notifier with the highest priority refuses it"
modprobe kst_notifier name=kst_t1 fail=-12 priority=1000
expect_fail modprobe kst_t1
not_loaded kst_t1 kst_m__kst_t1
rmmod kst_notifier

step "livepatch has not reverted what it had not applied"
dmesg_lacks 'reverting patch'

step "the same for a module that no livepatch is for"
modprobe kst_notifier name=kst_silent__kst_t1 fail=-12
expect_fail modprobe kst_silent__kst_t1
rmmod kst_notifier

step "it works again"
modprobe kst_t1
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
rmmod kst_t1
disable kst_m
rmmod kst_m
rmmod klp_split
