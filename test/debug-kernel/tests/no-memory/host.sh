# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_t1 kst_t2 kst_r1 kst_r1__kst_t1 kst_r1__kst_t2
time_limit 2400
. "$test_dir/../../memory-failures.sh"
