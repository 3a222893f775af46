# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_t1 kst_notifier kst_m kst_m__kst_t1
file "$test_dir/modprobe.hang" usr/sbin/modprobe.hang 755
file "$test_dir/modprobe.late" usr/sbin/modprobe.late 755
file "$test_dir/modprobe.slow" usr/sbin/modprobe.slow 755
