# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a livepatch of one function, in which a task can be put to sleep.
# Prevents: a machine that a transition which never ends leaves half patched, and an administrator who can't see
#   which task is the cause; a transition that no process follows any more, and one that is forced by mistake.
# Fails if: a load that stalls is not undone completely, an unload that stalls leaves anything but an enabled
#   livepatch, the task or its function is not named, kpatch does not wait for a task that can be woken, or a
#   signal leaves a part of it.
installed=/lib/modules/$(uname -r)/updates/klp-split
sleeper=/sys/module/kst_sleeper/parameters

# A task asleep in kst_sleeper_wait() for so many milliseconds; its id in $task.
start_sleeper()
{
	echo "$2" >"$sleeper/$1" &
	task=$!
	wait_until 5 grep -q -e kst_sleeper_wait -e kst_z_wait "/proc/$task/stack"
}

# In its first moment a transition is held up by everybody, and not yet by the one who stays.
lists_sleeper() { kpatch list | grep -q "held up by .* ($task), asleep in kst_sleeper_wait()"; }

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
output_has "($task) sleeps in kst_sleeper_wait(), a function of this livepatch, for [0-9]* s, where no signal wakes it"
nothing_left
wait $task

step "load: a task that can be woken is waited for"
start_sleeper nap 100000
expect_ok kpatch load --timeout 40 /livepatches/kst_z
output_has "enabling, .* 1 task to go: .* ($task) sleeps in kst_sleeper_wait()"
output_has "kst_z: woke 1 of 1 task"
patched kst_z kst_sleeper
wait $task

step "unload: a task asleep in the new function holds it up; the livepatch stays enabled"
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
wait_until 20 lists_sleeper
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
expect_ok kpatch load --drop --timeout 60 /livepatches/kst_r2
output_has "waiting for the transition of livepatch 'kst_z'"
wait $task
enabled kst_r2
not_loaded kst_z
rm -r "$installed/by-hand"
depmod

step "everything back"
expect_ok kpatch unload --all
nothing_left

step "kpatch is killed in the middle of a transition: it goes on, and can be seen, waited for and helped on"
start_sleeper nap 1000000
kpatch load /livepatches/kst_z >/tmp/load 2>&1 &
load=$!
wait_until 20 lists_sleeper
kill -9 $load
wait $load || :
expect_exit 4 kpatch wait --timeout 1
output_has KS419
output_has "($task) sleeps in kst_sleeper_wait()"
expect_ok kpatch signal
output_has "kst_z: woke 1 of 1 task"
wait $task
expect_ok kpatch wait --json kst_z
output_has '"state": "enabled"'
patched kst_z kst_sleeper
expect_ok kpatch load /livepatches/kst_z
output_has "enabled already"
expect_exit 3 kpatch signal kst_z
output_has KS421
expect_ok kpatch unload kst_z

step "force: explained, asked for twice, and what it costs"
expect_exit 3 kpatch force kst_z
output_has KS421
start_sleeper sleep 20000
kpatch load /livepatches/kst_z >/tmp/load 2>&1 &
load=$!
wait_until 20 lists_sleeper
expect_exit 3 kpatch force kst_z
output_has KS420
output_has "($task) sleeps in kst_sleeper_wait()"
output_has "can't be removed from memory until the next boot"
expect_eq 1 "$(klp kst_z transition)" transition
expect_ok kpatch force --yes kst_z
output_has "the transition of kst_z is over"
wait $load
grep -q "kst_z is enabled" /tmp/load
wait $task

start_sleeper sleep 20000
kpatch unload kst_z >/tmp/unload 2>&1 &
unload=$!
wait_until 20 grep -q 0 /sys/kernel/livepatch/kst_z/enabled
expect_ok kpatch force --yes kst_z
status=0
wait $unload || status=$?
expect_eq 5 $status "exit code: $(cat /tmp/unload)"
grep -q KS413 /tmp/unload
wait $task
not_enabled kst_z
loaded kst_z
expect_exit 6 kpatch status
output_has "! kst_z: is disabled or replaced, and still in memory"
rmmod kst_sleeper
not_loaded kst_z__kst_sleeper
