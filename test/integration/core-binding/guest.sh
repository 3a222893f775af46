# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: livepatches that were made for another build of the kernel or of a target.
# Prevents: new code that runs with other structure layouts, because only the names agree.
# Fails if: build-ids are not compared, or are compared only when a livepatch is enabled but not when a target
#   is loaded.

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

step "an object module that was built with another main module: refused, and both builds are named"
modprobe kst_main
wait_transition
dmesg_mark
expect_fail modprobe kst_t1
id() { od -A n -t x1 -v "/sys/module/$1/notes/.note.gnu.build-id" | tr -d ' \n' | tail -c 40; }
main=$(id kst_main)
modprobe kst_m
with=$(id kst_m)
expect_ne "$main" "$with"
dmesg_has "klp_split: kst_main: kst_t1: made for the main module with build-id $with, but this is $main"
not_loaded kst_t1 kst_main__kst_t1
wait_transition
disable kst_m
rmmod kst_m
rmmod kst_main

step "the same for a live target: the livepatch is refused"
modprobe kst_t1
expect_fail modprobe kst_main
output_has 'Input/output error'
not_loaded kst_main kst_main__kst_t1
rmmod kst_t1

step "an object module that names no main module: refused"
modprobe kst_m
wait_transition
object=$(modinfo -n kst_m__kst_t1)
mv "$object" /tmp/good.ko
cp /unbound.ko "$object"
dmesg_mark
expect_fail modprobe kst_t1
dmesg_has "klp_split: kst_m: kst_t1: its object module names no build of the main module"
not_loaded kst_t1 kst_m__kst_t1
mv /tmp/good.ko "$object"
disable kst_m
rmmod kst_m

step "the right build is taken"
modprobe kst_m
wait_transition
modprobe kst_t1
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
rmmod kst_t1
disable kst_m
rmmod kst_m
rmmod klp_split
