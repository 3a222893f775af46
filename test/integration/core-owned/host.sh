# SPDX-License-Identifier: GPL-2.0-or-later
core
test_module kst_t3 kst_t4 kst_x kst_x__kst_t4
allow_log 'WARNING: CPU: .* new_value\+0x.*\[kst_x__kst_t4\]' "on purpose, by new code"
allow_log '\[ cut here \]' "belongs to that warning; guest.sh counts them"
allow_log 'Call Trace:' "belongs to that warning"
allow_taint 9 "by that warning"
