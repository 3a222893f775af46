# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: one loop loads and unloads a target, 200 times or EXITS times; another one enables, replaces and
#   disables livepatches that have another exit function for it. Nothing synchronises the two.
# Prevents: a task that has read module.exit when the core assumes that it has not: it runs an exit function
#   that belongs to another livepatch than the functions it calls, or one whose memory was freed.
# Fails if: module.exit is written, and the target's state then read, without a memory order that
#   delete_module() uses, too; or a task can be switched while it is in an exit function.

rounds=$(sed 's/.*test\.rounds=\([0-9]*\).*/\1/' /proc/cmdline)
running=/tmp/running
exits=/tmp/exits

# $digit: in hexadecimal, at random
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
	[4-7]) usleep 10000 ;;
	[89ab]) usleep 50000 ;;
	*) usleep 200000 ;;
	esac
}

# While a transition is under way the kernel refuses both.
enable() { wait_until 60 modprobe "$1" 2>/dev/null; }
switch_off() { wait_until 60 write_0 "/sys/kernel/livepatch/$1/enabled"; }
write_0() { [ ! -e "$1" ] || echo 0 >"$1"; } 2>/dev/null

livepatches()
{
	n=0
	while [ -e $running ]; do
		enable kst_e1
		pause
		roll
		case $digit in
		[0-7]) # replaced
			enable kst_e2
			pause
			wait_until 60 rmmod kst_e1 2>/dev/null
			last=kst_e2
			;;
		*) last=kst_e1 ;;
		esac
		switch_off $last
		wait_until 60 test ! -e /sys/kernel/livepatch/$last
		rmmod $last
		n=$((n + 1))
		echo $n >/tmp/livepatches
		pause
	done
}

collect() { dmesg -c | grep 'kst_leaver: exit' >>$exits || :; }

step "$rounds exits, and livepatches of the exit function"
dmesg -c >/dev/null
: >$running
: >$exits
livepatches &
livepatches=$!
round=0
while [ $round -lt "$rounds" ]; do
	roll
	modprobe kst_leaver ms=$((0x$digit))
	pause
	rmmod kst_leaver
	round=$((round + 1))
	[ $((round % 50)) != 0 ] || collect
done
rm $running
wait $livepatches
collect

step "each of them found the functions of its own livepatch, before and after it slept"
count() { grep -c "exit $1 finds" $exits || :; }
expect_eq "" "$(sed -n 's/.*exit \([0-9]\) .*finds \([0-9]\).*/\1 \2/p' $exits | awk '$1 != $2')" "exits with functions of another"
expect_eq "$rounds" "$(grep -c 'exit [0-9] finds' $exits)" "exits begun"
expect_eq "$rounds" "$(grep -c 'exit [0-9] leaves' $exits)" "exits ended"
echo "exits $rounds: own $(count 0), kst_e1 $(count 1), kst_e2 $(count 2); livepatches $(cat /tmp/livepatches)" |
	tee /results/summary
[ "$(count 0)" -gt 0 ] && [ $(($(count 1) + $(count 2))) -gt 0 ] || fail "only one side: no race"

not_loaded kst_leaver kst_e1 kst_e2 kst_e1__kst_leaver kst_e2__kst_leaver
rmmod klp_split
