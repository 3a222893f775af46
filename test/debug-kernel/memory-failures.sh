# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Messages of the kernel when its own allocations fail: for host.sh of
# the tests that make them fail. The first line of each report is still judged; the
# lines after it don't tell the cause.
allow_log 'cut here' "opens a report whose next line is judged"
allow_log 'Call Trace:' "belongs to a report whose first line is judged"
allow_log 'WARNING: .* at kernel/jump_label.c:[0-9]+ jump_label_module_notify' "kernel: no memory for a module's static keys"
allow_log 'WARNING: .* at kernel/static_call_inline.c:[0-9]+ static_call_module_notify' "kernel: no memory for a module's static calls"
allow_taint 9 "the kernel's own warnings above"
allow_log 'segfault at|traps: .* trap' "a program whose page could not be brought in"
