# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_t1 kst_notifier kst_r1 kst_r1__kst_t1
time_limit 200
