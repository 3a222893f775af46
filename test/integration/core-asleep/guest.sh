# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a task sleeps in a function of an object module, called through a parameter of the target.
# Prevents: freeing the object module under the task: a target's parameters can be in use until long after its
#   exit, and the module loader waits for their users only after livepatch has finished with the target.
# Fails if: the going hook removes object modules without waiting for users of the target's parameters.

sleep_in_new_code()
{
	echo "$1" >/sys/module/kst_sleeper/parameters/sleep &
	sleeper=$!
	wait_until 5 grep -q kst_z_wait "/proc/$sleeper/stack"
}

modprobe kst_sleeper
modprobe kst_z
wait_transition

step "the target is removed: that waits"
sleep_in_new_code $((4000 * SLOW))
rmmod kst_sleeper
wait $sleeper
not_loaded kst_sleeper kst_z__kst_sleeper

step "the transition off waits; the target is removed meanwhile"
modprobe kst_sleeper
sleep_in_new_code $((6000 * SLOW))
echo 0 >/sys/kernel/livepatch/kst_z/enabled
sleep 2
expect_eq 1 "$(klp kst_z transition)"
loaded kst_z__kst_sleeper
rmmod kst_sleeper
wait $sleeper
not_loaded kst_z__kst_sleeper
wait_until 20 test ! -e /sys/kernel/livepatch/kst_z
rmmod kst_z
rmmod klp_split
