// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An installed livepatch is loaded when nobody watches. So everything that can
 * be checked is checked now: the files are compared with the kernel that they
 * are for, with the modules that it may load later, and with its symbols.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/check.h"
#include "kpatch/boot-drops.h"
#include "kpatch/fit.h"
#include "kpatch/install.h"
#include "kpatch/leftovers.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "kpatch/service.h"
#include "kpatch/store.h"
#include "kpatch/tries.h"
#include "kpatch/verbs/verbs.h"
#include "kpatch/verbs/choose.h"

/* Names are of livepatches that are installed now; at boot there may be others. */
static bool is_any_dropped(const struct host *host)
{
	return host->drop && !*host->drop;
}

static int install_one(struct host *host, const struct livepatch_files *files)
{
	struct installed installed = { 0 };
	struct store store = { 0 };
	char *record = NULL;
	int err = store_read(host, &store);

	if (err) {
		err = diag_errno(host->diag, -err, "/lib/modules", "read");
	} else {
		record = store_new_record(&store, is_any_dropped(host));
		err = record ? install_modules(host, files, record, &installed)
			     : diag_oom(host->diag);
	}
	if (!err) {
		install_keep(host, &installed);
		err = try_over(host, files->main.name);
		host_say(host, "%s is installed for %s", files->main.name, host->release);
	}
	free(record);
	store_free(&store);
	return err;
}

/* Nothing is changed before everything is checked. */
static int check_all(struct host *host, const struct strvec *paths, struct livepatch_files *files)
{
	size_t before = diag_errors(host->diag);
	bool loaded;

	for (size_t i = 0; i < paths->n; i++) {
		if (livepatch_files_read(host, paths->list[i], &files[i]))
			continue;
		if (!check_livepatch(host, &files[i], &loaded))
			check_fit(host, &files[i]);
	}
	if (diag_errors(host->diag) > before)
		return -EINVAL;
	return boot_drops_check(host, files, paths->n);
}

/* Installing for a missing kernel would create its folder, so that it would look present. */
static int check_kernel_is_there(struct host *host)
{
	char *modules = host_path(host, "/lib/modules/%s", host->release);
	int err = modules ? 0 : diag_oom(host->diag);

	if (!err && !path_exists(modules))
		err = diag_errno(host->diag, ENOENT, modules, "install for that kernel");
	free(modules);
	return err;
}

int verb_install(struct host *host, const struct strvec *paths)
{
	struct livepatch_files *files = calloc(paths->n, sizeof(*files));
	int err = files ? check_kernel_is_there(host) : diag_oom(host->diag);

	err = err ?: check_all(host, paths, files);

	err = err ?: leftovers_remove(host);
	for (size_t i = 0; i < paths->n && !err; i++)
		err = install_one(host, &files[i]);
	if (!err)
		service_enable(host);
	for (size_t i = 0; files && i < paths->n; i++)
		livepatch_files_free(&files[i]);
	free(files);
	return err;
}

/* The loaded code may still need its object modules: they are removed when it is unloaded. */
static int uninstall_one(struct host *host, const char *name)
{
	bool in_use = !host->other_kernel && module_is_loaded(host, name);
	int err = in_use ? install_forget(host, name) : install_remove(host, name);

	err = err ?: try_over(host, name);
	if (!err)
		host_say(host, "%s is not installed any more%s", name,
			 in_use ? ", but still loaded: kpatch unload" : "");
	return err;
}

int verb_uninstall(struct host *host, const struct strvec *words, bool all)
{
	struct strvec known = { 0 }, chosen = { 0 };
	struct store store = { 0 };
	int err = store_read(host, &store);

	err = err ?: store_names(&store, all ? &chosen : &known);
	if (err)
		err = diag_errno(host->diag, -err, "/lib/modules", "read");
	err = err ?: names_choose(host, words, &known, "KS422", &chosen);
	for (size_t i = 0; i < chosen.n && !err; i++)
		err = uninstall_one(host, chosen.list[i]);
	if (!err && !chosen.n)
		host_say(host, "no livepatch is installed for %s", host->release);
	err = err ?: leftovers_remove(host);
	strvec_free(&known);
	strvec_free(&chosen);
	store_free(&store);
	return err;
}
