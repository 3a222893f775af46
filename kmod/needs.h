/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the core needs of the kernel's configuration. Livepatch itself depends on
 * most of it (kernel/livepatch/Kconfig); the rest is what the core does beyond
 * livepatch. Without one of these the core would fail in the compiler with a
 * message about something else, or load and be wrong.
 */
#ifndef _KLP_SPLIT_NEEDS_H
#define _KLP_SPLIT_NEEDS_H

#ifndef CONFIG_LIVEPATCH
#error "CONFIG_LIVEPATCH is off: patching and consistency are left to the kernel's livepatch"
#endif

#ifndef CONFIG_MODULE_UNLOAD
#error "CONFIG_MODULE_UNLOAD is off: object modules are removed when their targets are, and references on the core keep it in memory"
#endif

#ifndef CONFIG_HAVE_DYNAMIC_FTRACE_WITH_ARGS
#error "CONFIG_HAVE_DYNAMIC_FTRACE_WITH_ARGS is off: hooks.c changes the instruction pointer in ftrace_regs"
#endif

#ifndef CONFIG_HAVE_RELIABLE_STACKTRACE
#error "CONFIG_HAVE_RELIABLE_STACKTRACE is off: nobody can say whether a task is in code that is to be freed (drain.c)"
#endif

#ifndef CONFIG_TASKS_RCU_GENERIC
#error "CONFIG_TASKS_RCU_GENERIC is off: exiting.c follows tasks from exit_tasks_rcu_start(), which such a kernel doesn't have"
#endif

/*
 * With frame pointers, run_exit() in exits.c would be a function like any other, and a
 * task in a replaced exit function would be switched.
 */
#ifndef CONFIG_UNWINDER_ORC
#error "CONFIG_UNWINDER_ORC is off: exits.c needs an unwinder that takes a stack for unreliable where there is no unwind data"
#endif

#endif
