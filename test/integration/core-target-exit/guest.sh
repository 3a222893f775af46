# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: livepatches replace a target's exit function, which sleeps; the target is unloaded before, in and
#   after each of their transitions.
# Prevents: running an exit function that belongs to no enabled livepatch, or that calls functions of another
#   one; freeing one while a task sleeps in it.
# Fails if: module.exit is written once and never changed back, or a task can be switched while it is in an exit
#   function.

# leaves N: the target leaves by exit function N and finds the functions of N all along.
leaves()
{
	dmesg_has "kst_leaver: exit $1 finds $1"
	dmesg_has "kst_leaver: exit $1 leaves, finds $1"
}

leave_by()
{
	dmesg_mark
	rmmod kst_leaver
	leaves "$1"
}

# In the background: $leaver is who removes it.
begin_to_leave()
{
	echo $((6000 * SLOW)) >/sys/module/kst_leaver/parameters/ms
	dmesg_mark
	rmmod kst_leaver &
	leaver=$!
	wait_until 10 dmesg_has "kst_leaver: exit $1 finds $1"
}

# hold_up_in FUNCTION [MS]: the next transition is held up by $sleeper, who is asleep in the function.
hold_up_in()
{
	echo $((${2:-6000} * SLOW)) >/sys/module/kst_sleeper/parameters/sleep &
	sleeper=$!
	wait_until 5 grep -q "$1" "/proc/$sleeper/stack"
}

step "the livepatch is there before the target, and after it"
modprobe kst_e1
wait_transition
modprobe kst_leaver
leave_by 1
modprobe kst_leaver
leave_by 1
not_loaded kst_e1__kst_leaver
disable kst_e1
rmmod kst_e1
modprobe kst_leaver
modprobe kst_e1
wait_transition
leave_by 1

step "a target that can't come"
modprobe kst_leaver ms=no-number && fail "kst_leaver took a parameter that is none"
not_loaded kst_leaver kst_e1__kst_leaver

step "disabled, and removed"
modprobe kst_leaver
disable kst_e1
leave_by 0
modprobe kst_leaver
rmmod kst_e1
leave_by 0

step "replaced by one with an exit function, by one without, and back"
modprobe kst_leaver
for livepatch in kst_e1 kst_e2 kst_e3 kst_e1; do
	modprobe $livepatch
	wait_transition
	for old in kst_e1 kst_e2 kst_e3; do
		[ $old = $livepatch ] || ! [ -e /sys/module/$old ] || wait_until 20 rmmod $old
	done
	case $livepatch in
	kst_e2)
		leave_by 2
		modprobe kst_leaver
		;;
	kst_e3)
		dmesg_mark
		rmmod kst_leaver
		dmesg_has "kst_leaver: exit 0 finds 3"
		modprobe kst_leaver
		;;
	esac
done
leave_by 1

step "two on the stack, in both orders off it"
modprobe kst_sleeper
modprobe kst_leaver
modprobe kst_e4
wait_transition
leave_by 4
modprobe kst_leaver
disable kst_e4
rmmod kst_e4
leave_by 1
modprobe kst_leaver
modprobe kst_e4
wait_transition
disable kst_e1
rmmod kst_e1
disable kst_e4
rmmod kst_e4
leave_by 0

step "enabled while the target is in its own exit function: that waits"
modprobe kst_leaver
begin_to_leave 0
modprobe kst_e1
leaves 0
wait $leaver
wait_transition
not_loaded kst_leaver kst_e1__kst_leaver

step "disabled while the target is in the new one: the transition waits"
modprobe kst_leaver
begin_to_leave 1
echo 0 >/sys/kernel/livepatch/kst_e1/enabled
sleep 2
expect_eq 1 "$(klp kst_e1 transition)" "transition of kst_e1"
loaded kst_e1__kst_leaver
wait $leaver
leaves 1
wait_until 20 test ! -e /sys/kernel/livepatch/kst_e1
rmmod kst_e1

step "replaced while the target is in the new one"
modprobe kst_e1
wait_transition
modprobe kst_leaver
begin_to_leave 1
modprobe kst_e3 &
enabler=$!
wait $leaver
leaves 1
wait $enabler
wait_transition
wait_until 20 rmmod kst_e1
disable kst_e3
rmmod kst_e3

step "the target leaves in transitions that are held up"
modprobe kst_leaver
hold_up_in kst_sleeper_wait
modprobe kst_e4
sleep 2
expect_eq 1 "$(klp kst_e4 transition)" "transition of kst_e4"
leave_by 4
wait $sleeper
wait_transition
modprobe kst_leaver
hold_up_in kst_z_wait
echo 0 >/sys/kernel/livepatch/kst_e4/enabled
sleep 2
expect_eq 1 "$(klp kst_e4 transition)" "transition of kst_e4"
leave_by 0
wait $sleeper
wait_until 20 test ! -e /sys/kernel/livepatch/kst_e4
rmmod kst_e4

step "disabling is reversed while the target is in its own exit function: the task stays as it is"
modprobe kst_e4
wait_transition
modprobe kst_leaver
hold_up_in kst_z_wait 20000
echo 0 >/sys/kernel/livepatch/kst_e4/enabled
begin_to_leave 0
echo 1 >/sys/kernel/livepatch/kst_e4/enabled
wait $leaver
leaves 0
wait $sleeper
wait_transition
not_loaded kst_leaver
disable kst_e4
rmmod kst_e4

step "the target leaves while a livepatch without an exit function replaces one that has one"
modprobe kst_e1
wait_transition
modprobe kst_leaver
hold_up_in kst_sleeper_wait
modprobe kst_e3
sleep 2
expect_eq 1 "$(klp kst_e3 transition)" "transition of kst_e3"
dmesg_mark
rmmod kst_leaver
dmesg_has "kst_leaver: exit 0 finds 3"
wait $sleeper
wait_transition
wait_until 20 rmmod kst_e1
disable kst_e3
rmmod kst_e3

step "a livepatch fails while the target leaves"
modprobe kst_leaver ms=$((8000 * SLOW))
dmesg_mark
modprobe kst_e5 &
enabler=$!
wait_until 10 dmesg_has "kst_leaver: pre_patch"
rmmod kst_leaver &
leaver=$!
wait $enabler && fail "kst_e5 was enabled"
# the object module had to stay for as long: the target's exit function was read while it led there
leaves 0
not_loaded kst_e5 kst_e5__kst_leaver
wait $leaver

step "a task on its way into the exit function when the livepatch comes into force"
modprobe kst_leaver
dmesg_mark
modprobe kst_e6 &
enabler=$!
wait_until 10 dmesg_has "kst_leaver: pre_patch"
rmmod kst_leaver
leaves 0
wait $enabler
wait_transition
not_loaded kst_e6__kst_leaver
modprobe kst_leaver
leave_by 6
disable kst_e6
rmmod kst_e6

not_loaded kst_leaver
rmmod kst_sleeper
rmmod klp_split
