# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the first livepatch is enabled with a loaded target; the second replaces it and has all its functions
#   but one.
# Prevents: replaced code that stays in memory or still runs; a moment in which neither livepatch is enabled.
# Fails if: anything of the first livepatch is left, the function that only it replaced still runs its code, or
#   a reader sees the original code in between.
. /lib/demo-verbs.sh

load_ip6table_filter
expect_ok kpatch load /livepatches/hotfix_1

step "a reader never sees the original code while one replaces the other"
while [ ! -e /tmp/stop ]; do second_line_of_version; done >/tmp/seen &
reader=$!
expect_ok kpatch load --drop /livepatches/hotfix_2
touch /tmp/stop
wait $reader
expect_eq "Livepatched: hotfix-1 Livepatched: hotfix-2" "$(uniq /tmp/seen | tr '\n' ' ' | sed 's/ $//')"

step "nothing of the first is left"
expect_eq "hotfix_2 hotfix_2__x_tables " "$(livepatch_modules)"
expect_eq absent "$(klp hotfix_1 enabled)"
expect_eq 0 "$(loadavg_ends_in_hotfix)"
expect_eq "filter tee=0 comment=0 hotfix-2 cumulative" "$(cat /proc/net/ip6_tables_names)"

step "a target that comes now gets the second's code"
dmesg_mark
modprobe ip_tables
dmesg_has 'new network namespace: 0 (hotfix-2)'
rmmod ip_tables
expect_ok kpatch unload hotfix_2
