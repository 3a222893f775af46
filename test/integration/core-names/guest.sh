# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: names of module files contain '-' where the kernel's names have '_'; the joined names of a livepatch
#   and its target have 55, 56 and 57 characters.
# Prevents: asking modprobe for an object module by a truncated name, or by a name that it doesn't know.
# Fails if: the core doesn't check the length of the joined name, or compares file names.

step "55: works, with a target whose file has a dash"
patch=kst_name_of_43_characters_67890123456789_1x
module=${patch}__kst_dash_x
modprobe $patch
wait_transition
modprobe kst-dash_x
expect_eq 501 "$(cat /sys/module/kst_dash_x/parameters/value)"
expect_eq 55 "${#module}"
loaded $module
expect_eq loaded "$(cat /sys/kernel/klp_split/$patch/kst_dash_x/state)"
rmmod kst_dash_x
not_loaded $module
disable $patch
rmmod $patch

for patch in kst_name_of_44_characters_67890123456789_1xX kst_name_of_45_characters_67890123456789_1xXY; do
	module=${patch}__kst_dash_x
	step "${#module}: refused when the livepatch is enabled"
	dmesg_mark
	expect_fail modprobe $patch
	output_has 'Invalid argument'
	dmesg_has "klp_split: $patch: kst_dash_x: $module is longer than a module's name may be (55)"
	not_loaded $patch
	expect_eq "" "$(ls /sys/kernel/klp_split)"
done

step "the files of the livepatch have dashes"
cd "$(dirname "$(modinfo -n kst_m)")" || exit
mv kst_m.ko kst-m.ko
mv kst_m__kst_t1.ko kst-m--kst-t1.ko
depmod
modprobe kst-m
wait_transition
modprobe kst_t1
loaded kst_m__kst_t1
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
rmmod kst_t1
disable kst-m
rmmod kst_m
rmmod klp_split
