# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a livepatch with new functions of vmlinux and of a module that consists of one unit (dummy): one that
#   sleeps, one with a static call of vmlinux that isn't exported (a tracepoint), pointers to a new and to an
#   old function. Modules are compressed if the distribution's are; the livepatch's own are, too, for some
#   steps.
# Prevents: new code that the kernel can't unwind, trace, or patch for this CPU, because of how objtool and
#   kbuild treat a linked module.
# Fails if: a task that sleeps in a new function holds up another livepatch's transition, or not that of this
#   one; ftrace doesn't know the function; a call or the tracepoint has a wrong target; target or object module
#   isn't found or can't be read because it is compressed.
tracing=/sys/kernel/tracing

nap_begins()
{
	sh -c 'echo 77 >/proc/self/oom_score_adj; read -r line </proc/loadavg; echo "$line" >/tmp/nap' &
	napper=$!
	wait_until 20 is_napping
}

is_napping() { grep -q klp_nap "/proc/$napper/stack"; }

step "indirect branch tracking: $(grep -o -m1 -w ibt /proc/cpuinfo || echo this CPU has none)"

step "load; a module of one unit comes later"
expect_ok kpatch load /livepatches/new_code
patched new_code vmlinux
expect_eq "$(cat /shipped)" "$(basename "$(modinfo -n dummy)")" "the target's file, compressed or not as the kernel's package has it"
modprobe dummy
patched new_code vmlinux dummy

step "its object module is compressed as well: by modprobe, and without"
code=/lib/modules/$(uname -r)/updates/klp-split/new_code/new_code__dummy.ko
rmmod dummy
mv "$code" /tmp/plain.ko
cp /compressed.ko.xz "$code.xz"
depmod
modprobe dummy
patched new_code dummy
rmmod dummy
echo >/proc/sys/kernel/modprobe
dmesg_mark
if grep -qsx xz /sys/module/compression; then # CONFIG_MODULE_DECOMPRESS
	modprobe dummy
	patched new_code dummy
	rmmod dummy
else
	expect_fail modprobe dummy
	dmesg_has 'of compressed modules this kernel loads none'
fi
dmesg_has "modprobe new_code__dummy can't be run"
echo /sbin/modprobe >/proc/sys/kernel/modprobe
rm "$code.xz"
mv /tmp/plain.ko "$code"
depmod
modprobe dummy

step "calls through pointers, of a new and of an old function"
expect_ok cat /proc/loadavg
output_has '^Nn [0-9]'

step "a static call that is no export: the tracepoint in the replaced function"
echo 1 >$tracing/events/sched/sched_process_exec/enable
dmesg_mark
busybox=$(command -v busybox)
"$busybox" echo 3 4 5 6 7
dmesg_has "seven arguments: $busybox"
grep -q "sched_process_exec: filename=$busybox" $tracing/trace || fail "the tracepoint is silent"
echo 0 >$tracing/events/sched/sched_process_exec/enable

step "a new function of the module"
dmesg_mark
ifconfig dummy0 10.11.12.1 up
ping -c 1 -W 1 10.11.12.13 || true
dmesg_has 'dummy: [0-9]* bytes'

step "ftrace knows the new functions"
for function in klp_nap klp_mark klp_tell; do
	# GCC may have made klp_tell.isra.0 of it
	grep -q "^${function}[^ ]* \[new_code" $tracing/available_filter_functions || fail "not $function"
done
echo klp_mark >$tracing/set_ftrace_filter
echo function >$tracing/current_tracer
cat /proc/loadavg
grep -q 'klp_mark *<-klp_nap' $tracing/trace || fail "klp_mark was not traced"
echo nop >$tracing/current_tracer
echo >$tracing/set_ftrace_filter

step "a task asleep in a new function: its stack is reliable, another transition ends"
nap_begins
expect_ok kpatch load /livepatches/other
patched other vmlinux
wait_transition
is_napping
expect_ok kpatch unload other
is_napping

step "its own transition waits for it"
echo 0 >/sys/kernel/livepatch/new_code/enabled
sleep 3
expect_eq 1 "$(klp new_code transition)"
is_napping
echo 0 >"/proc/$napper/oom_score_adj"
wait "$napper"
expect_eq "Nn " "$(cut -c1-3 /tmp/nap)"
wait_until 60 test ! -e /sys/kernel/livepatch/new_code
expect_ok kpatch unload new_code
not_loaded new_code new_code__dummy
expect_ok cat /proc/loadavg
output_lacks Nn
