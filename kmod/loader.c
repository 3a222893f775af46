// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core has to load and remove modules while a task is loading or removing another one.
 *
 * Loading goes through modprobe, because user space knows where modules are, how
 * they are compressed, and who may load them. Not through request_module(): it has
 * 50 slots, and nested loads can occupy all of them while they wait for one more.
 * If modprobe can't be run, or is killed, the file that `kpatch load` has installed
 * is loaded without it: a target must not be refused, or stay without its fix,
 * because sysctl kernel.modprobe is empty or a configuration file hangs.
 *
 * Removing must not fail: an object module refers to the target's memory and must not outlive the
 * target. So removing doesn't need user space, which may be out of memory, killed or missing
 * (initramfs).
 *
 * Why system calls: the kernel has no other way. Nothing below them that takes a
 * file, or removes a module, can be called (load_module(), free_module() are
 * static), and all checks of rights, signatures and security modules are in them.
 *
 * Why from a kernel worker, on the caller's address space: delete_module() gives up
 * when a signal is pending, and so does whatever waits for another load of the same
 * module; a worker has no signals, and all rights, as a usermode helper has. But
 * the calls take a string from user memory, which a worker doesn't have. The
 * callers do: they are always inside a system call of their own, init_module() or
 * delete_module(). A page of their address space holds the string for as long as
 * the call takes.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/fcntl.h>
#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/mman.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/ptrace.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/utsname.h>
#include <linux/workqueue.h>
#include <uapi/linux/module.h>

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

/**
 * struct call - a system call that a worker makes
 * @work: on the caller's stack
 * @mm: the caller's
 * @string: its argument, copied into user memory: parameters, or a module's name
 * @make: makes it, on the caller's address space
 * @path: of the file to load
 * @flags: of finit_module()
 * @missing: there is no such file
 * @ret: its result
 */
struct call {
	struct work_struct work;
	struct mm_struct *mm;
	const char *string;
	long (*make)(struct call *call, unsigned long string);
	const char *path;
	int flags;
	bool missing;
	long ret;
};

/*
 * The descriptor is one of those that all kernel threads share. As for modprobe, the
 * module loader reads the file, unpacks it if it can, and lets security modules judge
 * it: some of them refuse what init_module() takes from memory.
 */
static long make_load(struct call *call, unsigned long string)
{
	struct pt_regs regs = {};
	struct file *file;
	long ret;
	int fd;

	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return fd;
	file = filp_open(call->path, O_RDONLY | O_LARGEFILE, 0);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		call->missing = PTR_ERR(file) == -ENOENT;
		return PTR_ERR(file);
	}
	fd_install(fd, file);

	COMPAT_SYSCALL_ARG0(&regs) = fd;
	COMPAT_SYSCALL_ARG1(&regs) = string;
	COMPAT_SYSCALL_ARG2(&regs) = call->flags;
	ret = COMPAT_SYSCALL(finit_module)(&regs);
	close_fd(fd);
	return ret;
}

static long make_removal(struct call *call, unsigned long string)
{
	struct pt_regs regs = {};

	COMPAT_SYSCALL_ARG0(&regs) = string;
	COMPAT_SYSCALL_ARG1(&regs) = O_NONBLOCK;
	return COMPAT_SYSCALL(delete_module)(&regs);
}

static long call_with_string(struct call *call)
{
	size_t size = strlen(call->string) + 1;
	unsigned long string;
	long ret;

	string = vm_mmap(NULL, 0, PAGE_ALIGN(size), PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, 0);
	if (IS_ERR_VALUE(string))
		return (long)string;

	if (copy_to_user((void __user *)string, call->string, size))
		ret = -EFAULT;
	else
		ret = call->make(call, string);
	vm_munmap(string, PAGE_ALIGN(size));
	return ret;
}

static void call_on_worker(struct work_struct *work)
{
	struct call *call = container_of(work, struct call, work);

	kthread_use_mm(call->mm);
	call->ret = call_with_string(call);
	kthread_unuse_mm(call->mm);
}

static long system_call(struct call *call)
{
	call->mm = current->mm;
	if (!call->mm)
		return -EINVAL;

	INIT_WORK_ONSTACK(&call->work, call_on_worker);
	queue_work(system_unbound_wq, &call->work);
	/* Ends when the object module's init or exit has run, which wait for split_lock only. */
	flush_work(&call->work);
	destroy_work_on_stack(&call->work);
	return call->ret;
}

#if !defined(CONFIG_MODULE_DECOMPRESS)
static const char unpacked_by_kernel[] = "none";
#elif defined(CONFIG_MODULE_COMPRESS_XZ)
static const char unpacked_by_kernel[] = ".xz of \"xz --check=crc32\"";
#elif defined(CONFIG_MODULE_COMPRESS_ZSTD)
static const char unpacked_by_kernel[] = ".zst";
#else
static const char unpacked_by_kernel[] = ".gz";
#endif

/* "" and what kmod(8) knows; the module loader unpacks the one that it was configured for. */
static const char *const endings[] = { "", ".xz", ".zst", ".gz" };

static char *file_of(const char *patch, const char *module, const char *ending)
{
	char buffer[SPLIT_PARAM_SIZE], *folder = split_copy_param(directory, buffer);

	if (*folder)
		return kasprintf(GFP_KERNEL, "%s/%s/%s.ko%s", folder, patch, module, ending);
	return kasprintf(GFP_KERNEL, "/lib/modules/%s/updates/klp-split/%s/%s.ko%s",
			 init_utsname()->release, patch, module, ending);
}

/* False: there is no such file. */
static bool load_if_found(const char *path, bool is_compressed, int *err)
{
	struct call call = {
		.string = "", .make = make_load, .path = path,
		.flags = is_compressed ? MODULE_INIT_COMPRESSED_FILE : 0,
	};

	*err = system_call(&call);
	if (*err && !call.missing && is_compressed)
		pr_warn("%s can't be loaded (%d): of compressed modules this kernel loads %s; decompress the file\n",
			path, *err, unpacked_by_kernel);
	else if (*err && !call.missing)
		pr_warn("%s can't be loaded (%d)\n", path, *err);
	return !call.missing;
}

/**
 * loader_load() - load a module by modprobe
 * @module: its name
 *
 * Return: as helper_run().
 */
int loader_load(const char *module)
{
	return helper_run(module);
}

/**
 * loader_load_file() - load an object module from where `kpatch load` installs it
 * @patch: name of the livepatch
 * @module: name of the object module
 *
 * Used when modprobe can't be run. The kernel checks the signature, and lets security modules judge
 * the file, as for any module.
 *
 * Return: 0, or a negative errno; -ENOENT if there is no such file.
 */
int loader_load_file(const char *patch, const char *module)
{
	bool found = false;
	unsigned int i;
	int err = 0;
	char *path;

	for (i = 0; i < ARRAY_SIZE(endings) && !found; i++) {
		path = file_of(patch, module, endings[i]);
		if (!path)
			return -ENOMEM;
		found = load_if_found(path, *endings[i], &err);
		kfree(path);
	}
	if (!found)
		pr_warn("%s: found no file of %s to load without modprobe (%d)\n", patch,
			module, err);
	return err;
}

/**
 * loader_remove() - remove a module
 * @module: its name
 *
 * Tries again for a while if there is a short-lived reference (lsmod, a reader
 * of /proc/kallsyms, another rmmod), or if memory is short.
 *
 * Return: 0 when it has been removed, -EWOULDBLOCK while others hold references
 * on it, else another negative errno.
 */
int loader_remove(const char *module)
{
	struct call call = { .string = module, .make = make_removal };
	unsigned int i;
	int ret;

	for (i = 0;; i++) {
		ret = system_call(&call);
		if (!module_is_present(module))
			return 0;
		if (i >= remove_retries)
			return ret ?: -EBUSY;
		msleep(20);
	}
}
