// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The machines of a fleet differ: one runs another kernel, on one a module was
 * rebuilt, on one another tool has loaded a livepatch. An administrator wants to
 * know before the maintenance window, for each machine, whether a livepatch can be
 * loaded, and nothing must be changed to find out.
 *
 * So this verb makes the checks of load and install. For some checks load relies
 * on the kernel, which makes them when the module is inserted. Those are made here
 * as far as that is possible without the kernel.
 */
#include <errno.h>
#include <stdlib.h>

#include "kpatch/boot-drops.h"
#include "kpatch/check.h"
#include "kpatch/fit.h"
#include "kpatch/show.h"
#include "kpatch/signature.h"
#include "kpatch/verbs/find.h"
#include "kpatch/verbs/load.h"
#include "kpatch/verbs/verbs.h"
#include "lib/diag-json.h"
#include "lib/files.h"
#include "lib/klp-format.h"

static void check_each(struct host *host, const struct livepatch_files *files, size_t n)
{
	bool loaded;

	for (size_t i = 0; i < n; i++)
		if (!check_livepatch(host, &files[i], &loaded) && !loaded && !files[i].foreign)
			check_fit(host, &files[i]);
		else if (files[i].foreign)
			fit_signatures(host, &files[i]);
}

/* Is the core loaded, or in one of the places where load_core() (load.c) looks for it? */
static bool has_core(struct host *host, const struct livepatch_files *files)
{
	char *path = NULL;
	bool has = files->core || module_is_loaded(host, KLP_CORE_MODULE) ||
		   !host->modules->find(host, KLP_CORE_MODULE, &path);

	free(path);
	path = host_path(host, "%s/modules/%s/" KLP_CORE_MODULE ".ko", host->datadir,
			 host->release);
	has = has || (path && path_exists(path));
	free(path);
	return has;
}

static void check_machine(struct host *host, const struct livepatch_files *files, size_t n)
{
	check_kernel(host);
	if (host_number(host, 1, "/proc/sys/kernel/ftrace_enabled") == 0)
		diag_error(host->diag, "KS441", NULL, "kernel.ftrace_enabled is 0");
	for (size_t i = 0; i < n; i++)
		if (!files[i].foreign && !has_core(host, &files[i]))
			diag_error(host->diag, "KS408", NULL, "not found, for '%s'",
				   files[i].main.name);
}

static int check_drops(struct host *host, const struct livepatch_files *files, size_t n)
{
	char *other = NULL;
	int err;

	if (host->other_kernel)
		return boot_drops_check(host, files, n);
	err = load_check_drops(host, files, n, &other);
	if (!err && other)
		err = diag_error(host->diag, "KS414", NULL,
				 "'%s': what it replaces is known only after its transition",
				 other);
	free(other);
	return err;
}

static json_t *names_json(const struct livepatch_files *files, size_t n)
{
	json_t *array = json_array();

	for (size_t i = 0; i < n; i++)
		if (files[i].main.name)
			json_array_append_new(array, json_string(files[i].main.name));
	return array;
}

int verb_check(struct host *host, const struct strvec *words, bool json)
{
	struct livepatch_files *files = NULL;
	size_t n = 0;
	int err = find_livepatches(host, words, &files, &n);
	bool fits;

	if (!err) {
		check_each(host, files, n);
		if (!host->other_kernel)
			check_machine(host, files, n);
		check_drops(host, files, n);
	}
	fits = !err && !diag_errors(host->diag);
	for (size_t i = 0; i < n && fits && !json; i++)
		fprintf(host->out, "%s can be %s\n", files[i].main.name,
			host->other_kernel ? "installed" : "loaded");
	if (json && err != -ENOMEM)
		show_result(host, json_pack("{s:s, s:b, s:o, s:o}", "kernel", host->release, "fits",
					    fits, "livepatches", names_json(files, n), "problems",
					    diag_to_json(host->diag)));
	for (size_t i = 0; i < n; i++)
		livepatch_files_free(&files[i]);
	free(files);
	return err;
}
