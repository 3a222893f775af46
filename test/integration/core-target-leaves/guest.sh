# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a livepatch is enabled while its target is loaded, and the target is removed while its object module
#   is still being loaded: delayed before it registers (COMING notifier) or after (LIVE).
# Prevents: freeing the target's memory while an object module that refers to it is being loaded.
# Fails if: registration already sets the state LOADED, so that the going hook tries to remove a module that is
#   still being loaded; or the going hook does not wait for LOADING.

for state in 1 0; do
	step "removed while the object module is held up in state $state"
	modprobe kst_notifier name=kst_m__kst_t1 sleep=$((3000 * SLOW)) state=$state
	modprobe kst_t1
	dmesg_mark
	modprobe kst_m &
	wait_until 20 dmesg_has 'kst_notifier: kst_m__kst_t1 is'
	rmmod kst_t1
	not_loaded kst_t1 kst_m__kst_t1
	wait $!
	wait_transition
	rmmod kst_notifier
	dmesg_lacks 'stays loaded'

	step "and loaded again"
	modprobe kst_t1
	expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
	rmmod kst_t1
	disable kst_m
	rmmod kst_m
done
rmmod klp_split
