# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: somebody has built this kernel himself, without debug information; the tree that he built it in is all
#   that the livepatch was made from. It patches vmlinux and a module, and is signed with the key that the kernel was
#   built with; the kernel takes nothing else.
# Prevents: a kernel that can be livepatched only by who packages it; a signature that its own kernel doesn't take.
# Fails if: a unit is taken for part of another object, the code that is loaded isn't for this kernel, a module isn't
#   trusted that was signed with its key, or one is that was signed with another.
mount_root() { mkdir -p /config && mount -t configfs none /config; }

step "the kernel and its module before"
grep -q '^VmallocTotal:' /proc/meminfo
modprobe configfs
mount_root
expect_fail ls /config/a-long-name
output_has "No such file"

step "signed by another key"
expect_eq Y "$(cat /sys/module/module/parameters/sig_enforce)" "signatures are enforced"
dmesg_mark
expect_fail kpatch load /livepatches/other
output_has "signature is missing or not one that this kernel trusts"
dmesg_has "Loading of module with unavailable key is rejected"
not_loaded other other__configfs klp_split

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
