# SPDX-License-Identifier: GPL-2.0-or-later
core
for livepatch in kst_b1 kst_b2 kst_b3; do
	test_module $livepatch ${livepatch}__kst_t3 ${livepatch}__kst_sleeper
done
test_module kst_t3 kst_sleeper kst_pid
time_limit 300
