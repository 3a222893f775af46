# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the target x_tables is loaded, ip_tables is not; the livepatch patches both and vmlinux.
# Prevents: a livepatch of which only a part is enabled; a reference on its target; an object module without its
#   target.
# Fails if: vmlinux or x_tables run old code after kpatch load, a livepatch holds a reference on x_tables, or
#   the object module for ip_tables is in memory.
. /lib/demo-verbs.sh

load_ip6table_filter
expect_eq filter "$(cat /proc/net/ip6_tables_names)"

step "load"
expect_ok kpatch load /livepatches/hotfix_1
patched hotfix_1 vmlinux x_tables
expect_eq "Livepatched: hotfix-1" "$(second_line_of_version)"
expect_eq 1 "$(loadavg_ends_in_hotfix)"
expect_eq "filter tee=0 comment=0 hotfix-1" "$(cat /proc/net/ip6_tables_names)"

step "no reference on the target, no module without its target"
expect_eq "ip6table_filter,ip6_tables," "$(used_by x_tables)"
expect_eq "hotfix_1 hotfix_1__x_tables " "$(livepatch_modules)"
not_loaded ip_tables

step "list says so"
expect_ok kpatch list
output_has hotfix_1
output_has x_tables

expect_ok kpatch unload hotfix_1
