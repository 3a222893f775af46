# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: new code uses the target's tracepoint and per-CPU variable, its own per-CPU variable, a WARN, an
#   exception table, a pr_debug, shadow variables, and the klp_state of its livepatch; the target is loaded
#   again at another address.
# Prevents: new code that can't use features that every module can use; state that is lost, or left behind, when
#   an object module is removed; new code that still refers to the old address of its target.
# Fails if: klp relocations are applied after the kernel has set up these features; the core doesn't fill in
#   callbacks before livepatch runs them; or an object module is not loaded again with its target.

parameters=/sys/module/kst_t4/parameters
value() { cat $parameters/value; }

modprobe kst_t4
expect_eq 0 "$(value)"
expect_eq 1 "$(cat $parameters/count)" "the target's count"
modprobe kst_x
wait_transition

step "own per-cpu variable (1), exception table (2), WARN (4), paravirt calls (8)"
dmesg_mark
expect_eq 15 "$(value)"
expect_eq 15 "$(value)"
expect_eq 1 "$(dmesg | grep -c 'cut here')" "warnings"
dmesg_has 'WARNING: CPU: .*units.c:[0-9]* new_value+.*\[kst_x__kst_t4\]'
dmesg_has 'kst_x: on purpose'

step "the target's per-cpu variable"
expect_eq 201 "$(cat $parameters/count)"

step "the target's tracepoint, off and on"
expect_eq 0 "$(cat $parameters/events)"
echo 1 >$parameters/probe
value >/dev/null
expect_eq 100 "$(cat $parameters/events)"
echo 0 >$parameters/probe
value >/dev/null
expect_eq 100 "$(cat $parameters/events)"

step "dynamic debug"
dmesg_lacks 'kst_x: debugging'
echo 'module kst_x__kst_t4 +p' >/sys/kernel/debug/dynamic_debug/control
value >/dev/null
dmesg_has 'kst_x: debugging'

step "shadow variable and state"
expect_eq 101 "$(cat $parameters/state)"
expect_eq 102 "$(cat $parameters/state)"

step "the target again, at another address: nothing of it is left, and state is"
address=$(cat /sys/module/kst_t4/sections/.text)
echo 1 >$parameters/probe
rmmod kst_t4
not_loaded kst_x__kst_t4
modprobe kst_t3
modprobe kst_t4
expect_ne "$address" "$(cat /sys/module/kst_t4/sections/.text)"
dmesg_mark
expect_eq 15 "$(value)"
dmesg_lacks 'kst_x: debugging'
expect_eq 100 "$(cat $parameters/count)"
expect_eq 0 "$(cat $parameters/events)"
echo 1 >$parameters/probe
value >/dev/null
expect_eq 100 "$(cat $parameters/events)"
expect_eq 203 "$(cat $parameters/state)"

step "the livepatch goes: the target's own code, and state is gone"
disable kst_x
rmmod kst_x
expect_eq 0 "$(value)"
expect_eq 101 "$(cat $parameters/events)"
expect_eq 0 "$(cat $parameters/state)"
modprobe kst_x
wait_transition
expect_eq 101 "$(cat $parameters/state)"
disable kst_x
rmmod kst_x
rmmod kst_t3 kst_t4
rmmod klp_split
