# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a user loads object modules by hand, or removes one that is in use.
# Prevents: new code for a target in memory without the core's knowledge; a target freed under its object
#   module; patched functions that point into a removed object module.
# Fails if: a parameter that names a program or a folder can be written without CAP_SYS_MODULE; registration is
#   accepted in another state than LOADING, or of a module whose load began before; the core holds no reference;
#   or a module whose removal is forced is freed at once.

refused()
{
	dmesg_mark
	expect_fail insmod "$(modinfo -n "$1")"
	dmesg_has "klp_split: kst_m: $2"
	not_loaded "$1"
}

modprobe klp_split

step "programs and folders of the core are named only by who may load modules"
for name in modprobe directory; do
	file=/sys/module/klp_split/parameters/$name
	expect_fail without 16 sh -c "echo /tmp/evil >$file" # CAP_SYS_MODULE
	expect_eq "" "$(cat $file)" "$name"
	echo /tmp/good >$file
	expect_eq /tmp/good "$(cat $file)" "$name"
	echo >$file
done

step "without its main module"
refused kst_m__kst_t1 'kst_t1: kst_m__kst_t1 loaded without its livepatch'

step "without its target"
modprobe kst_m
wait_transition
refused kst_m__kst_t1 'kst_t1: kst_m__kst_t1 loaded by hand'

step "for an object that main does not list"
refused kst_m__kst_t2 "kst_t2: kst_m__kst_t2 is for an object that this livepatch doesn't list"

step "under a wrong name"
modprobe kst_t1
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
refused kst_m_renamed 'kst_t1: kst_m_renamed has a wrong name'

step "twice"
expect_fail insmod "$(modinfo -n kst_m__kst_t1)"
output_has 'File exists'

step "removed while in use"
expect_fail rmmod kst_m__kst_t1
output_has 'in use\|unavailable'
expect_eq 1 "$(use_count kst_m__kst_t1)"
expect_fail rmmod kst_m
expect_fail rmmod klp_split

step "by hand, it does not get as far as the notifiers, which would link it to its target"
rmmod kst_t1
modprobe kst_notifier name=kst_m__kst_t1
refused kst_m__kst_t1 'kst_t1: kst_m__kst_t1 loaded by hand'
dmesg_lacks 'kst_notifier: kst_m__kst_t1'
modprobe kst_t1
dmesg_has 'kst_notifier: kst_m__kst_t1'
rmmod kst_notifier

step "by hand, begun before the target that it is for came: it has symbols of one that has gone"
rmmod kst_t1
modprobe kst_slowload name=kst_m__kst_t1
modprobe kst_notifier name=kst_t1 hold=1 fail=-16
dmesg_mark
modprobe kst_t1 &
first=$!
wait_until 20 dmesg_has 'kst_notifier: kst_t1 is coming'
insmod "$(modinfo -n kst_m__kst_t1)" &
stray=$!
wait_until 20 dmesg_has 'kst_slowload: kst_m__kst_t1 has its symbols'
echo 0 >/sys/module/kst_notifier/parameters/hold
! wait $first
rmmod kst_notifier
modprobe kst_t1 &
second=$!
wait_until 20 grep -q loading /sys/kernel/klp_split/kst_m/kst_t1/state
echo 0 >/sys/module/kst_slowload/parameters/hold
! wait $stray
wait $second
dmesg_has 'klp_split: kst_m: kst_t1: kst_m__kst_t1 loaded by hand'
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/at_init)"
rmmod kst_slowload

step "forced out while in use: it does not leave before its target does"
grep -q '^CONFIG_MODULE_FORCE_UNLOAD=y' /kernel-config
dmesg_mark
rmmod -f kst_m__kst_t1 &
forced=$!
wait_until 20 dmesg_has 'klp_split: kst_m: kst_t1: removal of kst_m__kst_t1 was forced while in use'
for _ in 1 2 3 4 5; do
	expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
	sleep 0.2
done
loaded kst_m__kst_t1
rmmod kst_t1
wait $forced
not_loaded kst_m__kst_t1
modprobe kst_t1

step "the same, and its livepatch leaves"
rmmod -f kst_m__kst_t1 &
forced=$!
wait_until 20 grep -q '^kst_m__kst_t1 .* Unloading' /proc/modules
disable kst_m
expect_eq 0 "$(cat /sys/module/kst_t1/parameters/value)"
rmmod kst_m
wait $forced
not_loaded kst_m kst_m__kst_t1
modprobe kst_m
wait_transition

step "its main module is forced out while in use: it stays enabled until it is disabled"
# forced_out: rmmod -f of the livepatch, which waits; no signal ends that.
forced_out()
{
	dmesg_mark
	/usr/sbin/rmmod -f kst_m &
	forced=$!
	wait_until 20 dmesg_has 'klp_split: kst_m: main: removal was forced while in use'
	kill -9 $forced
}
forced_out
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
rmmod kst_t1
not_loaded kst_m__kst_t1
modprobe kst_t1
patched kst_m kst_t1
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
expect_fail modprobe kst_m
expect_fail rmmod kst_m
loaded kst_m
disable kst_m
wait $forced || :
not_loaded kst_m kst_m__kst_t1
expect_eq 0 "$(cat /sys/module/kst_t1/parameters/value)"

step "or replaced"
modprobe kst_m
wait_transition
forced_out
modprobe kst_r1
wait_transition
wait $forced || :
not_loaded kst_m kst_m__kst_t1
expect_eq 101 "$(cat /sys/module/kst_t1/parameters/value)"
modprobe kst_m
wait_transition
wait_until 20 rmmod kst_r1

step "the core can't be forced out under a livepatch"
expect_fail rmmod -f klp_split

step "the livepatch has not noticed any of it"
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
rmmod kst_t1
not_loaded kst_m__kst_t1
disable kst_m
rmmod kst_m

step "the core is forced out while a module is being loaded: it stays until that is loaded"
modprobe kst_notifier name=kst_t1 hold=1
dmesg_mark
modprobe kst_t1 &
loading=$!
wait_until 20 dmesg_has 'kst_notifier: kst_t1 is coming'
rmmod -f klp_split &
forced=$!
wait_until 20 dmesg_has 'klp_split: core: removal was forced while it is in use'
modprobe kst_t3
rmmod kst_t3
expect_fail modprobe kst_m
loaded klp_split
echo 0 >/sys/module/kst_notifier/parameters/hold
wait $loading
wait $forced
not_loaded klp_split kst_m
rmmod kst_notifier
modprobe kst_m
wait_transition
patched kst_m kst_t1
disable kst_m
rmmod kst_m kst_t1
rmmod klp_split
