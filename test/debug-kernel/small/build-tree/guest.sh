# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: somebody has built this kernel himself, without debug information; the tree that he built it in is all
#   that the livepatch was made from. It patches vmlinux and a module.
# Prevents: a kernel that can be livepatched only by who packages it.
# Fails if: a unit is taken for part of another object, or the code that is loaded isn't for this kernel.
mount_root() { mkdir -p /config && mount -t configfs none /config; }

step "the kernel and its module before"
grep -q '^VmallocTotal:' /proc/meminfo
modprobe configfs
mount_root
expect_fail ls /config/a-long-name
output_has "No such file"

step "both are patched"
expect_ok kpatch load /livepatches/own
patched own vmlinux configfs
grep -q '^VmallocPatched:' /proc/meminfo
expect_fail ls /config/a-longer-name
output_has "name too long"

step "unload"
expect_ok kpatch unload own
grep -q '^VmallocTotal:' /proc/meminfo
expect_fail ls /config/a-longer-name
output_has "No such file"
umount /config
rmmod configfs
not_loaded own own__configfs klp_split
