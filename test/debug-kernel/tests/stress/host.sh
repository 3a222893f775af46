# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_t1 kst_t2 kst_t3 kst_r1 kst_r1__kst_t1 kst_r1__kst_t2 kst_r2 kst_r2__kst_t2 \
	kst_s1 kst_s1__kst_t1 kst_s2 kst_s2__kst_t1 kst_c kst_c__kst_t3
memory 768M
cmdline "test.minutes=${MINUTES:-10}"
time_limit $((${MINUTES:-10} * 30 + 300))
. "$test_dir/../../memory-failures.sh"
