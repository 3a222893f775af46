# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the core is removed when it is idle, while a module is being loaded, and with a livepatch enabled.
# Prevents: tasks that return into the memory of a removed core; a module that livepatch never learns of,
#   because the core delayed its coming call and then nothing made the call.
# Fails if: a redirected call, or a module that is being loaded, holds no reference on the core, or the core is
#   freed while ftrace still calls it.

step "idle: it goes, and comes after targets"
modprobe kst_t1
modprobe klp_split
rmmod klp_split
modprobe kst_m
wait_transition
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"

step "with a livepatch: refused"
expect_fail rmmod klp_split
rmmod kst_t1
disable kst_m
rmmod kst_m

step "while a module is held up in a COMING notifier: refused, then it goes"
modprobe kst_notifier name=kst_t1 sleep=$((2000 * SLOW))
dmesg_mark
modprobe kst_t1 &
wait_until 20 dmesg_has 'kst_t1 is coming'
expect_fail rmmod klp_split
wait $!
rmmod klp_split

step "a module loaded through the core is livepatch's after the core has gone and come"
modprobe kst_m
wait_transition
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
rmmod kst_t1
disable kst_m
rmmod kst_m

step "again and again, with modules coming and going"
n=0
while [ $n -lt 10 ]; do
	modprobe klp_split
	modprobe kst_t1 &
	rmmod klp_split 2>/dev/null || :
	wait $!
	rmmod kst_t1
	n=$((n + 1))
done
! is_loaded klp_split || rmmod klp_split
rmmod kst_notifier

step "ftrace refuses to forget the hooks: the core stays until it does, and all goes on"
modprobe klp_split
modprobe kst_breaker
echo 1 >/sys/module/kst_breaker/parameters/disabled
dmesg_mark
rmmod klp_split &
wait_until 20 dmesg_has "klp_split: core: klp_module_coming can't be unhooked (-19)"
loaded klp_split
modprobe kst_t1
rmmod kst_t1
echo 0 >/sys/module/kst_breaker/parameters/disabled
wait $!
not_loaded klp_split
modprobe kst_m
wait_transition
modprobe kst_t1
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
rmmod kst_t1
disable kst_m
rmmod kst_m
rmmod klp_split kst_breaker
