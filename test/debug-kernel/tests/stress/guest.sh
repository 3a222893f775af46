# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: for minutes and at the same time: several loops load and unload targets and switch their static keys
#   and calls, livepatches are loaded, reversed, disabled, replaced and removed, helpers and user programs are
#   killed, helpers fail in several ways, and allocations fail at random.
# Prevents: a race that no scenario covers.
# Fails if: the kernel complains, something hangs, a target runs unpatched, or anything is left at the end.

minutes=$(sed 's/.*test\.minutes=\([0-9]*\).*/\1/' /proc/cmdline)
failslab=/sys/kernel/debug/failslab
running=/tmp/running
counts=/tmp/counts
mkdir $counts
: >$running

# A digit in hexadecimal, at random, without a process: $digit.
roll()
{
	read -r digit </proc/sys/kernel/random/uuid
	digit=${digit%"${digit#?}"}
}

pause()
{
	roll
	case $digit in
	[0-3]) ;;
	[4-7]) usleep 20000 ;;
	[89ab]) usleep 100000 ;;
	*) usleep 400000 ;;
	esac
}

# Half of what is run here runs short of memory, where the kernel can let allocations fail.
try()
{
	roll
	case $digit$failing in
	[0-7]1) (echo 1 >/proc/self/make-it-fail; exec "$@") >/dev/null 2>&1 ;;
	*) "$@" >/dev/null 2>&1 ;;
	esac
}

cat >/tmp/helper <<'END'
#!/bin/sh
read -r digit </proc/sys/kernel/random/uuid
case $digit in
0*) echo "helper fails" >>/tmp/counts/helper-failures; exit 1 ;;
1*) echo "helper says it failed, and has not" >>/tmp/counts/helper-failures
	/usr/sbin/modprobe "$@"; exit 7 ;;
2*) echo "helper says it did it, and has not" >>/tmp/counts/helper-failures; exit 0 ;;
3*) usleep 500000 ;;
[456]*) [ ! -e /proc/self/make-it-fail ] || echo 1 >/proc/self/make-it-fail ;;
esac
exec /usr/sbin/modprobe "$@"
END
chmod +x /tmp/helper

# loop NAME COMMAND…: until the end; counts rounds.
loop()
{
	(
		set +e
		name=$1
		rounds=0
		shift
		while [ -e $running ]; do
			"$@"
			rounds=$((rounds + 1))
			echo "$rounds" >"$counts/$name"
			pause
		done
	) &
	loops="$loops $!"
}

come_and_go()
{
	try modprobe "$1"
	cat /sys/module/"$1"/parameters/* >/dev/null 2>&1
	pause
	try rmmod "$1"
}

switch_keys()
{
	roll
	for parameter in key key_true key_unused; do
		echo $((0x$digit & 1)) >/sys/module/kst_t1/parameters/$parameter
	done 2>/dev/null
	echo $((0x$digit & 1 | 2)) >/sys/module/kst_t1/parameters/call
} 2>/dev/null

# On, perhaps round, off, out; any of it may fail because of another livepatch. Only one whose
# functions no other replaces is turned round: on a stack of several the kernel then takes the
# head of its list for a function (kernel/livepatch/transition.c: klp_check_stack_func(), 6.1).
use_livepatch()
{
	enabled=/sys/kernel/livepatch/$1/enabled
	try modprobe "$1"
	pause
	roll
	case $1.$digit in
	kst_c.[0-7]) for to in 0 1 0 1; do echo $to >"$enabled"; done ;;
	kst_c.[89ab]) echo 0 >"$enabled"; pause; echo 1 >"$enabled" ;;
	esac 2>/dev/null
	pause
	echo 0 2>/dev/null >"$enabled"
	pause
	try rmmod "$1"
} 2>/dev/null

kill_somebody()
{
	roll
	# shellcheck disable=SC2046 # one word per process
	set -- $(pidof modprobe rmmod insmod)
	[ $# -gt 0 ] || return 0
	shift $((0x$digit % $#))
	kill -9 "$1" && echo "killed" >>$counts/killed
} 2>/dev/null

# No fault since the last call is no failure.
new_faults() { dmesg -c | grep -c 'forcing a failure' || :; }
lines() { [ ! -e "$counts/$1" ] && echo 0 || wc -l <"$counts/$1"; }

modprobe klp_split
echo /tmp/helper >/proc/sys/kernel/modprobe
failing=
if [ -e $failslab ]; then
	failing=1
	echo N >$failslab/ignore-gfp-wait
	echo Y >$failslab/task-filter
	echo 1 >$failslab/verbose
	echo -1 >$failslab/times
	echo 20 >$failslab/interval
	echo 100 >$failslab/probability
fi

step "$minutes minutes of everything at once"
loops=
loop kst_t1-first come_and_go kst_t1
loop kst_t1-second come_and_go kst_t1
loop kst_t2 come_and_go kst_t2
loop kst_t3 come_and_go kst_t3
loop keys switch_keys
for livepatch in kst_r1 kst_r2 kst_s1 kst_s2 kst_c; do
	loop $livepatch use_livepatch $livepatch
done
loop killer kill_somebody

faults=0
end=$(($(cut -d. -f1 /proc/uptime) + minutes * 60))
while [ "$(cut -d. -f1 /proc/uptime)" -lt $end ]; do
	sleep 5
	faults=$((faults + $(new_faults)))
done

step "everything comes to rest"
rm $running
# shellcheck disable=SC2086 # a list
wait $loops
[ ! $failing ] || echo 0 >$failslab/probability
echo /sbin/modprobe >/proc/sys/kernel/modprobe

step "the summary"
{
	echo "minutes: $minutes"
	for name in kst_t1-first kst_t1-second kst_t2 kst_t3 keys kst_r1 kst_r2 kst_s1 kst_s2 kst_c; do
		echo "rounds of $name: $(cat $counts/$name)"
	done
	echo "allocations failed: $faults"
	echo "helpers failed on purpose: $(lines helper-failures)"
	echo "programs killed: $(lines killed)"
} | tee /results/summary
for name in kst_t1-first kst_t2 kst_t3 keys kst_r1 kst_r2 kst_s1 kst_s2 kst_c; do
	[ "$(cat "$counts/$name")" -ge "$minutes" ] || fail "too few rounds of $name to mean anything"
done
[ ! $failing ] || [ $faults -gt $((minutes * 20)) ] || fail "too few allocations failed to mean anything"

step "all of it can be taken out"
wait_transition 120
for livepatch in kst_r1 kst_r2 kst_s1 kst_s2 kst_c; do
	[ ! -e /sys/kernel/livepatch/$livepatch ] || disable $livepatch
	! is_loaded $livepatch || rmmod $livepatch
done
for target in kst_t2 kst_t1 kst_t3; do
	! is_loaded $target || rmmod $target
done
expect_eq "" "$(grep -v '^klp_split ' /proc/modules)" "modules left"

step "and it still works"
modprobe kst_r1
modprobe kst_t1
wait_transition
patched kst_r1 vmlinux kst_t1
expect_eq 101 "$(cat /sys/module/kst_t1/parameters/value)"
rmmod kst_t1
disable kst_r1
rmmod kst_r1
rmmod klp_split
