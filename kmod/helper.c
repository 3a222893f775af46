// SPDX-License-Identifier: GPL-2.0-only
/*
 * modprobe runs while a target waits for its object module. It is a program of
 * user space: it can be missing, fail, or hang on a file system, on a script
 * that an install line names, or on a lock. The target can't wait for ever, and
 * must not go on before modprobe has ended: the module that modprobe is loading
 * refers to the target.
 *
 * So the wait has no timeout, but modprobe has one: after some time it gets
 * SIGKILL, again and again, until it has really ended.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/kernel.h>
#include <linux/kmod.h>
#include <linux/moduleparam.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/string.h>
#include <linux/umh.h>
#include <linux/workqueue.h>

#include "core.h"

/* Only a task that may load modules may set the programs and files that the kernel uses. */
static int set_path(const char *value, const struct kernel_param *param)
{
	if (!capable(CAP_SYS_MODULE))
		return -EPERM;
	return param_set_copystring(value, param);
}

const struct kernel_param_ops split_path_ops = {
	.set = set_path,
	.get = param_get_string,
};

static char modprobe[SPLIT_PARAM_SIZE];
static const struct kparam_string modprobe_param = { SPLIT_PARAM_SIZE, modprobe };
module_param_cb(modprobe, &split_path_ops, (void *)&modprobe_param, 0644);
__MODULE_PARM_TYPE(modprobe, "string");
MODULE_PARM_DESC(modprobe, "path of modprobe; empty (default): as in sysctl kernel.modprobe");

/* Less than the 120 seconds after which the kernel reports hung tasks. */
static unsigned int modprobe_timeout = 90;
module_param(modprobe_timeout, uint, 0644);
MODULE_PARM_DESC(modprobe_timeout,
		 "seconds after which a modprobe is killed (default 90); 0: never");

/**
 * struct helper - a modprobe under way
 * @timeout: kills it
 * @pid: of it, with a reference; NULL until it runs
 * @module: what it loads, for the log
 * @killed: by @timeout
 */
struct helper {
	struct delayed_work timeout;
	struct pid *pid;
	const char *module;
	bool killed;
};

/* In the new process, before it becomes modprobe. */
static int remember_pid(struct subprocess_info *info, struct cred *cred)
{
	struct helper *helper = info->data;

	/* Its fields were written by another task; pairs with the dependency in kill_helper(). */
	smp_store_release(&helper->pid, get_pid(task_pid(current)));
	return 0;
}

static void kill_helper(struct work_struct *work)
{
	struct helper *helper = container_of(to_delayed_work(work), struct helper, timeout);
	struct pid *pid = READ_ONCE(helper->pid);

	if (pid) {
		if (!helper->killed)
			pr_warn("modprobe has not loaded %s within %u s (parameter modprobe_timeout); killing it\n",
				helper->module, modprobe_timeout);
		helper->killed = true;
		kill_pid(pid, SIGKILL, 1);
	}
	/* It may not have been there yet. */
	queue_delayed_work(system_unbound_wq, &helper->timeout, HZ);
}

/**
 * split_copy_param() - copy a parameter that another task may be writing
 * @param: a string of at most %SPLIT_PARAM_SIZE bytes
 * @copy: as many bytes
 *
 * Return: where it begins in @copy, without the newline that echo adds.
 */
char *split_copy_param(const char *param, char *copy)
{
	kernel_param_lock(THIS_MODULE);
	strscpy(copy, param, SPLIT_PARAM_SIZE);
	kernel_param_unlock(THIS_MODULE);
	return strim(copy);
}

/**
 * helper_run() - run modprobe, and wait until it has ended
 * @module: the module's name
 *
 * Return: 0 if modprobe reports success; its exit code (1 to 255) if not; a
 * negative errno if it could not be run (-ENOENT: also if there is none), or was
 * killed: -ETIMEDOUT by the timeout, -EINTR by another process.
 */
int helper_run(const char *module)
{
	static char *env[4] = { "HOME=/", "TERM=linux", "PATH=/sbin:/usr/sbin:/bin:/usr/bin", NULL };
	char buffer[SPLIT_PARAM_SIZE], *path = split_copy_param(modprobe, buffer);
	char *argv[5] = { NULL, "-s", "--", (char *)module, NULL };
	struct helper helper = { .module = module };
	unsigned int timeout = READ_ONCE(modprobe_timeout);
	struct subprocess_info *info;
	int ret;

	if (!*path)
		path = kernel.modprobe_path;
	if (!*path)
		return -ENOENT;
	argv[0] = path;

	info = call_usermodehelper_setup(path, argv, env, GFP_KERNEL, remember_pid, NULL, &helper);
	if (!info)
		return -ENOMEM;

	INIT_DELAYED_WORK_ONSTACK(&helper.timeout, kill_helper);
	if (timeout)
		queue_delayed_work(system_unbound_wq, &helper.timeout,
				   min_t(unsigned long, timeout, INT_MAX / HZ) * HZ);
	/* Ends when modprobe has ended; no signal to this task interrupts it. */
	ret = call_usermodehelper_exec(info, UMH_WAIT_PROC);
	cancel_delayed_work_sync(&helper.timeout);
	destroy_delayed_work_on_stack(&helper.timeout);

	/* CONFIG_STATIC_USERMODEHELPER without a path: no error, and nothing done. */
	if (!helper.pid && !ret)
		ret = -ENOENT;
	put_pid(helper.pid);

	if (ret <= 0)
		return ret;
	if (helper.killed)
		return -ETIMEDOUT;
	return ret & 0x7f ? -EINTR : ret >> 8;
}
