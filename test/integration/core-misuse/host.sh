# SPDX-License-Identifier: GPL-2.0-or-later
core
cc -static -O1 -o "$work/without" "$test_dir/without.c"
file "$work/without" usr/bin/without 755
test_module kst_t1 kst_t2 kst_t3 kst_notifier kst_r1 kst_r1__kst_t1 kst_r1__kst_t2 kst_m kst_m__kst_t1 kst_m__kst_t2 kst_m_renamed kst_slowload
file "$kernel_dir/root/boot/config-$release" kernel-config
allow_taint 3 "modules are forced out"
