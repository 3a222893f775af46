# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_sleeper kst_d1 kst_d1__kst_sleeper kst_d2 kst_d2__kst_sleeper kst_d3 kst_d3__kst_sleeper kst_m kst_m__kst_t1 kst_pid
time_limit 600
