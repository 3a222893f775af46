// SPDX-License-Identifier: GPL-2.0-only
/*
 * The split core: brings the code of a livepatch for a module in and out
 * together with that module. It leaves patching, consistency, sysfs and atomic
 * replace to the kernel's livepatch, and only sees to it that the right code is
 * in memory at the right moment.
 *
 *	hooks.c		where the module loader and livepatch are intercepted
 *	targets.c	what happens there when a module comes or goes
 *	modules.c	what is asked of the kernel's list of modules
 *	patches.c	livepatches: registered, enabled, removed
 *	objects.c	object modules and their states
 *	consistency.c	where a task may not be switched, and livepatch doesn't look
 *	drain.c		is anybody in the code of a module that is to leave?
 *	register.c	which object modules may come, and what they hand in
 *	loader.c	how modules are loaded and removed from inside the kernel
 *	helper.c	modprobe, and what if it does not end
 *	sysfs.c		what an administrator sees
 *	buildid.c	is this the build that the livepatch was made for?
 *	symbols.c	what is used of the kernel that it doesn't export
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched.h>

#include "compat.h"
#include "core.h"

static int __init klp_split_init(void)
{
	int err;

	err = split_sysfs_init();
	if (err)
		return err;
	err = hooks_install();
	if (err) {
		split_sysfs_exit();
		return err;
	}
	modules_note_going();
	return 0;
}

/*
 * Redirected calls, and modules that are being loaded (struct coming), have
 * references on the core. `rmmod -f` ignores those, though not livepatches, which
 * depend on the core (delete_module(), 6.1). So the exit function waits until they
 * are dropped, and then drops the module loader's own one, as the module loader
 * does for a module that isn't forced out (try_release_module_ref()): nobody gets
 * one any more.
 */
static void wait_until_unused(void)
{
	bool told = false;

	while (atomic_cmpxchg(&THIS_MODULE->refcnt, COMPAT_MODULE_REF_BASE, 0)) {
		if (!told)
			pr_crit("core: is forced out while in use; it leaves when the modules that are being loaded or removed now have been\n");
		told = true;
		schedule_timeout_idle(HZ / 10);
	}
}

static void __exit klp_split_exit(void)
{
	wait_until_unused();
	hooks_remove();
	split_sysfs_exit();
}

module_init(klp_split_init);
module_exit(klp_split_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Livepatches that come and go with the modules they patch");
MODULE_INFO(livepatch, "Y");
