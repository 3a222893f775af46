# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a kernel worker sleeps, or runs without a pause, in a function of a livepatch whose address was
#   passed on. Livepatch doesn't know of it: its transition ended before the worker called the function. Or a
#   thread sleeps there that has exited and is on no task list any more.
# Prevents: freeing a main or an object module under a task that is in its code; using one again that is about
#   to be freed.
# Fails if: the module is removed while the worker is in it, can be loaded or removed a second time, or stays
#   after the worker has left; or nothing shows which task the core waits for; or the core waits for tasks that
#   are elsewhere, because they run or no longer have a stack.
sys=/sys/kernel/klp_split
d1=/sys/module/kst_d1/parameters
ms=$((12000 * SLOW)) # longer than a transition takes on a busy host

worker_is_in() { grep -q "$1" /proc/[0-9]*/stack 2>/dev/null; }
has() { grep -q "$1" "$2" 2>/dev/null; }

# is_draining FOLDER [FUNCTION]: who is in its way is named.
is_draining()
{
	wait_until 20 has draining "$1/state"
	wait_until 20 has "^[0-9]* ${2:-kst_d_later} kworker" "$1/held_by"
}

# run_without_pause MODULE: a worker, in kst_d_busy() of the module. Of who runs nobody can show the stack.
run_without_pause() { echo $ms >"/sys/module/$1/parameters/busy"; }
is_busy() { has Y "/sys/module/$1/parameters/is_busy"; }

# Nobody has to wait for these: a task that always runs, in user space (run_always), and a zombie.
run_always() { while :; do :; done; }
sh -c 'true & exec sleep 10000' &
zombie=$!

modprobe kst_sleeper
modprobe kst_d1
wait_transition
expect_eq enabled "$(cat $sys/kst_d1/state)"
expect_eq "" "$(cat $sys/kst_d1/held_by)$(cat $sys/kst_d1/kst_sleeper/held_by)"

step "a main module"
echo $ms >/sys/module/kst_d1/parameters/later
disable kst_d1
wait_until 30 worker_is_in kst_d_later
run_always &
runner=$!
dmesg_mark
/usr/sbin/rmmod kst_d1 &
rmmod=$!
is_draining $sys/kst_d1
wait_until 10 dmesg_has "klp_split: kst_d1: kst_d1 is draining: 1 task(s) may be in its code, the first is [0-9]* kst_d_later kworker"
kill $runner
not_loaded kst_d1__kst_sleeper
step "who waits for it doesn't keep the machine from being suspended, for which all tasks are frozen"
mkdir /tmp/freezer
mount -t cgroup -o freezer none /tmp/freezer
mkdir /tmp/freezer/kst
echo $rmmod >/tmp/freezer/kst/tasks
echo FROZEN >/tmp/freezer/kst/freezer.state
wait_until 10 has FROZEN /tmp/freezer/kst/freezer.state
echo THAWED >/tmp/freezer/kst/freezer.state
expect_eq draining "$(cat $sys/kst_d1/state)"
step "and it is suspended to memory, and goes on"
dmesg_mark
echo deep >/sys/power/mem_sleep
echo "+$((3 * SLOW))" >/sys/class/rtc/rtc0/wakealarm
echo mem >/sys/power/state
dmesg_has "PM: suspend exit"
expect_eq draining "$(cat $sys/kst_d1/state)"
step "it can't be used again, nor its core be removed; who waits for it can't be killed"
expect_fail modprobe kst_d1
expect_fail rmmod kst_d1
expect_fail rmmod klp_split
kill -9 $rmmod
sleep 1
loaded kst_d1
expect_eq draining "$(cat $sys/kst_d1/state)"
step "another one can be used meanwhile, and its target"
modprobe kst_d2
wait_transition
patched kst_d2 vmlinux kst_sleeper
expect_eq draining "$(cat $sys/kst_d1/state)"
step "it leaves with the worker"
wait $rmmod || :
rmdir /tmp/freezer/kst
umount /tmp/freezer
not_loaded kst_d1
worker_is_in kst_d_later && fail "the worker is still there"

step "a main module, in which a process is that has a newline in its name"
modprobe kst_d1
wait_transition
wait_until 20 rmmod kst_d2
disable kst_d1
sh -c "printf 'a\nb' >/proc/self/comm; echo $ms >/sys/module/kst_d1/parameters/here" &
process=$!
wait_until 10 grep -q set_here /proc/$process/stack
dmesg_mark
rmmod kst_d1 &
rmmod=$!
wait_until 20 has "^$process set_here a.nb\$" $sys/kst_d1/held_by
loaded kst_d1
wait $rmmod $process
not_loaded kst_d1
dmesg_has "the first is $process set_here a.nb; it is freed after they have left"

step "a process that is stopped, and would go on in the main module: it does so elsewhere"
modprobe kst_d1
wait_transition
echo 600000 >/sys/module/kst_d1/parameters/again_ms
cat /proc/cmdline >/tmp/again &
process=$!
wait_until 10 grep -q kst_d_show_again /proc/$process/stack
kill -STOP $process
wait_until 10 has ' T ' /proc/$process/stat
disable kst_d1
rmmod kst_d1
kill -CONT $process
wait $process
expect_eq "$(cat /proc/cmdline)" "$(cat /tmp/again)" "what was read in the end"

step "a main module, in which a worker runs without a pause"
modprobe kst_d1
wait_transition
run_without_pause kst_d1
disable kst_d1
wait_until 30 is_busy kst_d1
rmmod kst_d1 &
rmmod=$!
# RCU waits for the worker before the object module is removed, and doesn't say for whom.
wait_until 20 has removing $sys/kst_d1/state
wait_until 20 has '^[0-9]* kst_d_busy kworker' $sys/kst_d1/held_by
loaded kst_d1 kst_d1__kst_sleeper
wait $rmmod
not_loaded kst_d1

# Were it the last to be replaced, livepatch itself would wait for the thread, as unregister_ftrace_function() does.
step "a main module under another one, in which a thread sleeps that is on no list any more"
modprobe kst_d1
wait_transition
# More tasks have ended than the core can follow at once.
n=0
while [ $n -lt 1100 ]; do
	(:)
	n=$((n + 1))
done
echo 1 >$d1/hold_ending
ender &
ender=$!
wait_until 30 has '^1$' $d1/ending
modprobe kst_d3
wait_transition
disable kst_d1
rmmod kst_d1 &
rmmod=$!
wait_until 30 has '^[0-9]* kst_d_release_thread ender$' $sys/kst_d1/held_by
loaded kst_d1
expect_eq 1 "$(cat $d1/ending)" "threads in release_thread()"
echo 1 >$d1/released
wait $rmmod
not_loaded kst_d1
kill $ender
disable kst_d3
rmmod kst_d3

step "the same with more threads than the core can follow"
modprobe kst_d1
wait_transition
echo 1 >$d1/hold_ending
ender 1024 &
enders=$!
wait_until 90 has '^1024$' $d1/ending
# A few of these may find room where another task has just left.
echo 2 >$d1/hold_ending
ender 32 &
enders="$enders $!"
wait_until 30 has '^1056$' $d1/ending
modprobe kst_d3
wait_transition
disable kst_d1
rmmod kst_d1 &
rmmod=$!
wait_until 60 has '^[0-9]* kst_d_release_thread ender$' $sys/kst_d1/held_by
echo 1 >$d1/released
wait_until 60 has '^32$' $d1/ending
sleep 2
wait_until 30 has '^0 ? exiting$' $sys/kst_d1/kst_sleeper/held_by
loaded kst_d1
echo 2 >$d1/released
wait $rmmod
not_loaded kst_d1
# shellcheck disable=SC2086 # a list
kill $enders
disable kst_d3
rmmod kst_d3

step "such a thread calls a replaced function during a transition that began after it had left the list"
# hold_up MODULE: the next transition, by a process that is asleep in the module.
hold_up()
{
	echo $((25000 * SLOW)) >"/sys/module/$1/parameters/asleep_ms"
	cat /proc/cmdline >/dev/null &
	reader=$!
	wait_until 10 grep -q kst_d_show_asleep /proc/$reader/stack
	echo 0 >"/sys/module/$1/parameters/asleep_ms"
}
# hold_last MODULE: it is asleep there, and will then reap the first thread of its process.
hold_last()
{
	echo 1 >"/sys/module/$1/parameters/hold_ending"
	ender last &
	ender=$!
	wait_until 30 has '^1$' "/sys/module/$1/parameters/ending"
}
has_no_child() { [ -z "$(cat "/proc/$1/task/$1/children")" ]; }
release_last()
{
	expect_eq 1 "$(klp kst_d3 transition)" "transition of kst_d3"
	echo 1 >"/sys/module/$1/parameters/released"
	wait_until 10 has_no_child $ender
	expect_eq 1 "$(klp kst_d3 transition)" "transition of kst_d3"
	kill $ender
	wait $reader
}
modprobe kst_d1
wait_transition
hold_last kst_d1
hold_up kst_d1
modprobe kst_d3
release_last kst_d1
wait_transition
hold_last kst_d3
hold_up kst_d3
echo 0 >/sys/kernel/livepatch/kst_d3/enabled
release_last kst_d3
wait_until 20 test ! -e /sys/kernel/livepatch/kst_d3
rmmod kst_d3
disable kst_d1
rmmod kst_d1

step "an object module, whose target is unloaded"
modprobe kst_d1
wait_transition
echo $ms >/sys/module/kst_d1__kst_sleeper/parameters/later
wait_until 30 worker_is_in kst_d_later
rmmod kst_sleeper &
rmmod=$!
is_draining $sys/kst_d1/kst_sleeper
loaded kst_sleeper kst_d1__kst_sleeper
expect_fail modprobe kst_sleeper
expect_fail rmmod kst_d1__kst_sleeper
wait $rmmod
not_loaded kst_sleeper kst_d1__kst_sleeper
worker_is_in kst_d_later && fail "the worker is still there"
expect_eq idle "$(cat $sys/kst_d1/kst_sleeper/state)"

step "an object module, from which a worker has called what has no unwind data; its target is unloaded"
modprobe kst_sleeper
echo $ms >/sys/module/kst_d1__kst_sleeper/parameters/opaque
wait_until 30 worker_is_in kst_sleeper_opaque
rmmod kst_sleeper &
rmmod=$!
wait_until 20 has '^[0-9]* ? kworker' $sys/kst_d1/kst_sleeper/held_by
loaded kst_sleeper kst_d1__kst_sleeper
wait $rmmod
worker_is_in kst_sleeper_opaque && fail "the worker is still there"

step "an object module in which a worker runs without a pause: its target is unloaded, which livepatch itself delays"
modprobe kst_sleeper
run_without_pause kst_d1__kst_sleeper
wait_until 30 is_busy kst_d1__kst_sleeper
rmmod kst_sleeper
not_loaded kst_sleeper kst_d1__kst_sleeper

step "and its livepatch removed"
modprobe kst_sleeper
run_without_pause kst_d1__kst_sleeper
disable kst_d1
wait_until 30 is_busy kst_d1__kst_sleeper
rmmod kst_d1 &
rmmod=$!
is_draining $sys/kst_d1/kst_sleeper 'kst_[a-z_]*' # kst_d_busy, or kst_spin that it calls
loaded kst_d1 kst_d1__kst_sleeper
wait $rmmod
not_loaded kst_d1 kst_d1__kst_sleeper
rmmod kst_sleeper
modprobe kst_d1
wait_transition

step "an object module, whose livepatch is removed, and whose target is forced out meanwhile"
modprobe kst_sleeper
echo $ms >/sys/module/kst_d1__kst_sleeper/parameters/later
disable kst_d1
wait_until 30 worker_is_in kst_d_later
rmmod kst_d1 &
rmmod=$!
is_draining $sys/kst_d1/kst_sleeper
rmmod -f kst_sleeper &
force=$!
wait_until 10 has '^kst_sleeper .* Unloading' /proc/modules
expect_fail rmmod -f kst_sleeper
expect_fail modprobe kst_sleeper
loaded kst_sleeper kst_d1__kst_sleeper kst_d1
wait $force
wait $rmmod
not_loaded kst_sleeper kst_d1__kst_sleeper kst_d1
worker_is_in kst_d_later && fail "the worker is still there"
modprobe kst_d1
wait_transition

step "an object module that somebody forces out, while a task is in its code"
modprobe kst_sleeper
echo $ms >/sys/module/kst_d1__kst_sleeper/parameters/later
wait_until 30 worker_is_in kst_d_later
dmesg_mark
rmmod -f kst_d1__kst_sleeper &
force=$!
wait_until 10 dmesg_has 'removal of kst_d1__kst_sleeper was forced while in use'
rmmod kst_sleeper
not_loaded kst_sleeper kst_d1__kst_sleeper
worker_is_in kst_d_later && fail "the worker is still there"
wait $force || :

step "the target comes again"
modprobe kst_sleeper
patched kst_d1 vmlinux kst_sleeper
rmmod kst_sleeper
disable kst_d1
rmmod kst_d1
rmmod klp_split
kill $zombie

step "a main module, in which a process sleeps that was ending, and waiting for others, when the core was loaded"
ender namespace >/tmp/first &
ender=$!
wait_until 10 test -s /tmp/first
first=$(cat /tmp/first)
kill -9 "$first"
wait_until 10 grep -q zap_pid_ns_processes "/proc/$first/stack"
modprobe kst_sleeper
modprobe kst_d1
wait_transition
echo 1 >$d1/hold_leaders
echo 1 >$d1/hold_ending
kill -USR1 $ender
wait_until 30 has '^1$' $d1/ending
modprobe kst_d3
wait_transition
disable kst_d1
rmmod kst_d1 &
rmmod=$!
wait_until 30 has '^[0-9]* kst_d_release_thread ender$' $sys/kst_d1/held_by
loaded kst_d1
echo 1 >$d1/released
wait $rmmod
not_loaded kst_d1
kill $ender
disable kst_d3
rmmod kst_d3
rmmod kst_sleeper
rmmod klp_split
