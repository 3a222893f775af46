# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the livepatch is enabled; ip_tables, which needs x_tables and uses its exports, is not loaded. Its
#   net_init runs during its init.
# Prevents: old code in a target's init (types B and D: the object module needs exports of x_tables and
#   definitions of the main module, without depending on either).
# Fails if: the old net_init of ip_tables runs during its init, or a livepatch module holds a reference.
. /lib/demo-verbs.sh

step "the livepatch comes first, without any target"
expect_ok kpatch load /livepatches/hotfix_1
expect_eq "hotfix_1 " "$(livepatch_modules)"
not_loaded x_tables ip_tables

step "then the targets"
dmesg_mark
modprobe iptable_mangle
dmesg_has 'ip_tables: tables of a new network namespace: 0 (hotfix-1)'
patched hotfix_1 vmlinux x_tables ip_tables
expect_eq "hotfix_1 hotfix_1__ip_tables hotfix_1__x_tables " "$(livepatch_modules)"
expect_eq "iptable_mangle," "$(used_by ip_tables)"
expect_eq "iptable_mangle,ip_tables," "$(used_by x_tables)"

step "and they go in their own order"
rmmod iptable_mangle ip_tables x_tables
expect_eq "hotfix_1 " "$(livepatch_modules)"
expect_ok kpatch unload hotfix_1
