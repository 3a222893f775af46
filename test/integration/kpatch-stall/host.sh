# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_sleeper
handmade kst_z kst_r2
program kpatch
time_limit 300
allow_livepatch kst_z "after a forced transition the kernel keeps it"
