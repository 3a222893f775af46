# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_t1 kst_nocode kst_nocode__kst_t1 kst_more kst_more__kst_t1 kst_notarget kst_filled kst_noid \
	kst_unnamed kst_unnamed__kst_t1
