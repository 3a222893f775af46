# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the livepatch is enabled, one target was loaded before it and one after it.
# Prevents: code, modules or references of a livepatch that are left after it is unloaded.
# Fails if: a function doesn't run its original code, a module of the livepatch is in memory, or a target can't
#   be unloaded or loaded.
. /lib/demo-verbs.sh

load_ip6table_filter
expect_ok kpatch load /livepatches/hotfix_1
modprobe iptable_mangle
expect_ok kpatch unload hotfix_1

expect_eq "" "$(livepatch_modules)"
expect_eq "" "$(ls /sys/kernel/livepatch)"
expect_eq filter "$(cat /proc/net/ip6_tables_names)"
expect_eq "" "$(second_line_of_version)"
expect_eq 0 "$(loadavg_ends_in_hotfix)"

step "targets come and go as if nothing had been"
rmmod iptable_mangle ip_tables ip6table_filter ip6_tables x_tables
dmesg_mark
modprobe iptable_mangle
dmesg_lacks 'new network namespace'
rmmod iptable_mangle ip_tables x_tables

step "and it can be loaded again"
expect_ok kpatch load /livepatches/hotfix_1
expect_eq "Livepatched: hotfix-1" "$(second_line_of_version)"
expect_ok kpatch unload --all
expect_eq "" "$(livepatch_modules)"
