# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: a user has built this kernel without debug information, and the livepatch is made only from the tree
#   in which it was built. The livepatch patches vmlinux and a module.
# Prevents: a kernel that only its packager can livepatch.
# Fails if: a unit is assigned to the wrong object, or the code that is loaded isn't for this kernel.
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
