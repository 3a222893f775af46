# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: an object module is removed when no helper can be run, or when it is in use.
# Prevents: a target that is freed before its object module because a helper failed; a target that can't be
#   loaded until the next boot because its object module was in use for a while.
# Fails if: removal needs user space; or a target is unloaded, or can never be loaded again, when its object
#   module is in use; or kpatch doesn't name the holder.

modprobe kst_m
wait_transition
object=$(modinfo -n kst_m__kst_t1)

step "without a file, and without a helper"
modprobe kst_t1
mv "$object" /tmp/object.ko
echo /nowhere >/proc/sys/kernel/modprobe
rmmod kst_t1
not_loaded kst_m__kst_t1
mv /tmp/object.ko "$object"
echo /sbin/modprobe >/proc/sys/kernel/modprobe
disable kst_m
rmmod kst_m

step "not yet, because somebody holds it: the target waits, and leaves when they let go"
modprobe kst_c
wait_transition
modprobe kst_t3
modprobe kst_holder symbol=kst_c_hold
dmesg_mark
rmmod kst_t3 &
rmmod=$!
held_by=/sys/kernel/klp_split/kst_c/kst_t3/held_by
wait_until 20 grep -q '^references 1$' $held_by
expect_eq unloading "$(cat /sys/kernel/klp_split/kst_c/kst_t3/state)"
dmesg_has 'klp_split: kst_c: kst_t3: kst_c__kst_t3 is in use (1 references)'
expect_ok kpatch list
output_has 'held by 1 reference on kst_c__kst_t3: '
loaded kst_t3
expect_fail modprobe kst_t3
sleep 3
loaded kst_t3 kst_c__kst_t3
rmmod kst_holder
wait $rmmod
not_loaded kst_t3 kst_c__kst_t3
expect_eq "idle" "$(cat /sys/kernel/klp_split/kst_c/kst_t3/state)$(cat $held_by)"

step "and it comes again"
modprobe kst_t3
patched kst_c kst_t3

step "the same when the livepatch is removed"
modprobe kst_holder symbol=kst_c_hold
disable kst_c
rmmod kst_c &
rmmod=$!
wait_until 20 grep -q '^references 1$' $held_by
expect_eq removing "$(cat /sys/kernel/klp_split/kst_c/state)"
rmmod kst_holder
wait $rmmod
not_loaded kst_c kst_c__kst_t3

step "also when its main module has gone and come"
modprobe kst_c
wait_transition
patched kst_c kst_t3
rmmod kst_t3
modprobe kst_t3
patched kst_c kst_t3
rmmod kst_t3
disable kst_c
rmmod kst_c

case $(uname -r) in
6.1.*) exit ;; # such a link finds functions of modules since 6.2, and holds their module since 6.6
esac

step "a BPF program traces a function of it: its link holds the module, and is named with its process"
modprobe kst_m
wait_transition
modprobe kst_t1
/test/tracer new_value >/tmp/attached 2>&1 &
tracer=$!
wait_until 10 grep -q attached /tmp/attached
rmmod kst_t1 &
rmmod=$!
wait_until 20 grep -q '^references 1$' /sys/kernel/klp_split/kst_m/kst_t1/held_by
expect_ok kpatch list
output_has "held by tracer ($tracer), which traces it with BPF (link [0-9]*), on kst_m__kst_t1"
output_lacks 'reference'
expect_ok kpatch list --json
output_has "tracer ($tracer)"
loaded kst_t1
kill $tracer
wait $rmmod
not_loaded kst_t1 kst_m__kst_t1
modprobe kst_t1
patched kst_m kst_t1
rmmod kst_t1
disable kst_m
rmmod kst_m
