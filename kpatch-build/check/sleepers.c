// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A transition ends when no task has a replaced function on its stack. Some
 * functions are on the stack of a task that never leaves them: the main loops
 * of kernel threads, and the functions in which these sleep. Such a livepatch
 * loads, and stays in transition until the machine is rebooted. Other functions
 * are left when the kernel wakes their task, which takes some time. The author
 * should know before.
 *
 * Mostly this is only a warning: a thread may not run on this machine, and a
 * loop that ends with its work looks like one that doesn't. If each machine is
 * known to have the thread, and it never leaves the function, the livepatch is
 * refused.
 */
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/build.h"
#include "lib/arch.h"
#include "lib/elf-model.h"
#include "lib/files.h"
#include "kpatch-build/result.h"
#include "lib/text.h"

/* kernel/livepatch/transition.c: klp_send_signals(), SIGNALS_TIMEOUT */
#define WOKEN                                                                                \
	"tasks of user space sleep in it until the kernel wakes them, 15 seconds after the " \
	"start or with `kpatch signal`"
#define SLEEP "every task that sleeps is in it, and kernel threads sleep for ever"
#define THREAD "the main loop of kernel threads"
#define ALWAYS "the main loop of kernel threads that are always there"
#define IDLE "every CPU without work is in it"

struct sleeper {
	const char *name, *why;
};

/* Each machine has such tasks: KS145. */
static const struct sleeper for_ever[] = {
	{ "__schedule", SLEEP },
	{ "schedule", SLEEP },
	{ "kthread", "each kernel thread is in it for ever" },
	{ "kthreadd", ALWAYS },
	{ "smpboot_thread_fn", ALWAYS },
	{ "worker_thread", ALWAYS },
	{ "rescuer_thread", ALWAYS },
	{ "rcu_gp_kthread", ALWAYS },
	{ "kswapd", ALWAYS },
	{ "kcompactd", ALWAYS },
	{ "oom_reaper", ALWAYS },
	{ "kauditd_thread", ALWAYS },
	{ "devtmpfsd", ALWAYS },
	{ "devtmpfs_work_loop", ALWAYS },
};

/* Some machines have such tasks, or the tasks leave it at last: KS140. */
static const struct sleeper for_long[] = {
	/* kernel/sched/core.c, kernel/time/timer.c */
	{ "schedule_timeout", SLEEP },
	{ "schedule_timeout_interruptible", SLEEP },
	{ "schedule_timeout_idle", SLEEP },
	{ "schedule_preempt_disabled", SLEEP },
	{ "schedule_hrtimeout_range", SLEEP },
	{ "schedule_hrtimeout_range_clock", SLEEP },
	{ "io_schedule", SLEEP },
	/* kernel/sched/idle.c */
	{ "do_idle", IDLE },
	{ "cpu_startup_entry", "each CPU's idle task is in it for ever" },
	{ "cpuidle_enter", IDLE },
	{ "cpuidle_enter_state", IDLE },
	/* threads that each kernel starts: kernel/kthread.c, workqueue.c, smpboot.c, rcu/, mm/ */
	{ "kthread_worker_fn", THREAD },
	{ "rcu_gp_fqs_loop", THREAD },
	{ "rcu_tasks_kthread", THREAD },
	{ "rcu_tasks_one_gp", THREAD },
	{ "rcu_nocb_gp_kthread", THREAD },
	{ "rcu_nocb_cb_kthread", THREAD },
	{ "kswapd_try_to_sleep", THREAD },
	{ "khugepaged", THREAD },
	{ "khugepaged_wait_work", THREAD },
	{ "ksm_scan_thread", THREAD },
	{ "watchdog", THREAD },
	{ "irq_thread", THREAD },
	{ "irq_wait_for_interrupt", THREAD },
	{ "kjournald2", "the main loop of a thread for each mounted ext4" },
	{ "ext4_lazyinit_thread", "the main loop of a thread of ext4" },
	{ "xfsaild", "the main loop of a thread for each mounted XFS" },
	{ "transaction_kthread", "the main loop of a thread for each mounted Btrfs" },
	{ "cleaner_kthread", "the main loop of a thread for each mounted Btrfs" },
	{ "io_wq_worker", "the main loop of threads of io_uring" },
	{ "io_sq_thread", "the main loop of threads of io_uring" },
	{ "vhost_worker", "the main loop of a thread for each virtual machine with vhost" },
	{ "nfsd", "the main loop of the threads of the NFS server" },
	{ "svc_recv", "the threads of the NFS server wait for work in it" },
	/*
	 * functions in which services wait: fs/select.c, fs/eventpoll.c, kernel/futex/,
	 * kernel/exit.c …
	 */
	{ "do_sys_poll", WOKEN },
	{ "do_poll", WOKEN },
	{ "__x64_sys_poll", WOKEN },
	{ "__x64_sys_ppoll", WOKEN },
	{ "do_select", WOKEN },
	{ "core_sys_select", WOKEN },
	{ "kern_select", WOKEN },
	{ "__x64_sys_select", WOKEN },
	{ "__x64_sys_pselect6", WOKEN },
	{ "ep_poll", WOKEN },
	{ "do_epoll_wait", WOKEN },
	{ "__x64_sys_epoll_wait", WOKEN },
	{ "__x64_sys_epoll_pwait", WOKEN },
	{ "futex_wait", WOKEN },
	{ "__futex_wait", WOKEN },
	{ "futex_wait_queue", WOKEN },
	{ "do_futex", WOKEN },
	{ "__x64_sys_futex", WOKEN },
	{ "do_wait", WOKEN },
	{ "kernel_wait4", WOKEN },
	{ "__x64_sys_wait4", WOKEN },
	{ "__x64_sys_waitid", WOKEN },
	{ "sigsuspend", WOKEN },
	{ "__x64_sys_rt_sigsuspend", WOKEN },
	{ "do_sigtimedwait", WOKEN },
	{ "__x64_sys_rt_sigtimedwait", WOKEN },
	{ "do_nanosleep", WOKEN },
	{ "hrtimer_nanosleep", WOKEN },
	{ "__x64_sys_nanosleep", WOKEN },
	{ "__x64_sys_clock_nanosleep", WOKEN },
	{ "__x64_sys_pause", WOKEN },
	{ "__x64_sys_read", WOKEN },
	{ "ksys_read", WOKEN },
	{ "vfs_read", WOKEN },
	{ "pipe_read", WOKEN },
	{ "tty_read", WOKEN },
	{ "n_tty_read", WOKEN },
	{ "do_syslog", WOKEN },
	{ "inotify_read", WOKEN },
	{ "__skb_wait_for_more_packets", WOKEN },
	{ "__skb_recv_datagram", WOKEN },
	{ "unix_stream_read_generic", WOKEN },
	{ "inet_csk_accept", WOKEN },
	{ "inet_accept", WOKEN },
	{ "do_accept", WOKEN },
	{ "__sys_accept4", WOKEN },
	{ "do_msgrcv", WOKEN },
	{ "__do_semtimedop", WOKEN },
};

/* Functions that start a kernel thread with their first argument. */
static const struct {
	const char *name, *from;
} makers[] = {
	{ "kthread_create_on_node", "include/linux/kthread.h: kthread_create(), kthread_run()" },
	{ "kthread_create_on_cpu", "include/linux/kthread.h" },
	{ "kernel_thread", "include/linux/sched/task.h" },
	{ "user_mode_thread", "include/linux/sched/task.h, since 5.19" },
	{ "create_io_thread", "include/linux/sched/task.h" },
	{ "vhost_task_create", "include/linux/sched/vhost_task.h, since 6.4" },
};

/* "foo" for "foo.isra.0" */
static bool is_named(const char *name, const char *source)
{
	size_t n = strlen(source);

	return !strncmp(name, source, n) && (name[n] == '\0' || name[n] == '.');
}

static const char *why_by_name(const struct sleeper *known, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (is_named(name, known[i].name))
			return known[i].why;
	return NULL;
}

/*
 * It is the first argument of the next call, as calls don't preserve the register. A jump may be a
 * tail call.
 */
static bool is_call(uint16_t machine, const struct elf_section *section,
		    const struct elf_rela *rela)
{
	enum arch_branch branch =
		arch_branch_at(machine, rela->type, section->data, rela->offset, NULL);

	return branch == ARCH_CALL || branch == ARCH_JUMP;
}

static const char *maker_called_after(uint16_t machine, const struct elf_section *section,
				      const struct elf_rela *load)
{
	const struct elf_rela *call = NULL, *rela;

	elf_for_each_rela(section, rela)
		if (rela->offset > load->offset && is_call(machine, section, rela) &&
		    (!call || rela->offset < call->offset))
			call = rela;
	for (size_t i = 0; call && call->symbol && i < ARRAY_SIZE(makers); i++)
		if (!strcmp(call->symbol->name, makers[i].name))
			return makers[i].name;
	return NULL;
}

/* Does @rela, with the bias of its type, mean the beginning of @function? */
static bool leads_to(uint16_t machine, const struct elf_rela *rela,
		     const struct elf_symbol *function)
{
	const struct arch_relocation *type = arch_relocation(machine, rela->type);
	int64_t addend = rela->addend + (type && type->pc_relative ? type->width : 0);

	return rela->symbol && rela->symbol->section == function->section &&
	       rela->symbol->value + addend == function->value;
}

/* The function with which the unit starts a thread that runs @function; NULL: none. */
static const char *find_maker(const struct elf_model *unit, const struct elf_symbol *function)
{
	const struct arch *arch = arch_find(unit->machine);
	const struct elf_section *section;
	const struct elf_rela *rela;

	if (!arch_is_known(unit->machine))
		return NULL;
	elf_for_each_section(unit, section) {
		if (!elf_section_is_code(section) || !section->data)
			continue;
		elf_for_each_rela(section, rela)
			if (leads_to(unit->machine, rela, function) &&
			    arch->loads_first_argument(section->data, rela->offset) &&
			    maker_called_after(unit->machine, section, rela))
				return maker_called_after(unit->machine, section, rela);
	}
	return NULL;
}

/* Caller frees; NULL: it isn't known to sleep, or not enough memory. */
static char *why_it_sleeps(const struct elf_model *unit, const char *name, bool *never_left)
{
	const struct elf_symbol *function = elf_symbol_find(unit, name);
	const char *why = why_by_name(for_ever, ARRAY_SIZE(for_ever), name), *maker;

	*never_left = why;
	why = why ?: why_by_name(for_long, ARRAY_SIZE(for_long), name);
	if (why)
		return strdup(why);
	maker = function && function->section ? find_maker(unit, function) : NULL;
	return maker ? format("%s() starts a kernel thread with it, which stays in it until the thread ends",
			      maker)
		     : NULL;
}

static int check_unit(struct unit *unit, struct diag *diag)
{
	struct elf_model *original;
	bool never_left;
	struct result_function *function;
	int err;

	err = elf_model_load(unit->original, &original, diag);
	if (err)
		return err;
	result_for_each(function, unit->result, functions) {
		char *why = function_is_replaced(function)
				    ? why_it_sleeps(original, function->name, &never_left)
				    : NULL;

		if (!why)
			continue;
		if (never_left)
			err = diag_error(diag, "KS145", &function->place, "'%s'", function->name);
		else
			diag_warning(diag, "KS140", &function->place, "'%s'", function->name);
		diag_detail(diag, "%s", why);
		if (result_function_sleeps(function, why))
			err = diag_oom(diag);
		free(why);
	}
	elf_model_free(original);
	return err;
}

int check_sleepers(struct build *build)
{
	int err = 0;

	for (size_t i = 0; i < build->n_units; i++)
		if (build->units[i].changed)
			err = check_unit(&build->units[i], build->diag) ?: err;
	return err;
}
