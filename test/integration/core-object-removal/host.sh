# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_t1 kst_t3 kst_holder kst_m kst_m__kst_t1 kst_c kst_c__kst_t3 kst_c2 kst_c2__kst_t3
allow_livepatch kst_c__kst_t3 "is held on purpose when its target goes, and so stays for ever"
