# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_sleeper
handmade kst_d1
livepatch nap nanosleep.patch
cc -static -O1 -o "$work/nap" "$test_dir/nap.c"
file "$work/nap" usr/bin/nap 755
program kpatch
time_limit 400
