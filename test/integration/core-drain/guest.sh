# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a kernel worker sleeps in a function of a livepatch whose address was given away; livepatch
#   knows nothing of it, and has finished its transition before the worker came.
# Prevents: a main or an object module freed under a task that is in its code; one that is about to be
#   freed used again.
# Fails if: the module leaves while the worker is there, can be loaded or removed a second time, or stays
#   when the worker has left; or nobody can see who it waits for.
sys=/sys/kernel/klp_split
ms=$((12000 * SLOW)) # longer than a transition takes on a busy host

worker_is_in() { grep -q "$1" /proc/[0-9]*/stack 2>/dev/null; }
has() { grep -q "$1" "$2" 2>/dev/null; }

# is_draining FOLDER: who is in its way is named.
is_draining()
{
	wait_until 20 has draining "$1/state"
	wait_until 20 has '^[0-9]* kst_d_later kworker' "$1/held_by"
}

modprobe kst_sleeper
modprobe kst_d1
wait_transition
expect_eq enabled "$(cat $sys/kst_d1/state)"
expect_eq "" "$(cat $sys/kst_d1/held_by)$(cat $sys/kst_d1/kst_sleeper/held_by)"

step "a main module"
echo $ms >/sys/module/kst_d1/parameters/later
disable kst_d1
wait_until 30 worker_is_in kst_d_later
dmesg_mark
rmmod kst_d1 &
rmmod=$!
is_draining $sys/kst_d1
not_loaded kst_d1__kst_sleeper
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
not_loaded kst_d1
worker_is_in kst_d_later && fail "the worker is still there"
dmesg_has "klp_split: kst_d1: kst_d1 is draining: 1 task(s) may be in its code, the first is [0-9]* kst_d_later kworker"

step "an object module, whose target is unloaded"
modprobe kst_d1
wait_transition
wait_until 20 rmmod kst_d2
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

step "an object module that somebody forces out, while a task is in its code"
modprobe kst_sleeper
echo $ms >/sys/module/kst_d1__kst_sleeper/parameters/later
wait_until 30 worker_is_in kst_d_later
dmesg_mark
rmmod -f kst_d1__kst_sleeper &
force=$!
wait_until 10 dmesg_has 'kst_d1__kst_sleeper is forced out while in use'
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
