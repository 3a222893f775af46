# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Premise: /test/list names mutants: modules in /mutants with a livepatch in /livepatches each; nothing is loaded.
# Prevents: a livepatch that is built and loaded, and computes something else than the patched source would.
# Fails if: a load or an unload fails, or the kernel complains. What is computed is printed, and judged outside.
tell() { echo "@ $name $*"; }

probe()
{
	mode=$1 times=$2
	while [ "$times" -gt 0 ]; do
		tell "$mode" "$(cat "/sys/module/$name/parameters/probe")"
		times=$((times - 1))
	done
}

remove_module()
{
	dmesg -c >/dev/null
	rmmod "$name"
	tell "$1" exit "$(dmesg -c | sed -n 's/.*mut exit //p' | tr '\n' ' ')"
}

while read -r name; do
	tell begin
	echo "<6>klp-test: $name" >/dev/kmsg
	insmod "/mutants/$name.ko"
	probe first 3
	expect_ok kpatch load "/livepatches/lp_$name"
	probe first 3
	expect_ok kpatch unload "lp_$name"
	probe first 2
	remove_module first

	expect_ok kpatch load "/livepatches/lp_$name"
	insmod "/mutants/$name.ko"
	probe later 3
	remove_module later
	expect_ok kpatch unload "lp_$name"
	tell end
done </test/list
