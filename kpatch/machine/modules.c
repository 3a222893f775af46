// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Modules are inserted with libkmod, which handles compression, signatures and
 * modprobe's file formats. It has no function to write modules.dep, so depmod is
 * run for that.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <libkmod.h>

#include "kpatch/machine/draining.h"
#include "kpatch/machine/host.h"
#include "lib/files.h"
#include "lib/process.h"
#include "kpatch/machine/modules.h"

/* We report failures with their reason; libkmod would write to stderr. */
static void say_nothing(void *data, int priority, const char *file, int line, const char *fn,
			const char *format, va_list args)
{
}

static struct kmod_ctx *host_kmod(const struct host *host)
{
	char *folder = host_path(host, "/lib/modules/%s", host->release);
	struct kmod_ctx *ctx = folder ? kmod_new(folder, NULL) : NULL;

	free(folder);
	if (ctx)
		kmod_set_log_fn(ctx, say_nothing, NULL);
	return ctx;
}

/*
 * The file itself is inserted, not probed by name: whoever loads a livepatch wants this file,
 * whatever modprobe.d says.
 */
static int kernel_insert(struct host *host, const char *file)
{
	struct kmod_ctx *ctx = host_kmod(host);
	struct kmod_module *module;
	int err = ctx ? kmod_module_new_from_path(ctx, file, &module) : -ENOMEM;

	if (!err) {
		err = kmod_module_insert_module(module, 0, NULL);
		kmod_module_unref(module);
	}
	kmod_unref(ctx);
	return err;
}

static int kernel_insert_by_name(struct host *host, const char *name)
{
	struct kmod_ctx *ctx = host_kmod(host);
	struct kmod_list *found = NULL;
	struct kmod_module *module;
	int err = ctx ? 0 : -ENOMEM;

	/* no such name or no modules.dep: both mean that there is none */
	if (!err && (kmod_module_new_from_lookup(ctx, name, &found) || !found))
		err = -ENOENT;
	if (!err) {
		module = kmod_module_get_module(found);
		err = kmod_module_probe_insert_module(module, 0, NULL, NULL, NULL, NULL);
		kmod_module_unref(module);
	}
	kmod_module_unref_list(found);
	kmod_unref(ctx);
	return err;
}

static int kernel_find(struct host *host, const char *name, char **path)
{
	struct kmod_ctx *ctx = host_kmod(host);
	struct kmod_list *found = NULL;
	struct kmod_module *module;
	const char *file;
	int err = ctx ? -ENOENT : -ENOMEM;

	if (ctx && !kmod_module_new_from_lookup(ctx, name, &found) && found) {
		module = kmod_module_get_module(found);
		file = kmod_module_get_path(module);
		if (file) {
			*path = strdup(file);
			err = *path ? 0 : -ENOMEM;
		}
		kmod_module_unref(module);
	}
	kmod_module_unref_list(found);
	kmod_unref(ctx);
	return err;
}

/*
 * The kernel removes a main module only when no task is in its code (draining.h). The system call
 * returns after that, and no signal interrupts it. So a separate process makes the call, and goes
 * on if we stop waiting. It inherits nothing from us, above all not the lock.
 */
static pid_t start_removal(const char *name)
{
	pid_t child = fork();

	if (child)
		return child < 0 ? -errno : child;
	setsid();
	close_range(0, ~0U, 0);
	_exit(syscall(SYS_delete_module, name, O_NONBLOCK) ? errno : 0);
}

/* The core needs a moment to check all stacks, even if no task is in the code. */
#define LOOK_TAKES 5000 /* ms */

/*
 * Stop waiting only for a module that drains: anything else ends soon, and half removed is worse
 * than slow.
 */
static bool has_timed_out(const struct host *host, const char *name, long long began)
{
	bool asked = host_interrupted(host) && host_now() >= began + LOOK_TAKES;

	return (asked || host_now() >= began + host->timeout * 1000LL) &&
	       livepatch_is_draining(host, name);
}

static int kernel_remove(struct host *host, const char *name)
{
	long long began = host_now();
	pid_t child = start_removal(name);
	bool told = false;
	int status;

	if (child < 0)
		return child;
	while (!waitpid(child, &status, WNOHANG)) {
		if (has_timed_out(host, name, began))
			return -EINPROGRESS;
		if (!told && host_now() >= began + 2000 && livepatch_is_draining(host, name)) {
			host_say(host, "%s is draining: it is freed when no task is in its code",
				 name);
			told = true;
		}
		host_sleep(10);
	}
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
}

static int kernel_update_dependencies(struct host *host)
{
	const char *argv[] = { "depmod", "-b", *host->root ? host->root : "/", host->release,
			       NULL };
	struct process depmod = { .argv = argv };
	int err = process_run(&depmod);

	if (err)
		diag_error(host->diag, "KS415", NULL, "depmod failed%s%s",
			   depmod.log && *depmod.log ? ": " : "", depmod.log ? depmod.log : "");
	process_end(&depmod);
	return err;
}

const struct module_ops kernel_modules = {
	.insert = kernel_insert,
	.insert_by_name = kernel_insert_by_name,
	.find = kernel_find,
	.remove = kernel_remove,
	.update_dependencies = kernel_update_dependencies,
};
