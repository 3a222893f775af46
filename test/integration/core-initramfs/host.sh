# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_t1 kst_t3 kst_m kst_c
file "$test_dir/first-init" first-init 755
modules=$(built_modules)
for object in kst_m__kst_t1 kst_c__kst_t3; do
	file "$modules/$object.ko" "real-root/$object.ko"
done
cmdline rdinit=/first-init
