# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: 100 processes load and unload targets of a livepatch; some of the targets depend on each other.
# Prevents: tasks that wait for each other for ever; helpers that starve.
# Fails if: the core holds its lock while a helper runs, or loads with request_module(), which has 50 slots.

modprobe kst_r1
wait_transition

step "100 at once"
n=0
while [ $n -lt 25 ]; do
	modprobe kst_t1 2>/dev/null &
	modprobe kst_t2 2>/dev/null &
	modprobe kst_t3 2>/dev/null &
	(modprobe -r kst_t2 || modprobe -r kst_t3) 2>/dev/null &
	n=$((n + 1))
done
wait

step "and all is as it should be"
modprobe kst_t2
modprobe kst_t3
expect_eq 101 "$(cat /sys/module/kst_t1/parameters/value)"
expect_eq 1200 "$(cat /sys/module/kst_t2/parameters/value)"
disable kst_r1
rmmod kst_r1
rmmod kst_t2 kst_t1 kst_t3
not_loaded kst_r1__kst_t1 kst_r1__kst_t2
rmmod klp_split
