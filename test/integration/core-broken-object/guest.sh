# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the object module of a livepatch is missing, truncated, or does not register.
# Prevents: a target that runs old code without a word, because its new code could not be loaded.
# Fails if: the core lets a target go on after its object module has failed to load.

object=$(modinfo -n kst_m__kst_t1)
modprobe kst_m
wait_transition

refused()
{
	dmesg_mark
	expect_fail modprobe kst_t1
	output_has "$1"
	dmesg_has "klp_split: kst_m: kst_t1: .*$2"
	not_loaded kst_t1 kst_m__kst_t1
}

step "missing: the target is refused"
mv "$object" /tmp/good.ko
refused 'Input/output error' 'modprobe kst_m__kst_t1 failed'

step "truncated: the target is refused"
head -c $(($(wc -c </tmp/good.ko) / 2)) /tmp/good.ko >"$object"
refused 'Input/output error' 'modprobe kst_m__kst_t1 failed'

step "mended: it works again, without anything else"
cp /tmp/good.ko "$object"
modprobe kst_t1
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"

step "gone from disk while in use: the target can still leave"
rm "$object"
rmmod kst_t1
not_loaded kst_t1 kst_m__kst_t1

step "missing when the livepatch is enabled: refused, and nothing is left"
disable kst_m
rmmod kst_m
modprobe kst_t1
expect_fail modprobe kst_m
output_has 'Input/output error'
not_loaded kst_m kst_m__kst_t1
expect_eq 0 "$(cat /sys/module/kst_t1/parameters/value)"
expect_eq "" "$(ls /sys/kernel/livepatch)"
rmmod kst_t1
cp /tmp/good.ko "$object"

step "a module of that name that does not register: an error, and it is removed"
modprobe kst_silent
dmesg_mark
expect_fail modprobe kst_t1
dmesg_has 'klp_split: kst_silent: kst_t1: .*has not registered'
not_loaded kst_t1 kst_silent__kst_t1

step "the same, loaded before: an error, and it is left alone"
modprobe kst_silent__kst_t1
dmesg_mark
expect_fail modprobe kst_t1
dmesg_has 'klp_split: kst_silent: kst_t1: .*has not registered'
not_loaded kst_t1
loaded kst_silent__kst_t1
rmmod kst_silent__kst_t1

step "no modprobe at all"
disable kst_silent
rmmod kst_silent
modprobe kst_m
wait_transition
modprobe=$(cat /proc/sys/kernel/modprobe)
echo /nowhere/modprobe >/proc/sys/kernel/modprobe
dmesg_mark
expect_fail modprobe kst_t1
dmesg_has "klp_split: kst_m: kst_t1: modprobe can't be run"
echo "$modprobe" >/proc/sys/kernel/modprobe
modprobe kst_t1
rmmod kst_t1
disable kst_m
rmmod kst_m
rmmod klp_split
