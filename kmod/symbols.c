// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core uses functions that the kernel does not export, to see modules being
 * loaded and unloaded. Tricks with kprobes or kallsyms to find them fail with
 * the next hardening of the kernel. klp relocations are the kernel's own way,
 * and the core is a livepatch module like those that it serves.
 */
#include <linux/kallsyms.h>
#include <linux/kmod.h>
#include <linux/moduleparam.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/stacktrace.h>
#include <linux/stringify.h>
#include <linux/wait.h>

#include "compat.h"
#include "core.h"

/* Expands @_symbol first, which KLP_SPLIT_REF() would paste unexpanded. */
#define KERNEL_REF(_symbol) KLP_SPLIT_REF(_symbol, "vmlinux", __stringify(_symbol), 0)

KERNEL_REF(klp_init_transition);
KERNEL_REF(klp_module_coming);
KERNEL_REF(klp_module_going);
KERNEL_REF(parse_args);
KERNEL_REF(find_module_all);
KERNEL_REF(module_param_sysfs_remove);
KERNEL_REF(__module_address);
KERNEL_REF(arch_stack_walk_reliable);
KERNEL_REF(do_no_restart_syscall);
KERNEL_REF(do_task_dead);
KERNEL_REF(exit_tasks_rcu_start);
KERNEL_REF(idle_task);
KERNEL_REF(kallsyms_lookup);
KERNEL_REF(put_task_stack);
KERNEL_REF(stack_trace_save_tsk_reliable);
KERNEL_REF(task_call_func);
KERNEL_REF(task_curr);
KERNEL_REF(klp_mutex);
KERNEL_REF(klp_patches);
KERNEL_REF(klp_transition_patch);
KERNEL_REF(module_mutex);
KERNEL_REF(modprobe_path);
KERNEL_REF(modules);
KERNEL_REF(__start_notes);
KERNEL_REF(__stop_notes);
KERNEL_REF(COMPAT_SYSCALL(finit_module));
KERNEL_REF(COMPAT_SYSCALL(delete_module));

const struct kernel_symbols kernel = {
	.klp_mutex = &klp_mutex,
	.klp_patches = &klp_patches,
	.modules = &modules,
	.klp_transition_patch = &klp_transition_patch,
	.module_mutex = &module_mutex,
	.modprobe_path = modprobe_path,
	.notes = __start_notes,
	.notes_end = __stop_notes,
};
