# SPDX-License-Identifier: GPL-2.0-or-later
core
program kpatch
gcc -static -O1 -Wall -Werror -o "$work/tracer" "$test_dir/tracer.c"
file "$work/tracer" test/tracer 755
test_module kst_t1 kst_t3 kst_holder kst_m kst_m__kst_t1 kst_c kst_c__kst_t3
