// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core has to load and remove modules while a task is in the middle of
 * loading or removing another. There are two ways for either.
 *
 * Loading goes through modprobe, because user space knows where modules lie,
 * how they are compressed, and who may load them. Not through request_module():
 * it has 50 slots, and nested loads can hold all of them while they wait for
 * one more. If modprobe can't be run, or is killed, the file that `kpatch load`
 * has installed is loaded by the system call itself.
 *
 * Removing must not fail: what refers to a target's memory may not outlive it.
 * So it is done by the system call, and modprobe is the fallback.
 *
 * The system calls take their arguments from user memory, and give up when a
 * signal is pending; so a kernel worker makes them, which has no signals, on
 * the caller's address space. The callers are always inside a system call of
 * their own, init_module or delete_module, and have one.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/fcntl.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mman.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/ptrace.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/utsname.h>
#include <linux/vmalloc.h>
#include <linux/workqueue.h>

#include "compat.h"
#include "core.h"

static char directory[SPLIT_PARAM_SIZE];
static const struct kparam_string directory_param = { SPLIT_PARAM_SIZE, directory };
module_param_cb(directory, &split_path_ops, (void *)&directory_param, 0644);
__MODULE_PARM_TYPE(directory, "string");
MODULE_PARM_DESC(directory,
		 "where <livepatch>/<object module>.ko lies, for when modprobe can't be run; empty (default): /lib/modules/<release>/updates/klp-split");

static unsigned int remove_retries = 50;
module_param(remove_retries, uint, 0644);
MODULE_PARM_DESC(remove_retries,
		 "how often to try to remove an object module before that is reported (default 50, 20 ms apart)");

static bool remove_by_modprobe;
module_param(remove_by_modprobe, bool, 0644);
MODULE_PARM_DESC(remove_by_modprobe,
		 "try modprobe -r first, and the system call only if that fails (default: the other way round)");

/**
 * struct call - a system call that a worker makes
 * @work: on the caller's stack
 * @mm: the caller's
 * @data: its first argument, put into user memory
 * @size: of @data
 * @is_load: init_module(data, size, ""), else delete_module(data, O_NONBLOCK)
 * @ret: its result
 */
struct call {
	struct work_struct work;
	struct mm_struct *mm;
	const void *data;
	size_t size;
	bool is_load;
	long ret;
};

/* On the caller's address space. One more byte is mapped: zero, the empty string of parameters. */
static long make_call(const struct call *call)
{
	struct pt_regs regs = {};
	unsigned long user;
	long ret;

	user = vm_mmap(NULL, 0, PAGE_ALIGN(call->size + 1), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, 0);
	if (IS_ERR_VALUE(user))
		return (long)user;

	if (copy_to_user((void __user *)user, call->data, call->size)) {
		ret = -EFAULT;
	} else if (call->is_load) {
		COMPAT_SYSCALL_ARG0(&regs) = user;
		COMPAT_SYSCALL_ARG1(&regs) = call->size;
		COMPAT_SYSCALL_ARG2(&regs) = user + call->size;
		ret = COMPAT_SYSCALL(init_module)(&regs);
	} else {
		COMPAT_SYSCALL_ARG0(&regs) = user;
		COMPAT_SYSCALL_ARG1(&regs) = O_NONBLOCK;
		ret = COMPAT_SYSCALL(delete_module)(&regs);
	}
	vm_munmap(user, PAGE_ALIGN(call->size + 1));
	return ret;
}

static void call_on_worker(struct work_struct *work)
{
	struct call *call = container_of(work, struct call, work);

	kthread_use_mm(call->mm);
	call->ret = make_call(call);
	kthread_unuse_mm(call->mm);
}

static int system_call(const void *data, size_t size, bool is_load)
{
	struct call call = {
		.mm = current->mm, .data = data, .size = size, .is_load = is_load,
	};

	if (!call.mm)
		return -EINVAL;

	INIT_WORK_ONSTACK(&call.work, call_on_worker);
	queue_work(system_unbound_wq, &call.work);
	/* Ends when the object module's init or exit has run, which wait for split_lock only. */
	flush_work(&call.work);
	destroy_work_on_stack(&call.work);
	return call.ret;
}

static char *file_of(const char *patch, const char *module)
{
	char buffer[SPLIT_PARAM_SIZE], *folder = split_copy_param(directory, buffer);

	if (*folder)
		return kasprintf(GFP_KERNEL, "%s/%s/%s.ko", folder, patch, module);
	return kasprintf(GFP_KERNEL, "/lib/modules/%s/updates/klp-split/%s/%s.ko",
			 init_utsname()->release, patch, module);
}

/**
 * loader_load() - load a module by modprobe
 * @module: its name
 *
 * Return: as helper_run().
 */
int loader_load(const char *module)
{
	return helper_run("-s", module);
}

/**
 * loader_load_file() - load an object module from where `kpatch load` installs it
 * @patch: name of the livepatch
 * @module: name of the object module
 *
 * For when modprobe can't be run. A signature, and what security modules want of
 * a module's file, are checked as for any.
 *
 * Return: 0, or a negative errno.
 */
int loader_load_file(const char *patch, const char *module)
{
	char *path = file_of(patch, module);
	void *data = NULL;
	ssize_t size;
	int err;

	if (!path)
		return -ENOMEM;

	size = file_read(path, &data);
	err = size < 0 ? size : system_call(data, size, true);
	if (err)
		pr_warn("%s can't be loaded (%d)\n", path, err);
	vfree(data);
	kfree(path);
	return err;
}

/**
 * loader_remove() - remove a module
 * @module: its name
 *
 * Tries again for a while if somebody holds a short reference (lsmod, a reader
 * of /proc/kallsyms, another rmmod on its way).
 *
 * Return: 0 when it has left memory, -EWOULDBLOCK while somebody holds it, else
 * why it can't be removed.
 */
int loader_remove(const char *module)
{
	bool modprobe_tried = remove_by_modprobe;
	unsigned int i;
	int ret;

	if (modprobe_tried) {
		ret = helper_run("-r", module);
		if (!module_is_present(module))
			return 0;
		pr_warn("modprobe -r %s failed (%d); removing it without\n", module, ret);
	}

	for (i = 0;; i++) {
		ret = system_call(module, strlen(module) + 1, false);
		if (!module_is_present(module))
			return 0;
		if (i >= remove_retries)
			break;
		msleep(20);
	}

	/* While somebody holds it modprobe can do no more than this. */
	if (!modprobe_tried && ret != -EWOULDBLOCK) {
		pr_warn("removing %s failed (%d); trying modprobe -r\n", module, ret);
		helper_run("-r", module);
	}
	return module_is_present(module) ? (ret ?: -EBUSY) : 0;
}
