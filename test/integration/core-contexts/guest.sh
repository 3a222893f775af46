# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: new code runs all the time in contexts without a stack of their own (interrupts, RCU callbacks), in
#   workers, in threads of io_uring, and in processes that have just been forked; a task sleeps there and is
#   parked, stopped, frozen, or has its return addresses stored elsewhere by a tracer; a CPU is switched off.
# Prevents: freeing code under one of these tasks; a livepatch, a target or a tracer that can't be removed
#   because of one.
# Fails if: a main or an object module is removed before all interrupts that run its code have returned, or
#   before a task has left it whose stack contains a tracer's address instead of its own; or the core waits for
#   a task that is stopped or frozen outside of new code.
sys=/sys/kernel/klp_split
counts=/sys/module/kst_contexts/parameters/counts
sleeper=/sys/module/kst_sleeper/parameters
tracing=/sys/kernel/tracing
ms=$((12000 * SLOW))

in_stack() { grep -q "$2" "/proc/$1/stack"; }
worker_is_in() { grep -q "$1" /proc/[0-9]*/stack 2>/dev/null; }
thread_is_in() { grep -q "$2" "/proc/$1/task"/[0-9]*/stack; }
has() { grep -q "$1" "$2" 2>/dev/null; }

# Each context has run new code since.
all_run_new_code()
{
	cat $counts >/tmp/before
	sleep 1
	paste -d ' ' /tmp/before $counts | awk '$4 <= $2 { missing = 1 } END { exit missing }'
}

step "a livepatch comes and goes while its functions run in interrupts"
modprobe kst_contexts run=1
for _ in 1 2 3 4 5 6; do
	modprobe kst_k1
	wait_transition
	wait_until 20 all_run_new_code
	disable kst_k1
	rmmod kst_k1
	not_loaded kst_k1 kst_k1__kst_contexts
done

step "the target comes and goes"
modprobe kst_k1
wait_transition
for _ in 1 2 3 4; do
	rmmod kst_contexts
	not_loaded kst_contexts kst_k1__kst_contexts
	modprobe kst_contexts run=1
	wait_until 20 all_run_new_code
done

step "a kernel thread is parked in new code: it is waited for, also if the target takes it along"
echo 1 >/sys/module/kst_contexts/parameters/park
wait_until 10 worker_is_in kst_k_park_on
echo 0 >/sys/kernel/livepatch/kst_k1/enabled
sleep $((4 * SLOW))
expect_eq 1 "$(klp kst_k1 transition)" "transition of kst_k1"
rmmod kst_contexts
not_loaded kst_contexts kst_k1__kst_contexts
wait_until 20 test ! -e /sys/kernel/livepatch/kst_k1
rmmod kst_k1

step "a worker whose return addresses the graph tracer keeps"
modprobe kst_sleeper
modprobe kst_d1
wait_transition
# sleep_and_drain: it sleeps in kst_d1; that is removed, and waits for it by name.
sleep_and_drain()
{
	echo $ms >/sys/module/kst_d1/parameters/later
	disable kst_d1
	wait_until 30 worker_is_in kst_d_later
	rmmod kst_d1 &
	rmmod=$!
	wait_until 20 has '^[0-9]* kst_d_later kworker' $sys/kst_d1/held_by
}
echo 'kst_d_*' >$tracing/set_ftrace_filter
echo msleep >>$tracing/set_ftrace_filter
echo function_graph >$tracing/current_tracer
sleep_and_drain
grep -q kst_d_later $tracing/trace || fail "the tracer has not seen it"
wait $rmmod
not_loaded kst_d1
echo nop >$tracing/current_tracer
echo >$tracing/set_ftrace_filter

step "the same, by a kretprobe"
modprobe kst_d1
wait_transition
echo 'r:kst_returns msleep' >$tracing/kprobe_events
echo 1 >$tracing/events/kprobes/kst_returns/enable
sleep_and_drain
wait $rmmod
not_loaded kst_d1
grep -q kst_returns $tracing/trace || fail "the probe has not seen it"
echo 0 >$tracing/events/kprobes/kst_returns/enable
echo >$tracing/kprobe_events

step "CPUs are switched off and on while a worker that doesn't pause is waited for"
modprobe kst_d1
wait_transition
echo $ms >/sys/module/kst_d1/parameters/busy
disable kst_d1
wait_until 30 has Y /sys/module/kst_d1/parameters/is_busy
rmmod kst_d1 &
rmmod=$!
wait_until 20 has '^[0-9]* kst_d_busy kworker' $sys/kst_d1/held_by
for _ in 1 2 3; do
	echo 0 >/sys/devices/system/cpu/cpu1/online
	echo 1 >/sys/devices/system/cpu/cpu1/online
done
loaded kst_d1
wait $rmmod
not_loaded kst_d1

step "two more are replaced while the first waits for a worker"
modprobe kst_d1
wait_transition
echo $((2 * ms)) >/sys/module/kst_d1/parameters/later
modprobe kst_d2
wait_transition
wait_until 30 test ! -e /sys/kernel/livepatch/kst_d1
wait_until $((ms / 500)) worker_is_in kst_d_later
rmmod kst_d1 &
rmmod=$!
wait_until 20 has draining $sys/kst_d1/state
modprobe kst_m
wait_transition
wait_until 20 rmmod kst_d2
modprobe kst_d2
wait_transition
wait_until 20 rmmod kst_m
expect_eq draining "$(cat $sys/kst_d1/state)"
expect_fail modprobe kst_d1
patched kst_d2 vmlinux kst_sleeper
wait $rmmod
not_loaded kst_d1 kst_m
disable kst_d2
rmmod kst_d2

step "a worker of io_uring is asleep in new code"
modprobe kst_d1
wait_transition
echo $ms >/sys/module/kst_d1/parameters/asleep_ms
uring /proc/cmdline >/tmp/uring &
uring=$!
wait_until 20 thread_is_in $uring kst_d_show_asleep
echo 0 >/sys/module/kst_d1/parameters/asleep_ms
echo 0 >/sys/kernel/livepatch/kst_d1/enabled
sleep $((4 * SLOW))
expect_eq 1 "$(klp kst_d1 transition)" "transition of kst_d1"
wait $uring
expect_ne 0 "$(cat /tmp/uring)" "bytes that io_uring has read"
wait_until 20 test ! -e /sys/kernel/livepatch/kst_d1
rmmod kst_d1

step "a process that shares its parent's memory, after vfork(), is asleep in new code, and the parent waits for it"
modprobe kst_d1
wait_transition
echo $ms >/sys/module/kst_d1/parameters/asleep_ms
vforker /proc/cmdline &
vforker=$!
child_of() { cat "/proc/$1/task/$1/children"; }
child_is_in() { child=$(child_of "$1"); [ -n "$child" ] && in_stack "${child% }" "$2"; }
wait_until 20 child_is_in $vforker kst_d_show_asleep
echo 0 >/sys/module/kst_d1/parameters/asleep_ms
echo 0 >/sys/kernel/livepatch/kst_d1/enabled
sleep $((4 * SLOW))
expect_eq 1 "$(klp kst_d1 transition)" "transition of kst_d1"
wait $vforker
wait_until 20 test ! -e /sys/kernel/livepatch/kst_d1
rmmod kst_d1

step "a process that is stopped or frozen is not in new code any more, and isn't waited for"
mkdir -p /tmp/cgroup
mount -t cgroup2 none /tmp/cgroup
mkdir /tmp/cgroup/kst
for how in stopped frozen; do
	modprobe kst_d1
	wait_transition
	echo 600000 >$sleeper/nap &
	nap=$!
	wait_until 10 in_stack $nap kst_d_wait_asleep
	if [ $how = stopped ]; then
		kill -STOP $nap
	else
		echo $nap >/tmp/cgroup/kst/cgroup.procs
		echo 1 >/tmp/cgroup/kst/cgroup.freeze
	fi
	disable kst_d1
	rmmod kst_d1
	not_loaded kst_d1
	kill -9 $nap
	echo 0 >/tmp/cgroup/kst/cgroup.freeze
	wait $nap || :
done
rmdir /tmp/cgroup/kst
umount /tmp/cgroup

# Those that end are on no list any more for a moment, and are interrupted then, too.
step "processes are forked and end all the time, and go through new code, as do interrupts"
modprobe kst_contexts run=1
for _ in 1 2 3; do
	sh -c 'while :; do cat /proc/cmdline >/dev/null; done' &
	forkers="${forkers:-} $!"
done
for _ in 1 2; do
	modprobe kst_d1
	wait_transition
	echo 5 >/sys/module/kst_d1/parameters/asleep_ms
	modprobe kst_k1
	wait_transition
	disable kst_k1
	rmmod kst_k1
	disable kst_d1
	rmmod kst_d1
done
# shellcheck disable=SC2086 # a list
kill $forkers
rmmod kst_contexts

rmmod kst_sleeper
rmmod klp_split
