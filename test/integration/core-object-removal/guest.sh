# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: one of the two ways to remove an object module fails, or both do.
# Prevents: a target freed under an object module, because a helper failed; an object module of a
#   target that is gone, used again with the next one.
# Fails if: there is no second way, or an object module that could not be removed is not pinned.

modprobe kst_m
wait_transition
object=$(modinfo -n kst_m__kst_t1)

step "by the system call, which needs no file and no helper"
modprobe kst_t1
mv "$object" /tmp/object.ko
echo /nowhere >/proc/sys/kernel/modprobe
rmmod kst_t1
not_loaded kst_m__kst_t1
mv /tmp/object.ko "$object"
echo /sbin/modprobe >/proc/sys/kernel/modprobe

step "by modprobe"
echo 1 >/sys/module/klp_split/parameters/remove_by_modprobe
modprobe kst_t1
dmesg_mark
rmmod kst_t1
not_loaded kst_m__kst_t1
dmesg_lacks 'modprobe -r'

step "by modprobe, which fails: by the system call then"
modprobe kst_t1
rm "$object"
depmod
dmesg_mark
rmmod kst_t1
not_loaded kst_m__kst_t1
dmesg_has 'modprobe -r kst_m__kst_t1 failed'
echo 0 >/sys/module/klp_split/parameters/remove_by_modprobe
disable kst_m
rmmod kst_m

step "neither, because somebody holds it: the target leaves, and the object module is pinned"
modprobe kst_c
wait_transition
modprobe kst_t3
modprobe kst_holder symbol=kst_c_hold
dmesg_mark
rmmod kst_t3
not_loaded kst_t3
dmesg_has 'klp_split: kst_c: kst_t3: kst_c__kst_t3 can.t be removed'
rmmod kst_holder
expect_fail rmmod kst_c__kst_t3

step "that target is refused under this livepatch"
dmesg_mark
expect_fail modprobe kst_t3
output_has 'busy'
dmesg_has 'klp_split: kst_c: kst_t3: kst_c__kst_t3 could not be removed once'
not_loaded kst_t3

step "also when its main module has gone and come"
disable kst_c
rmmod kst_c
modprobe kst_c
wait_transition
dmesg_mark
expect_fail modprobe kst_t3
dmesg_has 'klp_split: kst_c: kst_t3: kst_c__kst_t3 is in memory but has not registered'
disable kst_c
rmmod kst_c

step "a livepatch of another name works"
modprobe kst_t3
expect_eq 0 "$(cat /sys/module/kst_t3/parameters/value)"
modprobe kst_c2
wait_transition
expect_eq 401 "$(cat /sys/module/kst_t3/parameters/value)"
rmmod kst_t3
not_loaded kst_c2__kst_t3
disable kst_c2
rmmod kst_c2
