# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: new code in x_tables reads a static key of x_tables, and calls one of its static functions.
# Prevents: new code that doesn't follow its target's key (the branch in the object module is not registered),
#   or an oops when the key is switched.
# Fails if: the new code sees another state than that of the key, which is switched before the load, after it,
#   or after the target was loaded again.
. /lib/demo-verbs.sh

switch_on() { iptables-legacy -t mangle -A POSTROUTING -j TEE --gateway 127.0.0.1; }
switch_off() { iptables-legacy -t mangle -D POSTROUTING 1; }
state() { cat /proc/net/ip6_tables_names; }

step "switched before the livepatch is there"
load_ip6table_filter
modprobe iptable_mangle
switch_on
expect_ok kpatch load /livepatches/hotfix_1
expect_eq "filter tee=1 comment=0 hotfix-1" "$(state)"

step "switched while it is there, many times"
for round in 1 2 3 4 5; do
	switch_off
	expect_eq "filter tee=0 comment=0 hotfix-1" "$(state)" "round $round, off"
	switch_on
	expect_eq "filter tee=1 comment=0 hotfix-1" "$(state)" "round $round, on"
done
switch_off

step "the static function answers for the target's own list"
modprobe xt_comment
expect_eq "filter tee=0 comment=1 hotfix-1" "$(state)"

step "switched after the target was loaded anew"
rmmod xt_comment xt_TEE iptable_mangle ip_tables ip6table_filter ip6_tables x_tables
load_ip6table_filter
modprobe iptable_mangle
expect_eq "filter tee=0 comment=0 hotfix-1" "$(state)"
switch_on
expect_eq "filter tee=1 comment=0 hotfix-1" "$(state)"

step "the key goes on without the livepatch"
expect_ok kpatch unload hotfix_1
expect_eq filter "$(state)"
switch_off
rmmod xt_TEE iptable_mangle ip_tables ip6table_filter ip6_tables x_tables
