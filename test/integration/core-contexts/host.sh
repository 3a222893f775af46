# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_sleeper kst_contexts kst_k1 kst_k1__kst_contexts kst_d1 kst_d1__kst_sleeper kst_d2 kst_d2__kst_sleeper kst_m kst_m__kst_t1
cc -static -O1 -o "$work/uring" "$test_dir/uring.c"
file "$work/uring" usr/bin/uring 755
time_limit 400
# A task that has left the list of tasks in do_exit() has no patch state in a transition that begins
# then. The kernel warns, once, if an interrupt of such a task calls a replaced function.
allow_log 'WARNING: CPU: .* klp_ftrace_handler\+0x' "of the kernel's own, in an interrupt of a task that ends"
allow_log '\[ cut here \]' "belongs to that warning; guest.sh counts them"
allow_log 'Call Trace:' "belongs to that warning; guest.sh counts them"
allow_taint 9 "by that warning"
