# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: one boot, nothing else running in the VM.
# Prevents: costs of splitting that nobody knows.
# Fails if: what is measured doesn't work.

modules=/lib/modules/$(uname -r)/updates
rounds=8

# Milliseconds since boot, in steps of ten.
now()
{
	read -r uptime _ </proc/uptime
	echo "${uptime%.*}${uptime#*.}0"
}

# measure NAME COMMAND…: four times, in tenths of a millisecond; the quickest of all such measures of
# NAME counts, as others may be using the machine.
measure()
{
	name=$1
	shift
	start=$(now)
	for _ in 1 2 3 4; do
		"$@"
	done
	took=$((($(now) - start) * 10 / 4))
	[ -e "/tmp/$name" ] && [ $took -ge "$(quickest "$name")" ] || echo $took >"/tmp/$name"
}
quickest() { cat "/tmp/$1"; }

ms() { echo "$(($1 / 10)).$(($1 % 10)) ms"; }
# ratio A B: A/B with two digits behind the point.
ratio() { printf '%d.%02d\n' $(($1 / $2)) $(($1 % $2 * 100 / $2)); }
kib() { awk -v names="$*" 'BEGIN { n = split(names, a, " "); for (i = 1; i <= n; i++) want[a[i]] = 1 }
	$1 in want { sum += $2 } END { print int(sum / 1024) }' /proc/modules; }

load_target()
{
	insmod "$modules/kst_t1.ko"
	rmmod kst_t1
}
load_relocations()
{
	insmod "$modules/bench_relocs_$1.ko"
	rmmod "bench_relocs_$1"
}

# In turns: a machine that is busy for a while is so for all of them.
n=0
while [ $n -lt $rounds ]; do
	measure bare load_target
	modprobe klp_split
	measure with_core load_target
	modprobe kst_m
	wait_transition
	measure with_livepatch load_target
	disable kst_m
	rmmod kst_m klp_split
	for relocations in 1 11 41; do
		measure relocations_$relocations load_relocations $relocations
	done
	n=$((n + 1))
done
bare=$(quickest bare)
with_core=$(quickest with_core)
with_livepatch=$(quickest with_livepatch)
one=$(quickest relocations_1)
some=$(quickest relocations_11)
many=$(quickest relocations_41)

{
	echo "load and unload of a target:"
	echo "  without the core                $(ms "$bare")"
	echo "  with the core, no livepatch     $(ms "$with_core")  ratio $(ratio "$with_core" "$bare")"
	echo "  with a split livepatch for it   $(ms "$with_livepatch")  ratio $(ratio "$with_livepatch" "$bare")"
} >/results/costs

{
	echo "a module with klp relocations to different symbols of vmlinux:"
	echo "  1, 11, 41 of them               $(ms "$one"), $(ms "$some"), $(ms "$many")"
	echo "  each                            $(ms $(((many - one) / 40)))  $(ratio $(((many - one) * 100 / 40)) "$bare") % of loading and unloading a target"
} >>/results/costs

modprobe klp_split
modprobe bench_t0
modprobe bench_t1
modprobe bench_p
wait_transition
patched bench_p bench_t0 bench_t1
main=$(kib bench_p)
objects=$(kib bench_p__bench_t0 bench_p__bench_t1)
disable bench_p
rmmod bench_p
insmod "$modules/bench_all.ko"
wait_transition
all=$(kib bench_all)
disable bench_all
rmmod bench_all
{
	echo "memory of a livepatch for 20 targets, 2 of them loaded, 30 functions each:"
	echo "  one module                      $all KiB"
	echo "  split: main, 2 object modules   $main + $objects KiB  ratio $(ratio $((main + objects)) "$all")"
	echo "  the core, once                  $(kib klp_split) KiB"
} >>/results/costs
rmmod bench_t0 bench_t1
rmmod klp_split
cat /results/costs
