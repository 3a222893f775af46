# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: somebody loads object modules by hand, or removes one that is in use.
# Prevents: new code for a target in memory without the core knowing; a target freed under its object
#   module; patched functions that point into a removed object module.
# Fails if: registration is accepted in any state but LOADING, or the core holds no reference.

refused()
{
	dmesg_mark
	expect_fail insmod "$(modinfo -n "$1")"
	dmesg_has "klp_split: kst_m: $2"
	not_loaded "$1"
}

modprobe klp_split

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

step "the livepatch has not noticed any of it"
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
rmmod kst_t1
not_loaded kst_m__kst_t1
disable kst_m
rmmod kst_m
rmmod klp_split
