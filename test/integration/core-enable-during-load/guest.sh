# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a target is being loaded while its livepatch is enabled, disabled, replaced, removed or loaded again;
#   or the load of the target itself loads the livepatch.
# Prevents: two tasks that load one object module; a livepatch that is enabled without patching a target that is
#   loaded.
# Fails if: enabling does not wait for targets that are already committed, or a target that is being loaded does
#   not look again for livepatches after it has loaded an object module.

value() { cat /sys/module/kst_t1/parameters/value; }

# hold MODULE: when it is loaded it stops among its COMING notifiers, until released.
hold() { modprobe kst_notifier name="$1" hold=1; }
release() { echo 0 >/sys/module/kst_notifier/parameters/hold; }

# load_held MODULE: load kst_t1; returns, with $t1 to wait for, when MODULE is held.
load_held()
{
	echo 1 >/sys/module/kst_notifier/parameters/hold
	dmesg_mark
	modprobe kst_t1 &
	t1=$!
	wait_until 20 dmesg_has "kst_notifier: $1 is coming"
}

finish()
{
	release
	wait $t1
}

# A target that began to load before the core is waited for: core-late.
modprobe klp_split

step "enabled while T is held up in a COMING notifier"
hold kst_t1
load_held kst_t1
modprobe kst_m
finish
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
hold kst_t1
load_held kst_t1
disable kst_m
rmmod kst_m
finish
expect_eq 0 "$(value)"
not_loaded kst_m__kst_t1
rmmod kst_t1

step "replaced while T is held up"
modprobe kst_m
wait_transition
load_held kst_t1
modprobe kst_r1
finish
wait_transition
expect_eq 101 "$(value)"
rmmod kst_m
not_loaded kst_m__kst_t1
rmmod kst_t1
disable kst_r1
rmmod kst_r1
rmmod kst_notifier

step "replaced while T is held up, by one that does not patch T; and the other way round"
modprobe kst_r1
wait_transition
for livepatches in "kst_r1 kst_r2 0" "kst_r2 kst_r1 101"; do
	# shellcheck disable=SC2086 # three words
	set -- $livepatches
	hold kst_t1
	load_held kst_t1
	modprobe "$2"
	finish
	wait_transition
	expect_eq "$3" "$(value)"
	expect_eq "$3" "$(cat /sys/module/kst_t1/parameters/at_init)"
	rmmod "$1"
	rmmod kst_t1
	rmmod kst_notifier
	not_loaded kst_r1__kst_t1
done
disable kst_r1
rmmod kst_r1

step "removed and loaded again while T is held up"
modprobe kst_m
wait_transition
hold kst_t1
load_held kst_t1
disable kst_m
rmmod kst_m
modprobe kst_m
finish
wait_transition
expect_eq 301 "$(value)"
rmmod kst_t1
rmmod kst_notifier

step "the same while its object module is held up: what is loaded again is another livepatch to it"
hold kst_m__kst_t1
load_held kst_m__kst_t1
disable kst_m
rmmod kst_m &
old=$!
wait_until 20 grep -q '^kst_m .*Unloading' /proc/modules
# -EBUSY as long as the old one is there, which it is until the core has looked at all stacks
wait_until 20 insmod "$(modinfo -n kst_m)" 2>/dev/null &
new=$!
finish
wait $old
wait $new
wait_transition
patched kst_m kst_t1
expect_eq 301 "$(value)"
rmmod kst_t1

step "enabled a second time, and disabled, while its object module is held up"
load_held kst_m__kst_t1
expect_fail insmod "$(modinfo -n kst_m)"
output_has 'File exists'
disable kst_m
finish
expect_eq 0 "$(value)"
rmmod kst_m
not_loaded kst_m__kst_t1
rmmod kst_t1
rmmod kst_notifier

step "the livepatch comes by a dependency of T"
mkdir -p /etc/modprobe.d
echo 'softdep kst_t1 pre: kst_m' >/etc/modprobe.d/kst.conf
modprobe kst_t1
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/at_init)"
rmmod kst_t1
wait_transition
disable kst_m
rmmod kst_m
echo 'softdep kst_t1 post: kst_m' >/etc/modprobe.d/kst.conf
modprobe kst_t1
expect_eq 0 "$(cat /sys/module/kst_t1/parameters/at_init)"
expect_eq 301 "$(value)"
wait_transition
disable kst_m
rmmod kst_m

step "which waits for itself then: bounded by the timeout, and done without modprobe"
folder=/lib/modules/$(uname -r)/updates/klp-split/kst_m
mkdir -p "$folder"
cp "$(modinfo -n kst_m__kst_t1)" "$folder/"
echo 'softdep kst_m__kst_t1 pre: kst_m' >/etc/modprobe.d/kst.conf
echo 2 >/sys/module/klp_split/parameters/modprobe_timeout
modprobe kst_m
wait_transition
expect_eq 301 "$(value)"
rmmod kst_t1
modprobe kst_t1
expect_eq 301 "$(value)"
rmmod kst_t1
disable kst_m
rmmod kst_m
rm /etc/modprobe.d/kst.conf
echo 90 >/sys/module/klp_split/parameters/modprobe_timeout

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
