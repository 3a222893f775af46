# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a livepatch for a sleeper and for T; a task that sleeps in the sleeper's function holds up the
#   enabling and disabling transition while T is loaded and unloaded; at the end a transition is forced.
# Prevents: T without its object module during a disabling transition, in which the livepatch is still applied;
#   object modules that stay longer than their target because of a forced transition.
# Fails if: the core asks whether a livepatch is enabled instead of whether it is on klp_patches.

sysfs=/sys/kernel/livepatch/kst_w
value() { cat /sys/module/kst_t1/parameters/value; }

start_sleeper()
{
	echo $(($1 * SLOW)) >/sys/module/kst_sleeper/parameters/sleep &
	sleeper=$!
	wait_until 5 grep -q -e kst_sleeper_wait -e kst_z_wait "/proc/$sleeper/stack"
}

come_and_go()
{
	modprobe kst_t1
	loaded kst_w__kst_t1
	expect_eq 1 "$(cat $sysfs/kst_t1/patched)"
	rmmod kst_t1
	not_loaded kst_w__kst_t1
	modprobe kst_t1
	loaded kst_w__kst_t1
	expect_eq 1 "$(cat $sysfs/transition)" "still in transition"
}

modprobe kst_sleeper

step "T comes and goes in a transition on that does not end"
echo $((15000 * SLOW)) >/sys/module/kst_sleeper/parameters/background
sleep "$SLOW"
modprobe kst_w
come_and_go

step "the transition is reversed, with a task in the new function by now; T comes and goes"
start_sleeper 15000
echo 0 >$sysfs/enabled
rmmod kst_t1
come_and_go

step "the livepatch goes; so do its object modules, with T there"
wait $sleeper
wait_until 20 test ! -e $sysfs
rmmod kst_w
not_loaded kst_w__kst_t1 kst_w__kst_sleeper
expect_eq 0 "$(value)"
rmmod kst_t1

step "T comes and goes in a transition off that does not end"
modprobe kst_w
wait_transition
start_sleeper 12000
echo 0 >$sysfs/enabled
come_and_go

step "that one is reversed: the livepatch stays on"
echo 1 >$sysfs/enabled
wait $sleeper
wait_transition
patched kst_w kst_t1 kst_sleeper
expect_eq 301 "$(value)"
rmmod kst_t1
disable kst_w
rmmod kst_w

step "a transition on is forced: T's object module still comes and goes with it"
start_sleeper 6000
modprobe kst_w
echo 1 >$sysfs/force
wait_transition
modprobe kst_t1
expect_eq 301 "$(value)"
rmmod kst_t1
not_loaded kst_w__kst_t1
modprobe kst_t1
wait $sleeper

step "a transition off is forced: the livepatch stays in memory for ever"
start_sleeper 6000
echo 0 >$sysfs/enabled
echo 1 >$sysfs/force
wait_until 20 test ! -e $sysfs
expect_fail rmmod kst_w
expect_eq 0 "$(value)"
loaded kst_w__kst_t1 kst_w__kst_sleeper
wait $sleeper

step "but its object modules leave with their targets, which come again alone"
rmmod kst_t1 kst_sleeper
not_loaded kst_w__kst_t1 kst_w__kst_sleeper
modprobe kst_t1
modprobe kst_sleeper
not_loaded kst_w__kst_t1 kst_w__kst_sleeper
expect_eq 0 "$(value)"
rmmod kst_t1 kst_sleeper
