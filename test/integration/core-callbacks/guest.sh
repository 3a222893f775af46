# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: an object module has callbacks; its pre-patch callback runs under klp_mutex, and is slow or fails.
#   Meanwhile another target waits for klp_mutex, and a livepatch for that target is enabled.
# Prevents: lost callbacks of an object module; a livepatch that is enabled after a target has decided that it
#   needs no object module, but before livepatch knows the target: then one of the two fails.
# Fails if: enabling a livepatch does not wait for targets that are committed.

mkdir -p /etc/modprobe.d
options() { echo "options kst_c__kst_t3 $*" >/etc/modprobe.d/kst_c.conf; }

modprobe kst_c
wait_transition

step "callbacks run as the target comes and goes"
dmesg_mark
modprobe kst_t3
expect_eq 401 "$(cat /sys/module/kst_t3/parameters/value)"
dmesg_has 'kst_c: pre_patch for kst_t3'
dmesg_has 'kst_c: post_patch for kst_t3'
rmmod kst_t3
dmesg_has 'kst_c: pre_unpatch for kst_t3'
dmesg_has 'kst_c: post_unpatch for kst_t3'
not_loaded kst_c__kst_t3

step "a pre-patch callback that fails refuses the target, and nothing is left"
options fail=-19
dmesg_mark
expect_fail modprobe kst_t3
not_loaded kst_t3 kst_c__kst_t3
dmesg_lacks 'kst_c: pre_unpatch'
options fail=0
modprobe kst_t3
expect_eq 401 "$(cat /sys/module/kst_t3/parameters/value)"
rmmod kst_t3

step "a livepatch is enabled while its target is committed and waits for klp_mutex"
# The livepatch's main module has to be through its own coming handler, which takes klp_mutex too.
options hold=1
dmesg_mark
modprobe kst_late until=/tmp/go &
late=$!
wait_until 20 dmesg_has 'kst_late: waits for /tmp/go'
modprobe kst_t3 &
t3=$!
wait_until 20 dmesg_has 'kst_c: pre_patch for kst_t3'
modprobe kst_t1 &
t1=$!
wait_until 20 grep -q '^kst_t1 .*Loading' /proc/modules
touch /tmp/go
sleep $((2 * SLOW))
dmesg_lacks 'enabling patch'
echo 0 >/sys/module/kst_c__kst_t3/parameters/hold
wait $t1
wait $t3
wait $late
wait_transition
expect_eq 301 "$(cat /sys/module/kst_t1/parameters/value)"
patched kst_late kst_t1
rmmod kst_t1 kst_t3
disable kst_late
rmmod kst_late
rmmod kst_c
rmmod klp_split
