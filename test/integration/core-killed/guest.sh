# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: processes that load or unload a target are killed while an object module is loaded or removed.
# Prevents: an object module that is left in memory, or a target that is freed before it, because a signal
#   interrupted a wait.
# Fails if: the core waits for its helper, or for another task, in a way that a signal interrupts; or removes
#   object modules in the context of a task that was killed.

modprobe kst_m
wait_transition

settled() { ! grep -q 'kst_[mt].*\(Loading\|Unloading\)' /proc/modules; }

# The object module is there exactly if the target is.
consistent()
{
	wait_until 20 settled
	if is_loaded kst_t1; then
		loaded kst_m__kst_t1
		expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
		rmmod kst_t1
	fi
	not_loaded kst_t1 kst_m__kst_t1
}

for state in 1 0; do
	step "the user's modprobe is killed while the object module loads, held up in state $state"
	modprobe kst_notifier name=kst_m__kst_t1 sleep=$((2000 * SLOW)) state=$state
	dmesg_mark
	# A program of its own: the shell's own modprobe would be the shell's child all the same.
	/usr/sbin/modprobe kst_t1 &
	task=$!
	wait_until 20 dmesg_has 'kst_notifier: kst_m__kst_t1 is'
	kill -9 $task
	wait $task || :
	consistent

	step "the helper is killed, held up in state $state"
	dmesg_mark
	modprobe kst_t1 &
	task=$!
	wait_until 20 dmesg_has 'kst_notifier: kst_m__kst_t1 is'
	killall -9 modprobe
	wait $task || :
	consistent
	rmmod kst_notifier
done

step "rmmod is killed at any moment"
n=0
while [ $n -lt 20 ]; do
	modprobe kst_t1
	/usr/sbin/rmmod kst_t1 &
	task=$!
	usleep $((n * 2000))
	kill -9 $task 2>/dev/null || :
	wait $task || :
	consistent
	n=$((n + 1))
done

step "modprobe is killed at any moment"
n=0
while [ $n -lt 20 ]; do
	/usr/sbin/modprobe kst_t1 &
	task=$!
	usleep $((n * 5000))
	kill -9 $task 2>/dev/null || :
	wait $task || :
	consistent
	n=$((n + 1))
done

disable kst_m
rmmod kst_m
rmmod klp_split
