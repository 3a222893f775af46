# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_sleeper kst_z kst_z__kst_sleeper
