# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: two cumulative livepatches from real source diffs; of their targets, x_tables (T1) is loaded before
#   them and ip_tables (T2, which needs T1 and uses its exports) after them.
# Prevents: steps from diff to running code that each work alone but not together.
# Fails if: any step of a livepatch's life has another result than stated: patched, loaded later, key switched,
#   target unloaded and loaded again, replaced, unloaded.
. /lib/demo-verbs.sh

step "1. before: the stock kernel, with T1 loaded"
load_ip6table_filter
show "filter" cat /proc/net/ip6_tables_names
show "" second_line_of_version
show 0 loadavg_ends_in_hotfix

step "2. kpatch load: vmlinux and T1 are patched, T2's object module stays away"
kpatch load /livepatches/hotfix_1
kpatch list
patched hotfix_1 vmlinux x_tables
show "hotfix_1 hotfix_1__x_tables " livepatch_modules
show "Livepatched: hotfix-1" second_line_of_version
show 1 loadavg_ends_in_hotfix
show "filter tee=0 comment=0 hotfix-1" cat /proc/net/ip6_tables_names
show "ip6table_filter,ip6_tables," used_by x_tables

step "3. T2 is loaded: it runs patched code from its init on"
dmesg_mark
modprobe iptable_mangle
patched hotfix_1 ip_tables
show "hotfix_1 hotfix_1__ip_tables hotfix_1__x_tables " livepatch_modules
dmesg | grep 'ip_tables: tables of a new network namespace'
dmesg_has 'ip_tables: tables of a new network namespace: 0 (hotfix-1)'
show "iptable_mangle," used_by ip_tables

step "4. the new code obeys T1's static key, and calls T1's static function"
modprobe xt_comment
show "filter tee=0 comment=1 hotfix-1" cat /proc/net/ip6_tables_names
iptables-legacy -t mangle -A POSTROUTING -j TEE --gateway 127.0.0.1
show "filter tee=1 comment=1 hotfix-1" cat /proc/net/ip6_tables_names
iptables-legacy -t mangle -D POSTROUTING 1
show "filter tee=0 comment=1 hotfix-1" cat /proc/net/ip6_tables_names

step "5. T1 and T2 are unloaded: their object modules leave memory; T1 comes back patched"
rmmod xt_comment xt_TEE iptable_mangle ip_tables ip6table_filter ip6_tables x_tables
show "hotfix_1 " livepatch_modules
not_patched hotfix_1 x_tables ip_tables
load_ip6table_filter
patched hotfix_1 x_tables
show "hotfix_1 hotfix_1__x_tables " livepatch_modules
show "filter tee=0 comment=0 hotfix-1" cat /proc/net/ip6_tables_names

step "6. a cumulative livepatch replaces the first atomically; what only the first had changed is as before"
kpatch load --drop /livepatches/hotfix_2
kpatch list
patched hotfix_2 vmlinux x_tables
show "hotfix_2 hotfix_2__x_tables " livepatch_modules
expect_eq absent "$(klp hotfix_1 enabled)" "first livepatch"
show "Livepatched: hotfix-2" second_line_of_version
show 0 loadavg_ends_in_hotfix
show "filter tee=0 comment=0 hotfix-2 cumulative" cat /proc/net/ip6_tables_names

step "7. kpatch unload: everything as before, nothing left"
kpatch unload hotfix_2
show "" livepatch_modules
show "filter" cat /proc/net/ip6_tables_names
show "" second_line_of_version
dmesg_mark
modprobe iptable_mangle
dmesg_lacks 'new network namespace'
rmmod iptable_mangle ip_tables ip6table_filter ip6_tables x_tables
