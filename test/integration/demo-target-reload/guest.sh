# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the livepatch is enabled and its targets are loaded.
# Prevents: an object module that stays longer than its target, or a target that is unpatched after a reload.
# Fails if: an object module is in memory without its target, or old code runs after a reload.
. /lib/demo-verbs.sh

expect_ok kpatch load /livepatches/hotfix_1
for round in 1 2 3 4 5; do
	step "round $round"
	load_ip6table_filter
	patched hotfix_1 x_tables
	expect_eq "filter tee=0 comment=0 hotfix-1" "$(cat /proc/net/ip6_tables_names)"
	modprobe ip_tables
	patched hotfix_1 ip_tables
	rmmod ip_tables
	expect_eq "hotfix_1 hotfix_1__x_tables " "$(livepatch_modules)"
	rmmod ip6table_filter ip6_tables x_tables
	expect_eq "hotfix_1 " "$(livepatch_modules)"
	not_patched hotfix_1 x_tables ip_tables
done
expect_ok kpatch unload hotfix_1
