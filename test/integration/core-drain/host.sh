# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_sleeper kst_d1 kst_d1__kst_sleeper kst_d2 kst_d2__kst_sleeper kst_d3 kst_d3__kst_sleeper
cc -static -O1 -pthread -o "$work/ender" "$test_dir/ender.c"
file "$work/ender" usr/bin/ender 755
time_limit 500
allow_taint 3 "a module is forced out on purpose"
