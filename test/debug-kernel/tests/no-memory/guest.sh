# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: at each step of a livepatch's life (core loaded, livepatch enabled with and without its target,
#   target loaded and removed, with and without modprobe, livepatch and core removed) the first, second,
#   third… allocation fails that is made below the core, until there is none left to fail.
# Prevents: a path after a failed allocation that leaks, crashes, leaves an object module behind, or lets a
#   target run unpatched.
# Fails if: any of these happens, a step is half done, a removal is refused, or the step doesn't work after.

modules=/lib/modules/$(uname -r)/updates
echo N >/sys/kernel/debug/failslab/ignore-gfp-wait
echo 0 >/sys/kernel/debug/failslab/verbose
mkdir -p "$modules/klp-split/kst_m"
cp "$modules/kst_m__kst_t1.ko" "$modules/klp-split/kst_m/"
insmod "$modules/kst_fail.ko"

for each in load-core remove-core enable enable-with-target load-target remove-target remove-livepatch \
	enable-with-target-without-modprobe load-target-without-modprobe; do
	step "$each"
	/test/failing "$each" >/tmp/failing || { cat /tmp/failing; fail "$each: after $(tail -n 1 /results/rounds)"; }
	cat /tmp/failing
	grep 'failed in turn' /tmp/failing >>/results/summary
done
echo /sbin/modprobe >/proc/sys/kernel/modprobe

step "where it was: step, what needed memory, allocations failed, outcomes"
awk '{ gsub(/ \[[a-z_0-9]*\]/, ""); n[$1 " " $3]++; o[$1 " " $3 " " $5]++ }
	END { for (k in n) { line = k ": " n[k] " ("
		for (q in o) if (index(q, k " ") == 1) line = line " " substr(q, length(k) + 2) " " o[q]
		print line " )" } }' /results/rounds | sort

step "after all that, everything works"
modprobe kst_m
modprobe kst_t1
wait_transition
patched kst_m kst_t1
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
rmmod kst_t1
disable kst_m
rmmod kst_m klp_split kst_fail
