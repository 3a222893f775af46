# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: kernel.modules_disabled is set, which can't be undone, while one target is being loaded and one is
#   being unloaded.
# Prevents: a target that runs without its new code; an object module that can't be removed any more and is used
#   again, or that is forgotten.
# Fails if: the core treats a module that is still in memory as removed, or lets the target be loaded.

modprobe kst_sleeper
modprobe kst_m
wait_transition
modprobe kst_z
wait_transition

step "one target waits in its exit, one for its object module"
echo $((6000 * SLOW)) >/sys/module/kst_sleeper/parameters/background
rmmod kst_sleeper &
out=$!
echo /usr/sbin/modprobe.waits >/proc/sys/kernel/modprobe
modprobe kst_t1 2>/tmp/in &
in=$!
wait_until 10 grep -q loading /sys/kernel/klp_split/kst_m/kst_t1/state
wait_until 10 grep -q '^kst_sleeper .*Unloading' /proc/modules
expect_eq loaded "$(cat /sys/kernel/klp_split/kst_z/kst_sleeper/state)"
dmesg_mark
echo 1 >/proc/sys/kernel/modules_disabled

step "the one that comes is refused"
touch /tmp/go
expect_fail wait $in
grep -q 'Input/output error' /tmp/in || fail "$(cat /tmp/in)"
dmesg_has 'klp_split: kst_m: kst_t1: modprobe kst_m__kst_t1 failed'
not_loaded kst_t1 kst_m__kst_t1
expect_eq modprobe-failed "$(cat /sys/kernel/klp_split/kst_m/kst_t1/error)"

step "the one that goes is gone; its object module is stuck"
wait $out
not_loaded kst_sleeper
loaded kst_z__kst_sleeper
dmesg_has "klp_split: kst_z: kst_sleeper: kst_z__kst_sleeper can.t be removed (-1) and stays loaded"
expect_eq stuck "$(cat /sys/kernel/klp_split/kst_z/kst_sleeper/state)"

step "livepatches can still be turned off"
disable kst_m
disable kst_z
