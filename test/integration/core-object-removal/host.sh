# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_t1 kst_t3 kst_holder kst_m kst_m__kst_t1 kst_c kst_c__kst_t3
