# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a target is being loaded while its livepatch is enabled, disabled or replaced.
# Prevents: two tasks loading one object module; a livepatch enabled over a target that it misses.
# Fails if: enabling does not wait for targets that are already committed, or a target that comes does
#   not look again for livepatches after it has loaded an object module.

value() { cat /sys/module/kst_t1/parameters/value; }

step "enabled while T is held up in a COMING notifier"
modprobe kst_notifier name=kst_t1 sleep=$((2000 * SLOW))
dmesg_mark
modprobe kst_t1 &
wait_until 20 dmesg_has 'kst_t1 is coming'
modprobe kst_m
wait $!
wait_transition
patched kst_m kst_t1
expect_eq 301 "$(value)"
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/at_init)"
rmmod kst_t1
rmmod kst_notifier
disable kst_m
rmmod kst_m

step "enabled while T sleeps in its init"
modprobe kst_t1 sleep_init=$((2000 * SLOW)) &
wait_until 20 test -e /sys/module/kst_t1/parameters/value
modprobe kst_m
wait $!
wait_transition
expect_eq 0 "$(cat /sys/module/kst_t1/parameters/at_init)"
expect_eq 301 "$(value)"

step "disabled and removed while T is held up"
rmmod kst_t1
modprobe kst_notifier name=kst_t1 sleep=$((2000 * SLOW))
dmesg_mark
modprobe kst_t1 &
wait_until 20 dmesg_has 'kst_t1 is coming'
disable kst_m
rmmod kst_m
wait $!
expect_eq 0 "$(value)"
not_loaded kst_m__kst_t1
rmmod kst_t1

step "replaced while T is held up"
modprobe kst_m
wait_transition
dmesg_mark
modprobe kst_t1 &
wait_until 20 dmesg_has 'kst_t1 is coming'
modprobe kst_r1
wait $!
wait_transition
expect_eq 101 "$(value)"
not_loaded kst_m__kst_t1
rmmod kst_m
rmmod kst_t1
disable kst_r1
rmmod kst_r1
rmmod kst_notifier

step "enabled and loaded at the same moment, 20 times"
n=0
while [ $n -lt 20 ]; do
	modprobe kst_t1 &
	modprobe kst_m
	wait $!
	wait_transition
	expect_eq 301 "$(value)" "value in round $n"
	disable kst_m &
	rmmod kst_t1
	wait $!
	rmmod kst_m
	not_loaded kst_m__kst_t1
	n=$((n + 1))
done
rmmod klp_split
