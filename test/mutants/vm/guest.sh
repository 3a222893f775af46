# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Premise: /test/list names lots of mutants: modules in /mutants with a livepatch in /livepatches each; nothing is loaded.
# Prevents: a livepatch that is built and loaded, and computes something else than the patched source would.
# Fails if: a load or an unload fails, or the kernel complains. What is computed is printed, and judged outside.
tell() { echo "@ $lot $*"; }

# "@ LOT MODE MUTANT LINE" for each mutant
probe()
{
	mode=$1 times=$2
	while [ "$times" -gt 0 ]; do
		grep . "/sys/module/$lot/parameters/"km* /dev/null |
			sed "s|^/sys/module/$lot/parameters/\([^:]*\):|@ $lot $mode \1 |"
		times=$((times - 1))
	done
}

remove_module()
{
	dmesg -c >/dev/null
	rmmod "$lot"
	dmesg -c | sed -n "s/.*mut exit /@ $lot $1 exit /p"
}

while read -r lot; do
	tell begin
	echo "<6>klp-test: $lot" >/dev/kmsg
	insmod "/mutants/$lot.ko"
	probe first 3
	expect_ok kpatch load "/livepatches/lp_$lot"
	probe first 3
	expect_ok kpatch unload "lp_$lot"
	probe first 2
	remove_module first

	expect_ok kpatch load "/livepatches/lp_$lot"
	insmod "/mutants/$lot.ko"
	probe later 3
	remove_module later
	expect_ok kpatch unload "lp_$lot"
	# After a warning or an oops (bits 9 and 7) nothing is to be blamed on the next lot.
	[ $(($(cat /proc/sys/kernel/tainted) & 0x280)) = 0 ] || break
	tell end
done </test/list
