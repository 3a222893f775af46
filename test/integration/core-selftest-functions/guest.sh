# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: functions that are replaced (a system call, a target's function) run all the time, are traced, or
#   probed.
# Prevents: a split livepatch that is less robust against other users of its functions than a livepatch in a
#   single module; a livepatch that is half enabled after it was refused.
# Fails if: a call returns a wrong result, a tracer misses the new code, a probe that must prevent replacing
#   doesn't, or a refused livepatch leaves something.

tracing=/sys/kernel/tracing
mount -t tracefs none $tracing 2>/dev/null || :
value() { cat /sys/module/kst_t3/parameters/value; }

step "a system call that four processes make without a pause"
/test/getpids /tmp/end &
asking=$!
n=0
while [ $n -lt 5 ]; do
	modprobe kst_pid
	wait_transition
	wait_until 20 sh -c '[ "$(cat /sys/module/kst_pid/parameters/calls)" -gt 100 ]'
	disable kst_pid
	rmmod kst_pid
	n=$((n + 1))
done
: >/tmp/end
wait $asking || fail "a process got another's number"

step "a function of a target, called all the time, under livepatches in quick succession"
modprobe kst_t3
while :; do
	read -r number </sys/module/kst_t3/parameters/value
	case $number in
	0 | 501) ;;
	*) echo "$number" >/tmp/wrong ;;
	esac
done &
calling=$!
n=0
while [ $n -lt 5 ]; do
	modprobe kst_b1
	wait_transition
	expect_eq 501 "$(value)"
	disable kst_b1
	rmmod kst_b1
	expect_eq 0 "$(value)"
	n=$((n + 1))
done
kill $calling
[ ! -e /tmp/wrong ] || fail "the function returned $(cat /tmp/wrong)"

step "trace a replaced function; replace a traced one"
modprobe kst_b1
wait_transition
echo kst_t3_value >$tracing/set_ftrace_filter
for tracer in function function_graph; do
	echo $tracer >$tracing/current_tracer
	expect_eq 501 "$(value)"
	grep -q kst_t3_value $tracing/trace || fail "the $tracer tracer missed the replaced function"
	disable kst_b1
	rmmod kst_b1
	expect_eq 0 "$(value)"
	modprobe kst_b1
	wait_transition
	expect_eq 501 "$(value)"
done
echo nop >$tracing/current_tracer
echo >$tracing/set_ftrace_filter

step "ftrace can't be turned off under a livepatch"
expect_fail sh -c 'echo 0 >/proc/sys/kernel/ftrace_enabled'
disable kst_b1
rmmod kst_b1

step "a kprobe without a post handler, before and after"
modprobe kst_probe
modprobe kst_b1
wait_transition
expect_eq 501 "$(value)"
rmmod kst_probe
modprobe kst_probe
expect_eq 501 "$(value)"
expect_ne 0 "$(cat /sys/module/kst_probe/parameters/hits)" "hits of the probe"
disable kst_b1
rmmod kst_b1
rmmod kst_probe

step "with a post handler: the livepatch is refused, and nothing of it is left"
modprobe kst_probe post=1
expect_fail modprobe kst_b1
output_has 'Device or resource busy'
not_loaded kst_b1 kst_b1__kst_t3
expect_eq 0 "$(value)"
rmmod kst_probe

step "and the other way round: the probe is refused"
modprobe kst_b1
wait_transition
expect_fail modprobe kst_probe post=1
expect_eq 501 "$(value)"
disable kst_b1
rmmod kst_b1 kst_t3

# held COMMAND…: a livepatch waits for a task asleep in the function that it replaces, while COMMAND
# has put something on that task's stack, or instead of its return addresses; then it is there.
held()
{
	modprobe kst_b1
	sleep $((2 * SLOW))
	expect_eq 1 "$(klp kst_b1 transition)" "transition"
	"$@"
	wait_transition
	patched kst_b1 vmlinux kst_sleeper
	disable kst_b1
	rmmod kst_b1
}
asleep() { echo $((8000 * SLOW)) >/sys/module/kst_sleeper/parameters/sleep & sleep 1; }

step "a task asleep in a replaced function: what it calls is traced by the graph tracer"
modprobe kst_sleeper
echo schedule_timeout msleep >$tracing/set_ftrace_filter
echo function_graph >$tracing/current_tracer
asleep
held wait $!
echo nop >$tracing/current_tracer
echo >$tracing/set_ftrace_filter

step "the same: what it calls has a kretprobe"
echo 'r:kst_ret schedule_timeout' >$tracing/kprobe_events
echo 1 >$tracing/events/kprobes/kst_ret/enable
asleep
held wait $!
echo 0 >$tracing/events/kprobes/kst_ret/enable
echo >$tracing/kprobe_events

if [ -e /proc/sys/vm/unprivileged_userfaultfd ]; then
	step "the same: asleep in a page fault"
	/test/faulter /sys/module/kst_sleeper/parameters/touch /tmp/faulting /tmp/serve &
	faulter=$!
	wait_until 20 test -e /tmp/faulting
	serve() { : >/tmp/serve && wait "$faulter"; }
	held serve
else
	step "left out: asleep in a page fault (this kernel has no userfaultfd, by which a page is held back)"
fi
rmmod kst_sleeper

step "all CPUs are busy, and next to no memory is left"
modprobe kst_t3
busy=
for _ in 1 2 3 4; do
	while :; do :; done &
	busy="$busy $!"
done
mkdir -p /mnt
mount -t tmpfs -o size=100% none /mnt
available() { awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo; }
dd if=/dev/zero of=/mnt/fill bs=1M count=$(($(available) - 24)) 2>/dev/null
modprobe kst_b1
wait_transition 120
expect_eq 501 "$(value)"
rmmod kst_t3
modprobe kst_t3
expect_eq 501 "$(value)"
disable kst_b1 120
rmmod kst_b1 kst_t3
# shellcheck disable=SC2086 # a list
kill $busy
umount /mnt
rmmod klp_split
