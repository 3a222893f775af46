# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: new code uses static keys and a static call of T, and calls T's static function from an alternative;
#   T is loaded before the livepatch, or after it.
# Prevents: new code that links itself to a key before T has registered it (oops at the first switch); branches
#   that no longer follow their key; calls of an old function.
# Fails if: the object module is loaded from the coming hook instead of after the notifiers, or klp relocations
#   are applied after jump labels, static calls and alternatives are set up.

parameters=/sys/module/kst_t1/parameters

# keys FALSE TRUE UNUSED: switch them one by one, and compare after each.
keys()
{
	echo "$1" >$parameters/key
	echo "$2" >$parameters/key_true
	echo "$3" >$parameters/key_unused
	expect_eq $((100 + $1 + 2 * $2 + 4 * $3)) "$(cat $parameters/keys)" "keys at $1 $2 $3"
}

follows_everything()
{
	keys 0 1 0
	keys 1 1 0
	keys 1 0 0
	keys 1 0 1
	keys 0 0 1
	keys 1 1 1
	keys 0 1 0
	for n in 1 2 1; do
		echo $n >$parameters/call
		expect_eq $((100 + n)) "$(cat $parameters/static_call)" "static call $n"
	done
	expect_eq 107 "$(cat $parameters/alternative)" "alternative"
}

step "livepatch first, then T"
modprobe kst_r1
wait_transition
modprobe kst_t1
expect_eq 102 "$(cat $parameters/keys)" "keys as T was loaded"
follows_everything

step "T again, at another address perhaps, and from its defaults"
echo 1 >$parameters/key
echo 2 >$parameters/call
rmmod kst_t1
modprobe kst_t1
expect_eq 102 "$(cat $parameters/keys)"
expect_eq 101 "$(cat $parameters/static_call)"
follows_everything

step "the livepatch leaves with keys switched; T's own code follows them"
keys 1 0 1
echo 2 >$parameters/call
disable kst_r1
rmmod kst_r1
not_loaded kst_r1__kst_t1
expect_eq 1 "$(cat $parameters/keys)"
expect_eq 2 "$(cat $parameters/static_call)"
echo 0 >$parameters/key
echo 1 >$parameters/key_true
expect_eq 2 "$(cat $parameters/keys)"

step "T first with keys switched, then the livepatch"
echo 1 >$parameters/key
echo 0 >$parameters/key_true
modprobe kst_r1
wait_transition
expect_eq 105 "$(cat $parameters/keys)"
expect_eq 102 "$(cat $parameters/static_call)"
follows_everything

step "ten reloads with a switch in each"
n=0
while [ $n -lt 10 ]; do
	rmmod kst_t1
	modprobe kst_t1
	keys 1 0 1
	n=$((n + 1))
done
rmmod kst_t1
disable kst_r1
rmmod kst_r1
rmmod klp_split
