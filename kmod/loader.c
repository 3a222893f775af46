// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core has to load and remove modules while a task is in the middle of
 * loading or removing another.
 *
 * Loading goes through modprobe, because user space knows where modules lie,
 * how they are compressed, and who may load them. Not through request_module():
 * it has 50 slots, and nested loads can hold all of them while they wait for
 * one more.
 *
 * Removing must not fail: what refers to a target's memory may not outlive it.
 * So it is done by the system call itself, and modprobe is the fallback. The
 * call takes the name from user memory and gives up when a signal is pending;
 * so a kernel worker makes it, which has no signals, on the caller's address
 * space. The callers are always inside a system call of their own, init_module
 * or delete_module, and have one.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/fcntl.h>
#include <linux/kmod.h>
#include <linux/kthread.h>
#include <linux/mman.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/ptrace.h>
#include <linux/sched/mm.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "core.h"

static char helper[256];
module_param_string(modprobe, helper, sizeof(helper), 0644);
MODULE_PARM_DESC(modprobe, "path of modprobe; empty (default): as in sysctl kernel.modprobe");

static unsigned int remove_retries = 50;
module_param(remove_retries, uint, 0644);
MODULE_PARM_DESC(remove_retries,
		 "how often to try to remove an object module that somebody else holds (default 50, 20 ms apart)");

static bool remove_by_modprobe;
module_param(remove_by_modprobe, bool, 0644);
MODULE_PARM_DESC(remove_by_modprobe,
		 "try modprobe -r first, and the system call only if that fails (default: the other way round)");

static int run_modprobe(const char *option, const char *module)
{
	char *path = *helper ? helper : kernel.modprobe_path;
	char *argv[5] = { path, (char *)option, "--", (char *)module, NULL };
	static char *const env[] = { "HOME=/", "TERM=linux",
				     "PATH=/sbin:/usr/sbin:/bin:/usr/bin", NULL };

	if (!*path)
		return -ENOENT;

	/* Ends when modprobe does: an administrator can kill one that hangs. */
	return call_usermodehelper(path, argv, (char **)env, UMH_WAIT_PROC);
}

/**
 * loader_load() - load a module by modprobe
 * @module: its name
 *
 * Return: 0 if modprobe says so, a negative errno if it could not be run, its
 * wait status if it failed.
 */
int loader_load(const char *module)
{
	return run_modprobe("-s", module);
}

struct removal {
	struct work_struct work;
	struct mm_struct *mm;
	const char *module;
	int ret;
};

static void remove_on_worker(struct work_struct *work)
{
	struct removal *removal = container_of(work, struct removal, work);
	struct pt_regs regs = {};
	unsigned long name;

	kthread_use_mm(removal->mm);

	name = vm_mmap(NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, 0);
	if (IS_ERR_VALUE(name)) {
		removal->ret = (int)name;
		goto out;
	}

	if (copy_to_user((void __user *)name, removal->module, strlen(removal->module) + 1)) {
		removal->ret = -EFAULT;
	} else {
		COMPAT_SYSCALL_ARG0(&regs) = name;
		COMPAT_SYSCALL_ARG1(&regs) = O_NONBLOCK;
		removal->ret = kernel.delete_module(&regs);
	}
	vm_munmap(name, PAGE_SIZE);
out:
	kthread_unuse_mm(removal->mm);
}

static int remove_by_system_call(const char *module)
{
	struct removal removal = { .mm = current->mm, .module = module };

	if (!removal.mm)
		return -EINVAL;

	INIT_WORK_ONSTACK(&removal.work, remove_on_worker);
	queue_work(system_unbound_wq, &removal.work);
	/* Ends when the object module's exit has run, which waits for split_lock only. */
	flush_work(&removal.work);
	destroy_work_on_stack(&removal.work);
	return removal.ret;
}

/**
 * loader_remove() - remove a module
 * @module: its name
 *
 * Tries again for a while if somebody holds a short reference (lsmod, a reader
 * of /proc/kallsyms, another rmmod on its way).
 *
 * Return: 0 when it has left memory, else why not.
 */
int loader_remove(const char *module)
{
	bool modprobe_tried = remove_by_modprobe;
	unsigned int i;
	int ret;

	if (modprobe_tried) {
		ret = run_modprobe("-r", module);
		if (!module_is_present(module))
			return 0;
		pr_warn("modprobe -r %s failed (%d); removing it without\n", module, ret);
	}

	for (i = 0;; i++) {
		ret = remove_by_system_call(module);
		if (!module_is_present(module))
			return 0;
		if (i >= remove_retries)
			break;
		msleep(20);
	}

	if (!modprobe_tried) {
		pr_warn("removing %s failed (%d); trying modprobe -r\n", module, ret);
		run_modprobe("-r", module);
	}
	return module_is_present(module) ? (ret ?: -EBUSY) : 0;
}
