# SPDX-License-Identifier: GPL-2.0-or-later
# Premise: the functions that the core redirects or follows are also traced, graphed and probed.
# Prevents: a core that confuses the kernel's calls with its own because a tracer has changed return addresses.
# Fails if: the core distinguishes calls by anything that a tracer changes.

tracing=/sys/kernel/tracing
# Not all functions: rewriting 40,000 of them needs hundreds of interrupts to the
# other CPU, and the emulator with two of them has been seen not to come back.
intercepted='klp_init_transition klp_module_coming klp_module_going parse_args stack_trace_save_tsk_reliable'
# Called for each task that ends. The core watches these without a redirection.
watched='do_task_dead exit_tasks_rcu_start'
traced="$intercepted $watched hook_* target_* kst_*"
mount -t tracefs none $tracing 2>/dev/null || :

comes_and_goes()
{
	modprobe kst_t1 at_param=x
	expect_eq 101 "$(cat /sys/module/kst_t1/parameters/value)"
	expect_eq 101 "$(cat /sys/module/kst_t1/parameters/at_init)"
	expect_eq 101 "$(cat /sys/module/kst_t1/parameters/at_param)"
	rmmod kst_t1
	not_loaded kst_r1__kst_t1
}

# Livepatch asks for the stacks of tasks, which the core answers with its own check.
transitions()
{
	disable kst_r1
	rmmod kst_r1
	modprobe kst_r1
	wait_transition
}

# Prints which of the functions ftrace has users for.
enabled_functions()
{
	for function in $intercepted $watched; do
		grep -q "^$function " $tracing/enabled_functions && echo "$function"
	done
	return 0
}

step "ftrace is off: the core is refused"
echo 0 >/proc/sys/kernel/ftrace_enabled
dmesg_mark
expect_fail modprobe klp_split
output_has 'busy'
dmesg_has "klp_split: core: do_task_dead can't be hooked (-16); check kernel.ftrace_enabled"
expect_eq "" "$(enabled_functions)"
echo 1 >/proc/sys/kernel/ftrace_enabled

step "somebody else redirects the last of the functions: the core is refused, and leaves the others"
modprobe kst_ipmodify function=klp_module_coming
dmesg_mark
expect_fail modprobe klp_split
output_has 'busy'
dmesg_has "klp_split: core: klp_module_coming can't be hooked (-16)"
not_loaded klp_split
expect_eq absent "$(cat /sys/kernel/klp_split 2>/dev/null || [ -e /sys/kernel/klp_split ] || echo absent)"
expect_eq klp_module_coming "$(enabled_functions)" "still used by kst_ipmodify"
rmmod kst_ipmodify

step "the core is there: ftrace can't be turned off, and nobody else redirects them"
modprobe klp_split
expect_eq "$(echo "$intercepted $watched" | tr ' ' '\n')" "$(enabled_functions)"
expect_fail sh -c 'echo 0 >/proc/sys/kernel/ftrace_enabled'
for function in $intercepted; do
	expect_fail modprobe kst_ipmodify function="$function"
	output_has 'busy'
done
step "others may redirect the functions that the core only watches"
for function in $watched; do
	modprobe kst_ipmodify function="$function"
	(:) # a task that ends
	rmmod kst_ipmodify
done
modprobe kst_r1
wait_transition

for tracer in function function_graph; do
	step "the $tracer tracer"
	echo "$traced" >$tracing/set_ftrace_filter
	echo $tracer >$tracing/current_tracer
	comes_and_goes
	comes_and_goes
	transitions
	for function in $intercepted $watched; do
		grep -q "$function" $tracing/trace || fail "$function was not traced"
	done
	echo nop >$tracing/current_tracer
done

step "kprobes and kretprobes"
for name in $intercepted $watched; do
	echo "p:at_$name $name" >>$tracing/kprobe_events
	echo "r:from_$name $name" >>$tracing/kprobe_events
done
echo 1 >$tracing/events/kprobes/enable
comes_and_goes
comes_and_goes
transitions
for name in $intercepted $watched; do
	grep -q "at_$name" $tracing/trace || fail "the kprobe on $name was not hit"
done
echo 0 >$tracing/events/kprobes/enable
echo >$tracing/kprobe_events

step "the core comes and goes while they are traced"
disable kst_r1
rmmod kst_r1
rmmod klp_split
# The core's names left the filter with the core; those of the kernel are set again. Names that
# nothing has are an error, and a kernel may have nothing else that begins as the core's do.
echo "$intercepted $watched" >$tracing/set_ftrace_filter
echo function_graph >$tracing/current_tracer
modprobe kst_r1
wait_transition
comes_and_goes
disable kst_r1
rmmod kst_r1
rmmod klp_split
echo nop >$tracing/current_tracer
