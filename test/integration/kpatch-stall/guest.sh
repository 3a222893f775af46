# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a livepatch of one function, in which a task can be put to sleep.
# Prevents: a machine left half patched by a transition that never ends, and an administrator who
#   can't see whose fault it is.
# Fails if: a load that stalls is not taken back whole, an unload that stalls leaves anything but a
#   livepatch in force, the task or its function is not named, a task that can be woken is not waited
#   for, or a signal leaves half of it.
installed=/lib/modules/$(uname -r)/updates/klp-split
sleeper=/sys/module/kst_sleeper/parameters

# A task asleep in kst_sleeper_wait() for so many milliseconds; its id in $task.
start_sleeper()
{
	echo "$2" >"$sleeper/$1" &
	task=$!
	wait_until 5 grep -q -e kst_sleeper_wait -e kst_z_wait "/proc/$task/stack"
}

nothing_left()
{
	not_loaded kst_z kst_z__kst_sleeper klp_split
	expect_eq "" "$(ls /sys/kernel/livepatch)" livepatches
	expect_fail test -e "$installed"
}

modprobe kst_sleeper

step "load: a task that can't be woken holds it up; it is named, and the livepatch taken back"
start_sleeper sleep 12000
expect_exit 4 kpatch load --timeout 5 /livepatches/kst_z
output_has KS410
output_has "($task) sleeps in kst_sleeper_wait()"
nothing_left
wait $task

step "load: a task that can be woken is waited for"
start_sleeper nap 100000
expect_ok kpatch load --timeout 40 /livepatches/kst_z
output_has "enabling, .* 1 task to go: .* ($task) sleeps in kst_sleeper_wait()"
patched kst_z kst_sleeper
wait $task

step "unload: a task asleep in the new function holds it up; the livepatch stays in force"
start_sleeper sleep 12000
expect_exit 4 kpatch unload --timeout 5 kst_z
output_has KS411
output_has "($task) sleeps in kst_z_wait()"
wait_transition
patched kst_z kst_sleeper
expect_eq kst_z "$(ls "$installed")" "installed livepatches"
wait $task
expect_ok kpatch unload kst_z
nothing_left

step "a signal: taken back at once"
start_sleeper sleep 15000
kpatch load /livepatches/kst_z >/tmp/load 2>&1 &
load=$!
wait_until 20 test -e /sys/kernel/livepatch/kst_z
expect_ok kpatch list
output_has "held up by .* ($task), asleep in kst_sleeper_wait()"
kill -INT $load
status=0
wait $load || status=$?
cat /tmp/load
expect_eq 4 $status "exit code"
grep -q KS417 /tmp/load
nothing_left
wait $task

step "another livepatch's transition: waited for, as long as was said"
mkdir -p "$installed/by-hand"
cp /livepatches/kst_z/*.ko "$installed/by-hand/"
depmod
start_sleeper sleep 20000
modprobe kst_z
expect_exit 4 kpatch load --timeout 3 /livepatches/kst_r2
output_has KS414
output_has kst_z
not_loaded kst_r2
expect_ok kpatch load --timeout 60 /livepatches/kst_r2
output_has "waiting for the transition of livepatch 'kst_z'"
wait $task
enabled kst_r2
not_loaded kst_z
rm -r "$installed/by-hand"
depmod

step "everything back"
expect_ok kpatch unload --all
nothing_left
rmmod kst_sleeper
