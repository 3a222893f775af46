# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# For guest.sh of the tests that fail each allocation of a step in turn.

modules=/lib/modules/$(uname -r)/updates

prepare()
{
	echo N >/sys/kernel/debug/failslab/ignore-gfp-wait
	echo 0 >/sys/kernel/debug/failslab/verbose
	mkdir -p "$modules/klp-split/kst_m"
	cp "$modules/kst_m__kst_t1.ko" "$modules/klp-split/kst_m/"
	insmod "$modules/kst_fail.ko"
}

# fail_each STEP: one of failing.c's.
fail_each()
{
	step "$1"
	/test/failing "$1" >/tmp/failing || { cat /tmp/failing; fail "$1: after $(tail -n 1 /results/rounds)"; }
	cat /tmp/failing
	grep 'failed in turn' /tmp/failing >>/results/summary
}

# show_table 3|4: by the function that counts, or by what it called.
show_table()
{
	step "where it was: step, what needed memory, allocations failed, outcomes"
	awk -v by="$1" '{ gsub(/ \[[a-z_0-9]*\]/, ""); n[$1 " " $by]++; o[$1 " " $by " " $5]++ }
		END { for (k in n) { line = k ": " n[k] " ("
			for (q in o) if (index(q, k " ") == 1) line = line " " substr(q, length(k) + 2) " " o[q]
			print line " )" } }' /results/rounds | sort
}

still_works()
{
	step "after all that, everything works"
	echo /sbin/modprobe >/proc/sys/kernel/modprobe
	modprobe kst_m
	modprobe kst_t1
	wait_transition
	patched kst_m kst_t1
	expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
	rmmod kst_t1
	disable kst_m
	rmmod kst_m klp_split kst_fail
}
