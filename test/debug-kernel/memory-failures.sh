# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the kernel itself says when its own parts get no memory: for host.sh of
# the tests that take it away. The first line of each report stays judged; the
# lines below it say nothing of who is to blame.
allow_log 'cut here' "opens a report whose next line is judged"
allow_log 'Call Trace:' "belongs to a report whose first line is judged"
allow_log 'WARNING: .* at kernel/jump_label.c:[0-9]+ jump_label_module_notify' "kernel: no memory for a module's static keys"
allow_log 'WARNING: .* at kernel/static_call_inline.c:[0-9]+ static_call_module_notify' "kernel: no memory for a module's static calls"
allow_taint 9 "the kernel's own warnings above"
allow_log 'segfault at|traps: .* trap' "a program whose page could not be brought in"
