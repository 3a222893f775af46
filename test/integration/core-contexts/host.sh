# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_sleeper kst_contexts kst_k1 kst_k1__kst_contexts kst_d1 kst_d1__kst_sleeper kst_d2 kst_d2__kst_sleeper kst_m kst_m__kst_t1
cc -static -O1 -o "$work/uring" "$test_dir/uring.c"
file "$work/uring" usr/bin/uring 755
cc -static -O1 -o "$work/vforker" "$test_dir/vforker.c"
file "$work/vforker" usr/bin/vforker 755
time_limit 450
