# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: ordinary livepatches, split by hand into one for vmlinux and one for a target. The second is loaded
#   together with the target (by the process that loads the target, or by a notifier). Then the same with the
#   split core.
# Prevents: a core that solves problems which don't exist, or doesn't solve those that exist without it.
# Fails if: a race, or a dependency of types A to D, is harmless without the core, or does harm with it.

a() { cat /proc/cmdline; }
b() { cat "/sys/module/$1/parameters/value"; }
at_init() { cat "/sys/module/$1/parameters/at_init"; }
live() { [ "$(cat "/sys/module/$1/initstate" 2>/dev/null)" = live ]; }
enable() { modprobe "$1" && wait_transition; }

# What an install line for the target would do: it, then the code for it, of those that are on.
load_target_by_hand()
{
	on=$(ls /sys/kernel/livepatch)
	modprobe before_t1 "$@"
	wait_transition
	for livepatch in $on; do
		enable "${livepatch}_t1"
	done
}
# And for a livepatch: it, then its code for the target, if that is there.
enable_by_hand()
{
	enable "$1"
	! live before_t1 || enable "$1_t1"
}
out() { disable "$1" && rmmod "$1"; }

step "before: livepatch first, target later: its init has run the old code"
enable_by_hand before_p1
load_target_by_hand
expect_eq 1 "$(b before_t1)"
expect_eq 0 "$(at_init before_t1)" "value when init ran"

step "before: the target goes, and nobody takes out the code for it"
rmmod before_t1
loaded before_p1_t1
out before_p1_t1

step "before: P3 is enabled while the target, which P1 and P2 patch, is loading: a() and b() disagree"
enable_by_hand before_p2
load_target_by_hand sleep_init=$((5000 * SLOW)) &
wait_until 20 is_loaded before_t1
enable_by_hand before_p3
wait $!
wait_transition
expect_eq a3 "$(a)"
expect_eq 2 "$(b before_t1)"
for livepatch in before_p2_t1 before_p1_t1 before_p3 before_p2 before_p1; do
	out $livepatch
done
rmmod before_t1

step "after: P3's code runs in both, and in the target from its first instruction"
enable kst_s1
enable kst_s2
modprobe kst_t1 sleep_init=$((3000 * SLOW)) &
wait_until 20 is_loaded kst_s2__kst_t1
enable kst_s3
wait $!
expect_eq kst_s3 "$(a)"
expect_eq 3 "$(b kst_t1)"
expect_ne 0 "$(at_init kst_t1)" "value when init ran"
rmmod kst_t1
not_loaded kst_s1__kst_t1 kst_s2__kst_t1 kst_s3__kst_t1
for livepatch in kst_s3 kst_s2 kst_s1; do
	out $livepatch
done

going() { grep -q "^$1 .* Unloading " /proc/modules; }

step "before: P3 is enabled while the target, which P1 patches, runs its exit: a() and b() disagree there"
enable_by_hand before_p1
load_target_by_hand sleep_exit=$((5000 * SLOW))
expect_eq 1 "$(b before_t1)"
dmesg_mark
rmmod before_t1 &
wait_until 20 going before_t1
enable_by_hand before_p3
expect_eq a3 "$(a)"
going before_t1 || fail "the target has gone too early"
wait $!
dmesg_has 'before_t1: value at the end of exit: 1'
for livepatch in before_p1_t1 before_p3 before_p1; do
	out $livepatch
done

step "after: P3's code runs in the target until its exit is over, and leaves with it"
enable kst_s1
modprobe kst_t1 sleep_exit=$((5000 * SLOW))
expect_eq 1 "$(b kst_t1)"
dmesg_mark
rmmod kst_t1 &
wait_until 20 going kst_t1
enable kst_s3
expect_eq kst_s3 "$(a)"
wait $!
dmesg_has 'kst_t1: value at the end of exit: 3'
not_loaded kst_s1__kst_t1 kst_s3__kst_t1

step "after: P2 is enabled when the target's exit is over, and before its memory is freed: it is left alone"
modprobe kst_t1
expect_eq 3 "$(b kst_t1)"
modprobe kst_notifier name=kst_s1__kst_t1 state=2 hold=1
dmesg_mark
rmmod kst_t1 &
wait_until 20 dmesg_has 'kst_notifier: kst_s1__kst_t1 is going'
going kst_t1 || fail "the target has gone too early"
enable kst_s2
patched kst_s2 vmlinux
not_patched kst_s2 kst_t1
not_loaded kst_s2__kst_t1
echo 0 >/sys/module/kst_notifier/parameters/hold
wait $!
rmmod kst_notifier
not_loaded kst_t1 kst_s1__kst_t1 kst_s2__kst_t1 kst_s3__kst_t1
modprobe kst_t1
expect_eq kst_s2 "$(a)"
expect_eq 2 "$(b kst_t1)"
rmmod kst_t1
for livepatch in kst_s2 kst_s3 kst_s1; do
	out $livepatch
done
rmmod klp_split

step "before: type A, exports of vmlinux only: no dependency"
expect_eq "" "$(modinfo -F depends before_p1_t1)"

step "before: type B, an export of the target: it can't be unloaded any more"
modprobe before_t1
enable before_b
expect_eq 100 "$(b before_t1)"
expect_eq before_b, "$(used_by before_t1)"
expect_fail rmmod before_t1
out before_b
rmmod before_t1

# The modprobe of a module, if it waits in the kernel for another module: $pid.
stuck()
{
	for pid in $(pidof modprobe); do
		! tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q "modprobe $1 " ||
			! grep -q init_module "/proc/$pid/stack" || return 0
	done
	return 1
}

# deadlock MODULE CODE: MODULE waits for the modprobe of CODE, and that for MODULE, until somebody kills it.
deadlock()
{
	wait_until 30 stuck "$2"
	stuck "$2"
	first=$pid
	sleep $((3 * SLOW))
	stuck "$2"
	expect_eq "$first" "$pid" "modprobe of $2"
	expect_eq coming "$(cat "/sys/module/$1/initstate" 2>/dev/null || echo coming)" "state of $1"
	kill "$pid"
}

step "before: type C, an export of main, which waits for its code in its init: neither goes on"
modprobe before_t1
modprobe before_main code=before_c now=1 &
deadlock before_main before_c
wait $!
expect_ne 0 "$(cat /sys/module/before_main/parameters/result)" "exit status of modprobe before_c"
expect_eq 0 "$(b before_t1)"
rmmod before_main before_t1

step "before: type D, an export of a module that depends on the target: the same, and then it runs unpatched"
modprobe before_main code=before_d
modprobe before_t1 &
deadlock before_t1 before_d
wait $!
expect_ne 0 "$(cat /sys/module/before_main/parameters/result)" "exit status of modprobe before_d"
expect_eq 0 "$(b before_t1)"
rmmod before_main before_t1

step "after: A to D in one livepatch: no dependency but the core, and both targets leave"
for module in kst_r1 kst_r1__kst_t1 kst_r1__kst_t2; do
	expect_eq klp_split "$(modinfo -F depends $module)" "depends of $module"
done
modprobe kst_t2
enable kst_r1
expect_eq 1016 "$(cat /sys/module/kst_t1/parameters/references)" "types B and C"
expect_eq 1200 "$(b kst_t2)" "types C and D"
rmmod kst_t2 kst_t1
not_loaded kst_r1__kst_t1 kst_r1__kst_t2
out kst_r1
rmmod klp_split
