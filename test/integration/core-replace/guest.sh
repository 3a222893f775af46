# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: R1 patches vmlinux, T1 and T2; R2 replaces it and patches only vmlinux and T2.
# Prevents: a replaced livepatch that stays in memory, or prevents T1 from running its original code.
# Fails if: object modules of a replaced livepatch are not removed with its main module, or are loaded again
#   with a target that it no longer patches.

# What ftrace does at a function; empty if nobody is attached.
attached() { grep "^$1 " /sys/kernel/tracing/enabled_functions || :; }
mount -t tracefs none /sys/kernel/tracing 2>/dev/null || :

modprobe kst_t2
modprobe kst_r1
wait_transition
expect_eq 101 "$(cat /sys/module/kst_t1/parameters/value)"
expect_ne "" "$(attached kst_t1_value)"

step "R2 replaces R1"
modprobe kst_r2
wait_transition
wait_until 20 test ! -e /sys/kernel/livepatch/kst_r1
patched kst_r2 vmlinux kst_t2
expect_eq kst_r2 "$(cat /proc/cmdline)"
expect_eq 202 "$(cat /sys/module/kst_t2/parameters/value)"

step "T1 runs its original code, with nobody attached"
expect_eq 0 "$(cat /sys/module/kst_t1/parameters/value)"
expect_eq "" "$(attached kst_t1_value)"
expect_eq absent "$(klp kst_r2 kst_t1/patched)" "nops of R2"

step "R1 can't be enabled again: livepatch has forgotten it"
expect_eq absent "$(klp kst_r1 enabled)"
expect_fail modprobe -r kst_r1__kst_t1

step "the modules of R1 leave with its main module"
loaded kst_r1__kst_t1 kst_r1__kst_t2
rmmod kst_r1
not_loaded kst_r1 kst_r1__kst_t1 kst_r1__kst_t2

step "with R1 in memory but replaced, a target that comes brings nothing of it"
modprobe kst_r1
wait_transition
rmmod kst_r2
modprobe kst_r2
wait_transition
wait_until 20 test ! -e /sys/kernel/livepatch/kst_r1
rmmod kst_t2 kst_t1
not_loaded kst_r1__kst_t1 kst_r1__kst_t2 kst_r2__kst_t2
modprobe kst_t2
not_loaded kst_r1__kst_t1 kst_r1__kst_t2
loaded kst_r2__kst_t2
expect_eq 0 "$(cat /sys/module/kst_t1/parameters/value)"
expect_eq 202 "$(cat /sys/module/kst_t2/parameters/value)"
rmmod kst_r1

step "everything back"
disable kst_r2
rmmod kst_r2
expect_eq 0 "$(cat /sys/module/kst_t2/parameters/value)"
rmmod kst_t2 kst_t1
rmmod klp_split
