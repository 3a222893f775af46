# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_t1 kst_sleeper kst_w kst_w__kst_t1 kst_w__kst_sleeper
allow_livepatch kst_w "a forced transition off keeps it in memory"
