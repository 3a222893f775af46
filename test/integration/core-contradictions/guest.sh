# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: modules whose tables contradict each other or themselves; a malformed build-id; an object module that
#   can't be recognised by its symbols. klp-relocs and kpatch-build make no such modules.
# Prevents: a function that livepatch redirects to a placeholder; new code that never runs.
# Fails if: the core trusts a table that it has not checked.

# main_refused LIVEPATCH TEXT: when it is enabled.
main_refused()
{
	dmesg_mark
	expect_fail modprobe "$1"
	output_has 'Invalid argument'
	dmesg_has "klp_split: $1: $2"
	not_loaded "$1"
	expect_eq "" "$(ls /sys/kernel/livepatch)$(ls /sys/kernel/klp_split)"
}

# target_refused LIVEPATCH TEXT WORD: when it comes; then the livepatch, with the target there.
target_refused()
{
	modprobe "$1"
	wait_transition
	dmesg_mark
	expect_fail modprobe kst_t1
	dmesg_has "klp_split: $1: kst_t1: $2"
	not_loaded kst_t1 "$1__kst_t1"
	expect_eq "$3" "$(cat "/sys/kernel/klp_split/$1/kst_t1/error")"
	disable "$1"
	rmmod "$1"
	modprobe kst_t1
	dmesg_mark
	expect_fail modprobe "$1"
	dmesg_has "klp_split: $1: kst_t1: $2"
	not_loaded "$1" "$1__kst_t1"
	rmmod kst_t1
}

modprobe klp_split

step "main lists an object and no target for it"
main_refused kst_notarget 'main: its tables of objects and functions are invalid'

step "main has something else than the placeholder"
main_refused kst_filled 'main: its tables of objects and functions are invalid'

step "main lists a function that the object module has no code for"
target_refused kst_nocode "no new code for 'kst_t1_keys,0'" modprobe-failed

step "the object module has code for a function that main doesn't list"
target_refused kst_more '2 functions in the code, 1 in the main module' modprobe-failed

step "the build-id of a target is none"
target_refused kst_noid "'0011no-build-id' is not a build-id" build-id

step "an object module without its symbol works, and by hand is refused when it registers"
modprobe kst_unnamed
wait_transition
modprobe kst_t1
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
rmmod kst_t1
dmesg_mark
expect_fail insmod "$(modinfo -n kst_unnamed__kst_t1)"
dmesg_has 'klp_split: kst_unnamed: kst_t1: kst_unnamed__kst_t1 loaded by hand'
not_loaded kst_unnamed__kst_t1
disable kst_unnamed
rmmod kst_unnamed
rmmod klp_split
