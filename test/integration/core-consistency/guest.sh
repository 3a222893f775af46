# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: tasks sleep where livepatch itself doesn't check: in a part that the compiler has split off from a
#   function (f.cold, f.part.0), old or new; or in new functions to which the replaced function has jumped. Or
#   they run there without a pause.
# Prevents: a task that runs the first half of a function in one version and the rest in another; code that
#   livepatch considers unused, and frees.
# Fails if: a transition of any kind (enabling, replacing, stacking, disabling, and each of them reversed) ends
#   while such a task is there, or one waits for tasks that are in the code of an unrelated livepatch.
target=/sys/module/kst_sleeper/parameters
# A livepatch is loaded meanwhile, on a busy host. Livepatch signals them after 15 seconds, and cat reads again.
ms=$((25000 * SLOW))

in_stack() { grep -q "$2" "/proc/$1/stack"; }
worker_is_in() { grep -q "$1" /proc/[0-9]*/stack 2>/dev/null; }
nobody_is_in() { ! worker_is_in "$1"; }

# A task that sleeps in the cold part of the target's function, old or new. The stock
# 6.12 is built without cold parts: there it is the function itself.
sleep_in_cold_part()
{
	local part=$1

	! grep -q " $1[.]cold" /proc/kallsyms || part="$1[.]cold"
	echo $ms >$target/cold &
	cold=$!
	wait_until 10 in_stack $cold "$part+"
	[ "$part" = "$1" ] || ! in_stack $cold "$1+" || fail "$1() is on the stack as well"
}

# Tasks that sleep in functions of kst_d1 that the replaced ones have jumped to: $tail in the main module,
# a worker in the object module.
sleep_after_jump_in_main()
{
	echo $ms >/sys/module/kst_d1/parameters/asleep_ms
	cat /proc/cmdline >/tmp/cmdline &
	tail=$!
	wait_until 10 in_stack $tail kst_d_show_asleep
	in_stack $tail 'kst_d_show+' && fail "kst_d_show() is on the stack as well"
	echo 0 >/sys/module/kst_d1/parameters/asleep_ms # modprobe reads it as well
}
sleep_after_jump_in_object()
{
	wait_until 60 nobody_is_in kst_d_wait_asleep
	echo $ms >$target/background
	wait_until 10 worker_is_in kst_d_wait_asleep
	worker_is_in 'kst_d_wait+' && fail "kst_d_wait() is on the stack as well"
	:
}
sleep_after_jump()
{
	sleep_after_jump_in_main
	sleep_after_jump_in_object
}

# Tasks that can be killed: let_go ends them. Of one that runs nobody can show the stack, only the time.
sleep_in_part()
{
	echo $ms >$target/part &
	task=$!
	wait_until 10 in_stack $task 'kst_sleeper_parted[.]part[.]0+'
	in_stack $task 'kst_sleeper_parted+' && fail "kst_sleeper_parted() is on the stack as well"
	:
}
spin_in_target()
{
	echo $ms >$target/spin &
	task=$!
	wait_until 10 runs_in_kernel $task
}
runs_in_kernel() { awk '{ exit !($3 == "R" && $15 > 20) }' "/proc/$1/stat"; }
let_go()
{
	kill -9 $task
	wait $task || :
}

# held_up LIVEPATCH: its transition would have ended by now, if it was not for those who sleep.
held_up()
{
	sleep $((4 * SLOW))
	expect_eq 1 "$(klp "$1" transition)" "transition of $1"
}

turn() { echo "$2" >"/sys/kernel/livepatch/$1/enabled"; }

# A replacement by a livepatch of other functions is begun, held up, and reversed.
replaced_by_kst_m()
{
	modprobe kst_m
	held_up kst_m
	turn kst_m 0
	wait_until 10 test ! -e /sys/kernel/livepatch/kst_m
	rmmod kst_m
}

modprobe kst_sleeper

step "enabling: a task in the cold part of the original"
sleep_in_cold_part kst_sleeper_cold
modprobe kst_d1
held_up kst_d1
wait $cold
wait_transition
patched kst_d1 vmlinux kst_sleeper

disable kst_d1
rmmod kst_d1

step "enabling one of other functions: it stays there"
sleep_in_cold_part kst_sleeper_cold
modprobe kst_pid
wait_transition 20
in_stack $cold kst_sleeper_cold || fail "the task has left too early for this test"
disable kst_pid
rmmod kst_pid
wait $cold

step "enabling: a task that runs in the original without a pause"
spin_in_target
modprobe kst_d1
held_up kst_d1
let_go
wait_transition
disable kst_d1
rmmod kst_d1

step "enabling: one in a part that a function has jumped to"
sleep_in_part
modprobe kst_d1
held_up kst_d1
let_go
wait_transition
disable kst_d1
rmmod kst_d1

step "enabling: one whose return address is the first of the next function"
echo 1 >$target/last
wait_until 10 worker_is_in 'kst_sleeper_last[.]cold+'
modprobe kst_d1
held_up kst_d1
echo 0 >$target/last
wait_transition
patched kst_d1 vmlinux kst_sleeper

step "replacing: one that runs without a pause in what new code has jumped to"
spin_in_target
modprobe kst_d2
held_up kst_d2
turn kst_d2 0
let_go # ftrace waits for who doesn't pause, before livepatch lets go of the module
wait_until 20 test ! -e /sys/kernel/livepatch/kst_d2
wait_until 20 rmmod kst_d2

step "disabling: one in the cold part of new code"
sleep_in_cold_part kst_d_cold
turn kst_d1 0
held_up kst_d1
step "reversed, it is enabled again at once"
turn kst_d1 1
wait_transition 5
patched kst_d1 vmlinux kst_sleeper
wait $cold

step "replacing: tasks in functions that were jumped to, of the main and the object module"
sleep_after_jump
modprobe kst_d2
held_up kst_d2
step "reversed, the first one stays"
turn kst_d2 0
wait_until 10 test ! -e /sys/kernel/livepatch/kst_d2
rmmod kst_d2
patched kst_d1 vmlinux kst_sleeper
wait $tail

step "replacing by a livepatch of other functions: a worker in the object module"
sleep_after_jump_in_object
replaced_by_kst_m

step "replacing by a livepatch of other functions: a task in the main module"
wait_until 60 nobody_is_in kst_d_wait_asleep
sleep_after_jump_in_main
replaced_by_kst_m

step "one of other functions on top is enabled and disabled meanwhile"
modprobe kst_pid
wait_transition 5
turn kst_pid 0
wait_until 5 test ! -e /sys/kernel/livepatch/kst_pid
rmmod kst_pid
in_stack $tail kst_d_show_asleep || fail "the task has left too early for this test"
wait $tail

step "reversed while a worker is in the code that it had been given the address of before"
echo $((20000 * SLOW)) >$target/sleep &
sleeper=$!
wait_until 10 in_stack $sleeper kst_d_wait_asleep
echo $((12000 * SLOW)) >/sys/module/kst_d1/parameters/later
turn kst_d1 0
wait_until 20 worker_is_in kst_d_later
turn kst_d1 1
wait_transition 5
worker_is_in kst_d_later || fail "the worker has left too early for this test"
wait $sleeper

step "one of the same functions on top"
sleep_after_jump
modprobe kst_d3
held_up kst_d3
wait $tail
wait_transition
patched kst_d3 vmlinux kst_sleeper
disable kst_d3
rmmod kst_d3

step "disabling, and the livepatch removed as soon as it can be"
sleep_after_jump
turn kst_d1 0
held_up kst_d1
expect_fail rmmod kst_d1
wait $tail
wait_until 20 test ! -e /sys/kernel/livepatch/kst_d1
rmmod kst_d1
not_loaded kst_d1 kst_d1__kst_sleeper

step "the target is unloaded: that waits, and the task ends well"
modprobe kst_d1
wait_transition
sleep_in_cold_part kst_d_cold
rmmod kst_sleeper
wait $cold
not_loaded kst_sleeper kst_d1__kst_sleeper
disable kst_d1
rmmod kst_d1
rmmod klp_split
