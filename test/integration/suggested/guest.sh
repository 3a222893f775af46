# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: four diffs that can't be livepatched as they are, in the form that kpatch-build --suggest gives them: an
#   initial value that a callback sets, an init function that is left out, a function of nfs that nfsv4 calls, a new
#   member of a structure as a shadow variable.
# Prevents: a suggestion that can be built, and does nothing, or does it to a value that the administrator has set.
# Fails if: the value isn't set, or not restored, or one of the administrator's is overwritten; the part that runs isn't
#   replaced; objects share a shadow variable, or it outlives the livepatch; the copy keeps a livepatch or its target from being loaded and unloaded.
dump=/proc/sys/vm/oom_dump_tasks

step "the value is set when the livepatch is loaded, and restored"
expect_eq 1 "$(cat $dump)"
expect_ok kpatch load /livepatches/value
expect_eq 0 "$(cat $dump)"
expect_ok kpatch unload value
expect_eq 1 "$(cat $dump)"

step "the administrator's value stays"
echo 3 >$dump
expect_ok kpatch load /livepatches/value
expect_eq 3 "$(cat $dump)"
expect_ok kpatch unload value
expect_eq 3 "$(cat $dump)"
echo 1 >$dump
expect_ok kpatch load /livepatches/value
echo 3 >$dump
expect_ok kpatch unload value
expect_eq 3 "$(cat $dump)"

step "what isn't left out runs"
modprobe sctp
expect_ok kpatch load /livepatches/init
patched init sctp
dmesg_mark
unshare -n true
wait_until 60 dmesg_has 'a namespace of sctp ends'
expect_ok kpatch unload init

step "a copy in another module, which comes later"
expect_ok kpatch load /livepatches/copy
modprobe nfsv4
patched copy nfsv4
rmmod nfsv4
modprobe nfsv4
patched copy nfsv4
expect_ok kpatch unload copy
not_loaded copy copy__nfsv4

step "a member as a shadow variable: of one object, as long as the livepatch is enabled"
eventfd sleep 1000 &
one=$!
eventfd sleep 1000 &
other=$!
is_asleep() { grep -q '^sleep$' "/proc/$1/comm"; }
wait_until 20 is_asleep $one
wait_until 20 is_asleep $other
shown() { sed -n 's/^eventfd-shown: //p' "/proc/$1/fdinfo/3"; }
expect_ok kpatch load /livepatches/member
patched member vmlinux
expect_eq 1 "$(shown $one)"
expect_eq 2 "$(shown $one)"
expect_eq 1 "$(shown $other)"
expect_ok kpatch unload member
expect_eq "" "$(shown $one)"
expect_ok kpatch load /livepatches/member
expect_eq 1 "$(shown $one)"
expect_eq 2 "$(shown $one)"
kill $one $other
wait $one $other || true
expect_ok kpatch unload member
