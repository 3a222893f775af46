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
	note "$name" $((($(now) - start) * 10 / 4))
}
note() { [ -e "/tmp/$1" ] && [ "$2" -ge "$(quickest "$1")" ] || echo "$2" >"/tmp/$1"; }
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
# The core follows each task that ends.
processes()
{
	i=0
	while [ $i -lt 100 ]; do
		(:)
		i=$((i + 1))
	done
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
	measure processes processes
	modprobe klp_split
	measure with_core load_target
	measure processes_with_core processes
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
processes=$(quickest processes)
processes_with_core=$(quickest processes_with_core)
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
	echo "100 processes forked and ended:"
	echo "  without the core                $(ms "$processes")"
	echo "  with the core                   $(ms "$processes_with_core")  ratio $(ratio "$processes_with_core" "$processes")"
} >/results/costs

{
	echo "a module with klp relocations to different symbols of vmlinux:"
	echo "  1, 11, 41 of them               $(ms "$one"), $(ms "$some"), $(ms "$many")"
	echo "  each                            $(ms $(((many - one) / 40)))  $(ratio $(((many - one) * 100 / 40)) "$bare") % of loading and unloading a target"
} >>/results/costs

# removal NAME FILE: of a livepatch that is disabled, from memory.
removal()
{
	insmod "$modules/$2.ko"
	wait_transition
	disable "$2"
	start=$(now)
	rmmod "$2"
	note "$1" $((($(now) - start) * 10))
}
removals()
{
	n=0
	while [ $n -lt $rounds ]; do
		removal "one_$1" bench_all
		removal "split_$1" bench_p
		n=$((n + 1))
	done
}
modprobe klp_split
removals few
sleepers=
n=0
while [ $n -lt 500 ]; do
	sleep 10000 &
	sleepers="$sleepers $!"
	n=$((n + 1))
done
removals many
# shellcheck disable=SC2086 # a list
kill $sleepers
{
	echo "removal of a disabled livepatch, whose targets aren't loaded:"
	echo "  one module                      $(ms "$(quickest one_few)")"
	echo "  split                           $(ms "$(quickest split_few)")  ratio $(ratio "$(quickest split_few)" "$(quickest one_few)")"
	echo "  the same with 500 more tasks    $(ms "$(quickest one_many)"), $(ms "$(quickest split_many)")  ratio $(ratio "$(quickest split_many)" "$(quickest one_many)")"
} >>/results/costs

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
