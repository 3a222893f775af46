# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_t1 kst_kernel kst_target kst_target__kst_t1 kst_m kst_m__kst_t1 kst_main kst_main__kst_t1
