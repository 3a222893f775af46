// SPDX-License-Identifier: GPL-2.0-only
/*
 * The split core loads the code of a livepatch for a module together with that
 * module, and unloads it with it. The kernel's livepatch does the patching, the
 * consistency checks, sysfs and atomic replace; the core only makes sure that the
 * right code is in memory at the right moment.
 *
 *	hooks.c		redirects functions of the module loader and of livepatch
 *	targets.c	what those hooks do when a module is loaded or unloaded
 *	modules.c	queries of the kernel's list of modules
 *	records.c	the list of livepatches, and the wait for a change of any state
 *	patches.c	livepatches: registered, enabled, removed
 *	objects.c	object modules and their states
 *	exits.c		exit functions of targets: which version runs
 *	consistency.c	places where livepatch may not switch a task, and doesn't look
 *	drain.c		is a task in the code of a module that is to be unloaded?
 *	exiting.c	tasks that end, and are on no list any more
 *	register.c	which object modules are accepted, and what they register
 *	loader.c	loads and removes modules from inside the kernel
 *	helper.c	runs modprobe, and ends it if it hangs
 *	sysfs.c		files for the administrator
 *	buildid.c	is this the build that the livepatch was made for?
 *	symbols.c	finds kernel symbols that are not exported
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
 * Redirected calls, and modules that are being loaded (struct coming), hold
 * references on the core. `rmmod -f` ignores these references, but not livepatches,
 * which depend on the core (delete_module(), 6.1). So the exit function waits until
 * the references are dropped. Then it drops the module loader's own reference, as the
 * module loader does when a module is removed without force (try_release_module_ref()):
 * after that nobody can take a new one.
 */
static void wait_until_unused(void)
{
	bool told = false;

	while (atomic_cmpxchg(&THIS_MODULE->refcnt, COMPAT_MODULE_REF_BASE, 0)) {
		if (!told)
			pr_crit("core: removal was forced while it is in use; it waits until no module is being loaded or removed\n");
		told = true;
		split_sleep(HZ / 10);
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
