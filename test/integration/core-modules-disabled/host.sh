# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_t1 kst_sleeper kst_m kst_m__kst_t1 kst_z kst_z__kst_sleeper
file "$test_dir/modprobe.waits" usr/sbin/modprobe.waits 755
for left in kst_m kst_z kst_z__kst_sleeper; do
	allow_livepatch $left "no module can be removed any more"
done
