# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_t1 kst_t2 kst_notifier kst_m kst_m__kst_t1 kst_m__kst_t2 kst_m_renamed kst_slowload
file "$kernel_dir/root/boot/config-$release" kernel-config
allow_taint 3 "modules are forced out"
