# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: cumulative livepatches with a state, in versions 1, 2 and 2; the code for the target counts in a
#   shadow variable; sysfs shows the livepatches.
# Prevents: a state or a shadow variable that belongs to the livepatch but is lost or freed with an object
#   module; a constructor or destructor that isn't called, is called twice, or is called from a removed module;
#   other contents of sysfs than with a livepatch in a single module.
# Fails if: a count starts from zero again, a livepatch with an older state is accepted, or a file has other
#   permissions.

sysfs=/sys/kernel/livepatch
value() { cat /sys/module/kst_t3/parameters/value; }

step "a state is made; a count survives its object module"
dmesg_mark
modprobe kst_v1
wait_transition
dmesg_has 'KST: kst_v1 makes the state'
modprobe kst_t3
expect_eq 1001 "$(value)"
expect_eq 1002 "$(value)"
rmmod kst_t3
not_loaded kst_v1__kst_t3
modprobe kst_t3
expect_eq 1003 "$(value)"

step "shadow variables: alloc, get, constructors, destructors, free, free_all, from an object module"
expect_eq 0 "$(cat /sys/module/kst_v1__kst_t3/parameters/shadow)" "line"
expect_eq 1004 "$(value)"

step "sysfs: rights and values"
expect_eq 755 "$(stat -c %a $sysfs/kst_v1)" "rights of the folder"
for file in enabled:644 transition:444 force:200; do
	expect_eq "${file#*:}" "$(stat -c %a $sysfs/kst_v1/${file%:*})" "rights of ${file%:*}"
done
for object in vmlinux kst_t3; do
	expect_eq 444 "$(stat -c %a $sysfs/kst_v1/$object/patched)" "rights of $object/patched"
	expect_eq 1 "$(cat $sysfs/kst_v1/$object/patched)"
done
expect_eq 1 "$(klp kst_v1 enabled)"
expect_eq 0 "$(klp kst_v1 transition)"
# These came after 6.1; what replace says, and its rights: core-selftest-callbacks.
[ ! -e $sysfs/kst_v1/replace ] || expect_eq 1 "$(klp kst_v1 replace)"
[ ! -e $sysfs/kst_v1/stack_order ] || expect_eq 1 "$(klp kst_v1 stack_order)"
expect_eq cmdline_proc_show,1 "$(cd $sysfs/kst_v1/vmlinux && echo *,*)"
rmmod kst_t3
expect_eq 0 "$(cat $sysfs/kst_v1/kst_t3/patched)"
modprobe kst_t3

step "a newer livepatch takes the state over, and the count"
dmesg_mark
modprobe kst_v2
wait_transition
dmesg_has 'KST: kst_v2 takes over version 1'
expect_eq 2005 "$(value)"
wait_until 20 test ! -e $sysfs/kst_v1
rmmod kst_v1
not_loaded kst_v1__kst_t3

step "an older one is refused, and changes nothing"
expect_fail modprobe kst_v1
output_has 'Invalid argument'
not_loaded kst_v1 kst_v1__kst_t3
patched kst_v2 vmlinux kst_t3
expect_eq 2006 "$(value)"

step "one of the same version takes over"
dmesg_mark
modprobe kst_v3
wait_transition
dmesg_has 'KST: kst_v3 takes over version 2'
expect_eq 2007 "$(value)"
wait_until 20 test ! -e $sysfs/kst_v2
rmmod kst_v2

step "and back: the state goes from the third to the second again"
dmesg_mark
modprobe kst_v2
wait_transition
dmesg_has 'KST: kst_v2 takes over version 2'
expect_eq 2008 "$(value)"
wait_until 20 test ! -e $sysfs/kst_v3
rmmod kst_v3
dmesg_lacks 'frees the state'

step "the last frees it, and destroys the count, whose constructor's module has left"
rmmod kst_t3
not_loaded kst_v2__kst_t3
dmesg_mark
disable kst_v2
rmmod kst_v2
dmesg_has 'KST: kst_v2 frees the state'
dmesg_has 'KST: kst_v2 destroys a count of 8'
modprobe kst_t3
expect_eq 0 "$(value)"

step "and the next counts anew"
modprobe kst_v1
wait_transition
expect_eq 1001 "$(value)"
disable kst_v1
rmmod kst_v1 kst_t3
rmmod klp_split
