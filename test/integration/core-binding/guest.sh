# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: livepatches made for another build of the kernel, or of a target.
# Prevents: code that was compiled for other structure layouts running because names agree.
# Fails if: build-ids are not compared, or only when a livepatch is enabled but not when a target comes.

other=00112233445566778899aabbccddeeff00112233

step "another kernel: refused, and both builds are named"
dmesg_mark
expect_fail modprobe kst_kernel
output_has 'Exec format error\|invalid module format'
dmesg_has "klp_split: kst_kernel: vmlinux: made for build-id $other, but this is [0-9a-f]\{40\}"
not_loaded kst_kernel

step "another build of a live target: refused"
modprobe kst_t1
dmesg_mark
expect_fail modprobe kst_target
output_has 'Exec format error\|invalid module format'
dmesg_has "klp_split: kst_target: kst_t1: made for build-id $other, but this is [0-9a-f]\{40\}"
not_loaded kst_target kst_target__kst_t1
rmmod kst_t1

step "another build of a target that comes later: refused"
modprobe kst_target
wait_transition
dmesg_mark
expect_fail modprobe kst_t1
output_has 'Exec format error\|invalid module format'
dmesg_has "klp_split: kst_target: kst_t1: made for build-id $other"
not_loaded kst_t1 kst_target__kst_t1
disable kst_target
rmmod kst_target

step "an object module that was built with another main module: refused"
modprobe kst_main
wait_transition
dmesg_mark
expect_fail modprobe kst_t1
dmesg_has "klp_split: kst_main: main: made for build-id $other"
not_loaded kst_t1 kst_main__kst_t1
disable kst_main
rmmod kst_main

step "the right build is taken"
modprobe kst_m
wait_transition
modprobe kst_t1
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
rmmod kst_t1
disable kst_m
rmmod kst_m
rmmod klp_split
