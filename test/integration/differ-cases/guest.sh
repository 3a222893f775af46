# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: one livepatch changes two units of sctp that have a tracepoint and a pr_debug() and compare a
#   function's address; makes that static function global for the other unit; adds per-CPU variables to sctp and
#   vmlinux; and adds a function with an export to vmlinux that sctp calls. Another one changes a function of
#   lib/, whose callers are in security/. A third changes only a table. A fourth calls an export of vmlinux in a
#   namespace, and uses THIS_MODULE. A fifth changes only a module's exit function.
# Prevents: patched code whose tracepoint or message can't be enabled any more; pointers to a patched function
#   that differ from those that the kernel has stored; per-CPU variables that all CPUs share or that are outside
#   of the module's; parts of a livepatch that don't find each other.
# Fails if: the tracepoint or pr_debug() doesn't follow its switch before and after the livepatch is loaded, two
#   addresses of one function differ, a count is wrong, THIS_MODULE is the livepatch's own module, or a changed
#   table isn't shown.

tracing=/sys/kernel/tracing
switch_debug() { echo "module $1 func sctp_init_sock $2p" >/proc/dynamic_debug/control; }
tracepoint() { echo "$1" >$tracing/events/sctp/sctp_probe/enable; }
events() { grep -c 'sctp_probe: ' $tracing/trace || true; }

mount -t tracefs tracefs $tracing 2>/dev/null || true
ip link set lo up
modprobe sctp

step "the tracepoint is on before the livepatch is there"
tracepoint 1
expect_ok kpatch load /livepatches/cases
patched cases sctp

step "both units use the function that the kernel has, and count for each CPU"
dmesg_mark
expect_ok sctp-connect
dmesg_has 'differ-cases: init, same function 1'
dmesg_has 'differ-cases: ack 1, vmlinux 3, same function 1'
dmesg_lacks 'same function 0'
expect_ok sctp-connect
dmesg_lacks 'same function 0'
dmesg_has 'differ-cases: ack 2, vmlinux 6,'

step "the tracepoint fires in patched code, and can be switched off and on"
expect_ne 0 "$(events)" "events"
tracepoint 0
echo >$tracing/trace
expect_ok sctp-connect
expect_eq 0 "$(events)" "events while it is off"
tracepoint 1
expect_ok sctp-connect
expect_ne 0 "$(events)" "events after it is on again"
tracepoint 0

step "pr_debug() in patched code obeys its switch"
dmesg_mark
expect_ok sctp-connect
dmesg_lacks 'sctp_init_sock: sk:'
switch_debug cases__sctp +
expect_ok sctp-connect
dmesg_has 'sctp_init_sock: sk:'
switch_debug cases__sctp -
dmesg_mark
expect_ok sctp-connect
dmesg_lacks 'sctp_init_sock: sk:'

step "without the livepatch all is as before"
expect_ok kpatch unload cases
dmesg_mark
tracepoint 1
echo >$tracing/trace
expect_ok sctp-connect
expect_ne 0 "$(events)" "events"
dmesg_lacks 'differ-cases'
tracepoint 0

step "a function that can't be redirected: its callers, in a unit without a change, call the new one"
dmesg_mark
expect_ok add-key
dmesg_lacks 'key inserted'
expect_ok kpatch load /livepatches/helper
expect_ok add-key
dmesg_has 'differ-cases: key inserted'
expect_ok kpatch unload helper
dmesg_mark
expect_ok add-key
dmesg_lacks 'key inserted'

step "a table that code walks through by a pointer: with the livepatch it is another one"
names=/proc/net/sctp/snmp
expect_ok grep -q SctpCurrEstab $names
expect_ok kpatch load /livepatches/names
expect_ok grep -q SctpNowEstab $names
expect_fail grep -q SctpCurrEstab $names
expect_ok kpatch unload names
expect_ok grep -q SctpCurrEstab $names

step "what vmlinux exports in a namespace is called by a livepatch that imports none"
modprobe cmac
modprobe algif_hash
expect_ok set-key
dmesg_lacks 'differ-cases: key of'
expect_ok kpatch load /livepatches/namespace
patched namespace cmac
expect_ok set-key
# (algif_hash's socket, and the code itself)
dmesg_has 'differ-cases: key of 16 bytes in cmac, used [2-9] times'

step "main and object module wait for callbacks that new code may have given to call_rcu()"
echo rcu_barrier >$tracing/set_ftrace_filter
echo function >$tracing/current_tracer
expect_ok kpatch unload namespace
# the compiler may let the exit functions jump there
callers='__do_sys_delete_module\|klp_split_[a-z]*_exit'
expect_eq 2 "$(grep -c "rcu_barrier <-\($callers\)" $tracing/trace)" "callers of rcu_barrier()"
echo nop >$tracing/current_tracer

step "a module leaves by the new exit function, as long as the livepatch is enabled"
expect_ok kpatch load /livepatches/exit
patched exit cmac
dmesg_mark
rmmod algif_hash
expect_ok rmmod cmac
dmesg_has 'differ-cases: cmac goes'
modprobe cmac
loaded exit__cmac
expect_ok kpatch unload exit
dmesg_mark
expect_ok rmmod cmac
dmesg_lacks 'cmac goes'
