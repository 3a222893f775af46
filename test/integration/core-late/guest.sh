# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a target is held in a COMING notifier that runs before that of the jump labels, or in its exit
#   function; only then the core and a livepatch for the target are loaded.
# Prevents: an object module that links itself to a static key before the target registers the key, which
#   overwrites the link; an object module for a target that is freed without passing the hook.
# Fails if: the livepatch is enabled before the target's notifiers have run (switching the key then oopses), or
#   while the target is unloaded; can't be killed while it waits; or waits for a target that is refused, or
#   whose unloading began after the core was loaded.

p=/sys/module/kst_t1/parameters
released=/sys/module/kst_notifier/parameters/hold

# hold_target [FAIL]: T is in its notifiers, and will be refused with that error
hold_target()
{
	rmmod klp_split 2>/dev/null || true
	modprobe kst_notifier name=kst_t1 hold=1 fail="${1:-0}" priority=1000
	dmesg_mark
	modprobe kst_t1 2>/dev/null &
	target=$!
	wait_until 20 dmesg_has 'kst_notifier: kst_t1 is coming'
}
# The livepatch is being enabled, and waits.
enable_and_wait()
{
	dmesg_mark
	modprobe kst_r1 2>/dev/null &
	livepatch=$!
	wait_until 20 dmesg_has 'klp_split: kst_r1: kst_t1: waiting for its load'
	not_loaded kst_r1__kst_t1
	expect_eq absent "$(klp kst_r1 enabled)"
}

step "the livepatch waits for the target's notifiers, and patches it then"
hold_target
enable_and_wait
echo 0 >$released
wait $target
wait $livepatch
wait_transition
patched kst_r1 kst_t1
expect_eq 102 "$(cat $p/keys)" "keys as they are at the start"

step "the target's keys and calls lead to the new code"
echo 1 >$p/key
expect_eq 103 "$(cat $p/keys)" "keys after the switch"
echo 0 >$p/key
expect_eq 102 "$(cat $p/keys)" "keys after the second switch"
rmmod kst_t1
disable kst_r1
rmmod kst_r1 kst_notifier

step "a livepatch that waits can be killed, and nothing of it is left"
hold_target
enable_and_wait
kill -KILL $livepatch
wait $livepatch || true
wait_until 20 expect_fail is_loaded kst_r1
echo 0 >$released
wait $target
loaded kst_t1
expect_eq 2 "$(cat $p/keys)" "keys without a livepatch"
rmmod kst_t1 kst_notifier

step "a target that is refused is waited for no longer, and is patched when it comes again"
hold_target -12
enable_and_wait
echo 0 >$released
wait $target && fail "the target was not refused"
wait $livepatch
wait_transition
enabled kst_r1
not_loaded kst_t1 kst_r1__kst_t1
rmmod kst_notifier
modprobe kst_t1
patched kst_r1 kst_t1
expect_eq 102 "$(cat $p/keys)" "keys"
rmmod kst_t1
disable kst_r1
rmmod kst_r1 klp_split

step "a target that was being unloaded when the core was loaded is waited for, too"
modprobe kst_t1 sleep_exit=$((6000 * SLOW))
rmmod kst_t1 &
target=$!
wait_until 10 grep -q '^kst_t1 .* Unloading ' /proc/modules
enable_and_wait
wait $target
wait $livepatch
wait_transition
enabled kst_r1
not_loaded kst_t1 kst_r1__kst_t1

step "one that is unloaded later is not: the new code runs in its exit"
modprobe kst_t1 sleep_exit=$((3000 * SLOW))
disable kst_r1
rmmod kst_r1
rmmod kst_t1 &
target=$!
wait_until 10 grep -q '^kst_t1 .* Unloading ' /proc/modules
dmesg_mark
modprobe kst_r1
wait $target
dmesg_has 'kst_t1: value at the end of exit: 101'
wait_transition
disable kst_r1
rmmod kst_r1 klp_split
