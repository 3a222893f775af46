# SPDX-License-Identifier: GPL-2.0-or-later
core
local_modules modules
for n in 1 2 3; do
	test_module kst_s$n kst_s${n}__kst_t1
done
test_module kst_t1 kst_t2 kst_notifier kst_m kst_m__kst_t1 kst_r1 kst_r1__kst_t1 kst_r1__kst_t2
time_limit 300
