# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the first, second, third… allocation of a task fails, until there is none left to fail: while a
#   target loads and unloads, while its object module is loaded by the helper, while the livepatch is
#   loaded and removed.
# Prevents: a path after a failed allocation that leaks, crashes, leaves an object module behind, or lets
#   a target run unpatched.
# Fails if: any of these happens, or the same step doesn't work again right after.

modules=/lib/modules/$(uname -r)/updates
t1=/sys/module/kst_t1/parameters

echo N >/sys/kernel/debug/failslab/ignore-gfp-wait
echo 1 >/sys/kernel/debug/failslab/verbose

cat >/tmp/failing <<'END'
#!/bin/sh
nth=$1
shift
echo "$nth" >/proc/self/fail-nth
exec "$@"
END
cat >/tmp/helper <<'END'
#!/bin/sh
read -r nth </tmp/nth
echo "$nth" >/proc/self/fail-nth
exec /usr/sbin/modprobe "$@"
END
chmod +x /tmp/failing /tmp/helper
echo 0 >/tmp/nth

# Where the livepatch is on, the target is patched if it is there, and if not, nothing is there.
consistent()
{
	if ! is_loaded kst_t1; then
		not_loaded kst_r1__kst_t1
	elif [ "$(klp kst_r1 enabled)" = 1 ]; then
		loaded kst_r1__kst_t1
		expect_eq 101 "$(cat $t1/value)" "value of the target"
	fi
}

# Was there a fault since the last call?
fault_was_injected() { dmesg -c | grep -q 'forcing a failure'; }

# each_allocation NAME PREPARE ACTION…: ACTION with its Nth allocation failing, for each N.
each_allocation()
{
	name=$1
	prepare=$2
	shift 2
	nth=1
	failures=0
	while :; do
		"$prepare"
		dmesg -c >/dev/null
		"$@" $nth >/tmp/out 2>&1 || failures=$((failures + 1))
		fault_was_injected || break
		wait_transition
		consistent
		nth=$((nth + 1))
	done
	echo "$name: $((nth - 1)) allocations failed one by one, $failures times the whole did" | tee -a /results/summary
	[ $failures -gt 0 ] || fail "$name: no failed allocation made it fail"
}

absent_target() { ! is_loaded kst_t1 || rmmod kst_t1; }
present_target() { is_loaded kst_t1 || insmod "$modules/kst_t1.ko"; }
load_target() { /tmp/failing "$1" /usr/sbin/insmod "$modules/kst_t1.ko"; }
unload_target() { /tmp/failing "$1" /usr/sbin/rmmod kst_t1; }
load_with_failing_helper()
{
	echo "$1" >/tmp/nth
	status=0
	insmod "$modules/kst_t1.ko" || status=$?
	echo 0 >/tmp/nth
	return $status
}
absent_livepatch()
{
	[ ! -e /sys/kernel/livepatch/kst_r1 ] || disable kst_r1
	! is_loaded kst_r1 || rmmod kst_r1
	not_loaded kst_r1__kst_t1
}
present_livepatch()
{
	is_loaded kst_r1 || insmod "$modules/kst_r1.ko"
	wait_transition
	enabled kst_r1
}
load_livepatch() { /tmp/failing "$1" /usr/sbin/insmod "$modules/kst_r1.ko"; }
disabled_livepatch()
{
	present_livepatch
	echo 0 >/sys/kernel/livepatch/kst_r1/enabled
	wait_until 60 test ! -e /sys/kernel/livepatch/kst_r1
}
remove_livepatch() { /tmp/failing "$1" /usr/sbin/rmmod kst_r1; }
modprobe klp_split
present_livepatch

step "the task that loads a target"
each_allocation "insmod of a target" absent_target load_target

step "the task that unloads it"
each_allocation "rmmod of a target" present_target unload_target

step "the helper that loads its object module"
echo /tmp/helper >/proc/sys/kernel/modprobe
each_allocation "helper for an object module" absent_target load_with_failing_helper
echo /sbin/modprobe >/proc/sys/kernel/modprobe

step "the task that loads a livepatch, its target being there"
absent_livepatch
present_target
each_allocation "insmod of a livepatch" absent_livepatch load_livepatch

step "the task that removes it"
each_allocation "rmmod of a livepatch" disabled_livepatch remove_livepatch

step "after all that, everything works"
absent_livepatch
absent_target
present_livepatch
present_target
patched kst_r1 vmlinux kst_t1
consistent
absent_target
absent_livepatch
rmmod klp_split
