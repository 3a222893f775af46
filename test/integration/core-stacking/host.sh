# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_t1 kst_notifier kst_s1 kst_s2 kst_s3 kst_s1__kst_t1 kst_s2__kst_t1 kst_s3__kst_t1
time_limit 300
