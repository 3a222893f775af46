# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: livepatches S1, S2, S3 change a() in vmlinux and b() in T; each is enabled before T is loaded, while
#   T is being loaded (delayed in a COMING notifier or in its init), or when T is loaded.
# Prevents: another order of the versions of b() than of those of a(): then a() runs S3's code and b() S2's.
# Fails if: a livepatch that is enabled while T is being loaded is applied to T before the older ones.

a() { cat /proc/cmdline; }
b() { cat /sys/module/kst_t1/parameters/value; }

enable_each()
{
	for livepatch; do
		modprobe "$livepatch"
		wait_transition
	done
}

# Newest first; a() and b() go back together.
unwind()
{
	for n in 3 2 1; do
		expect_eq "kst_s$n" "$(a)"
		expect_eq "$n" "$(b)"
		disable "kst_s$n"
		rmmod "kst_s$n"
	done
	expect_eq 0 "$(b)"
	rmmod kst_t1
}

step "all of them before T"
enable_each kst_s1 kst_s2 kst_s3
modprobe kst_t1
unwind

step "all of them after T"
modprobe kst_t1
enable_each kst_s1 kst_s2 kst_s3
unwind

step "S3 while T is held up by a COMING notifier"
enable_each kst_s1 kst_s2
for priority in 1000 -100; do
	modprobe kst_notifier name=kst_t1 sleep=$((3000 * SLOW)) priority=$priority
	dmesg_mark
	modprobe kst_t1 &
	wait_until 20 dmesg_has 'kst_notifier: kst_t1 is coming'
	enable_each kst_s3
	expect_eq coming "$(cat /sys/module/kst_t1/initstate 2>/dev/null || echo coming)"
	wait $!
	expect_eq kst_s3 "$(a)"
	expect_eq 3 "$(b)"
	expect_eq 3 "$(cat /sys/module/kst_t1/parameters/at_init)" "value when init ran"
	rmmod kst_t1
	not_loaded kst_s1__kst_t1 kst_s2__kst_t1 kst_s3__kst_t1
	rmmod kst_notifier
	disable kst_s3
	rmmod kst_s3
done

step "S3 while T sleeps in its init"
modprobe kst_t1 sleep_init=$((3000 * SLOW)) &
wait_until 20 is_loaded kst_s2__kst_t1
wait_until 20 test -e /sys/module/kst_t1/parameters/at_init
enable_each kst_s3
expect_eq coming "$(cat /sys/module/kst_t1/initstate)"
expect_eq 3 "$(b)"
wait $!
unwind

step "the second one fails on T: the first stays whole"
enable_each kst_s1
mv "$(modinfo -n kst_s2__kst_t1)" /tmp/
modprobe kst_t1
expect_fail modprobe kst_s2
expect_eq kst_s1 "$(a)"
expect_eq 1 "$(b)"
not_loaded kst_s2 kst_s2__kst_t1
loaded kst_s1__kst_t1
rmmod kst_t1
disable kst_s1
rmmod kst_s1
rmmod klp_split
