# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_t1 kst_notifier kst_m kst_m__kst_t1 kst_breaker
