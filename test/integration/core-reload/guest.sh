# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a livepatch for one module, which is loaded and unloaded without a pause, 50 times or ROUNDS times.
# Prevents: an object module that stays in memory longer than its target, or is missing after one of the loads.
# Fails if: the going hook returns before the object module has been removed.

rounds=$(sed 's/.*test\.rounds=\([0-9]*\).*/\1/' /proc/cmdline)
modprobe kst_m
wait_transition

step "$rounds rounds, patched in each"
round=0
while [ $round -lt "$rounds" ]; do
	modprobe kst_t1
	[ "$(cat /sys/module/kst_t1/parameters/value)" = 301 ] || fail "not patched in round $round"
	[ "$(cat /sys/module/kst_t1/parameters/at_init)" = 301 ] || fail "init not patched in round $round"
	rmmod kst_t1
	! is_loaded kst_m__kst_t1 || fail "the object module is still there in round $round"
	round=$((round + 1))
done

step "20 rounds by two processes that get in each other's way"
hammer()
{
	i=0
	while [ $i -lt 20 ]; do
		modprobe kst_t1 2>/dev/null || :
		rmmod kst_t1 2>/dev/null || :
		i=$((i + 1))
	done
}
hammer &
hammer
wait
is_loaded kst_t1 || modprobe kst_t1
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
rmmod kst_t1
not_loaded kst_m__kst_t1

disable kst_m
rmmod kst_m klp_split
