# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a task is in the code of a livepatch that is unloaded: a process that sleeps in a system call whose
#   body the compiler has made a separate function, or a kernel worker that was passed an address.
# Prevents: freeing code under a task; a kpatch that reports code as unloaded that is still in memory, that
#   waits for ever, or that has to be run again.
# Fails if: one of the tasks returns into freed memory or isn't named, its livepatch can be loaded a second
#   time, or the module stays after kpatch has ended and the task has left.
worker_is_in() { grep -q "$1" /proc/[0-9]*/stack 2>/dev/null; }
ms=$((30000 * SLOW)) # time enough for two unloads of kpatch, on a busy host

step "a process asleep in a system call is switched when it returns to user space, and sleeps on"
expect_ok kpatch load /livepatches/nap
nap 40 >/tmp/nap &
nap=$!
wait_until 10 grep -q __do_sys_nanosleep "/proc/$nap/stack"
grep -q __x64_sys_nanosleep "/proc/$nap/stack" && fail "the replaced function is on the stack"
expect_ok kpatch unload nap
output_has 'nap is unloaded'
not_loaded nap
kill -0 $nap || fail "the process doesn't sleep any more"
wait $nap
expect_eq "nanosleep: 0" "$(cat /tmp/nap)"

step "unload: a worker in the code is waited for as long as was said, and named"
modprobe kst_sleeper
expect_ok kpatch load /livepatches/kst_d1
echo $ms >/sys/module/kst_d1/parameters/later
disable kst_d1
wait_until $((60 * SLOW)) worker_is_in kst_d_later
expect_exit 4 kpatch unload --timeout 3 kst_d1
output_has KS431
output_has "kworker.* is in kst_d_later(), in kst_d1"
output_lacks 'is unloaded'
loaded kst_d1

step "it is shown, and can't be loaded, nor unloaded twice"
expect_exit 6 kpatch status
output_has 'kst_d1: draining'
output_has 'held by kworker.* is in kst_d_later(), in kst_d1'
output_has '! kst_d1: is disabled, and removed from memory when no task is in its code'
expect_ok kpatch list --json
output_has '"state": "draining"'
output_has '"function": "kst_d_later"'
expect_exit 4 kpatch load /livepatches/kst_d1
output_has KS432
kpatch unload --timeout 60 kst_d1 >/tmp/unload 2>&1 &
unload=$!
sleep 2
kill -INT $unload
status=0
wait $unload || status=$?
expect_eq 4 $status "exit code: $(cat /tmp/unload)"
grep -q KS431 /tmp/unload

step "it leaves by itself when the worker does"
worker_is_in kst_d_later || fail "the worker has left too early for this test"
wait_until $((60 * SLOW)) test ! -e /sys/module/kst_d1
worker_is_in kst_d_later && fail "the worker is still there"
expect_ok kpatch load /livepatches/kst_d1

step "a kpatch that is killed while it unloads: the kernel goes on, and nothing is used again before it has done"
echo $((15000 * SLOW)) >/sys/module/kst_d1/parameters/later
disable kst_d1
wait_until $((60 * SLOW)) worker_is_in kst_d_later
kpatch unload --timeout 60 kst_d1 >/tmp/unload 2>&1 &
unload=$!
wait_until 20 grep -q draining /sys/kernel/klp_split/kst_d1/state
kill -KILL $unload
wait $unload || :
expect_exit 4 kpatch load /livepatches/kst_d1
output_has KS432
wait_until $((60 * SLOW)) test ! -e /sys/module/kst_d1
expect_ok kpatch load /livepatches/kst_d1
expect_ok kpatch unload --all
not_loaded kst_d1 kst_d1__kst_sleeper klp_split
