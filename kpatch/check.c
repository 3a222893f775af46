// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Checks that a livepatch was built for the running kernel and for the modules that are loaded now.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/machine/build-id.h"
#include "kpatch/check.h"
#include "lib/klp-format.h"
#include "kpatch/machine/livepatch-sysfs.h"

int check_kernel(struct host *host)
{
	if (host_has(host, "/sys/kernel/livepatch"))
		return 0;
	return diag_error(host->diag, "KS416", NULL, "there is no %s/sys/kernel/livepatch",
			  host->root);
}

/* vermagic begins with the release: "6.1.0-1-amd64 SMP preempt mod_unload modversions " */
static bool vermagic_is_of(const char *vermagic, const char *release)
{
	size_t length = strlen(release);

	return !strncmp(vermagic, release, length) &&
	       (vermagic[length] == ' ' || vermagic[length] == '\0');
}

static void check_release(struct host *host, const struct module_file *file)
{
	if (strcmp(file->release, host->release))
		diag_error(host->diag, "KS403", NULL, "'%s' is for %s", file->name, file->release);
	else if (!vermagic_is_of(file->vermagic, host->release))
		diag_error(host->diag, "KS403", NULL, "'%s' has the version magic '%s'", file->name,
			   file->vermagic);
	else
		return;
	diag_detail(host->diag,
		    host->other_kernel ? "it is to be installed for %s"
				       : "the running kernel is %s",
		    host->release);
}

/* If a loaded object has no build-id, builds of it can't be told apart: the core decides. */
static void check_build(struct host *host, const struct livepatch_files *files,
			const struct built_for *target)
{
	bool vmlinux = !strcmp(target->object, KLP_VMLINUX);
	char *found;

	if (!*target->build_id)
		return;
	if (!vmlinux && !module_is_loaded(host, target->object))
		return;
	found = vmlinux ? build_id_of_kernel(host) : build_id_of_loaded(host, target->object);
	if (found && strcasecmp(found, target->build_id)) {
		diag_error(host->diag, vmlinux ? "KS404" : "KS405", NULL, "'%s' is for %s %s",
			   files->main.name, target->object, target->build_id);
		diag_detail(host->diag, "the one in memory is %s", found);
	}
	free(found);
}

/*
 * A name can be used only once. Loading the same livepatch again is not an error: there is nothing
 * to do, or it is just leaving and has to be waited for.
 */
static void check_name(struct host *host, const struct livepatch_files *files, bool *loaded)
{
	const char *name = files->main.name;
	char *ours, *theirs;

	if (!module_is_loaded(host, name) || !livepatch_is_registered(host, name))
		return;
	ours = build_id_of_file(files->main.path);
	theirs = build_id_of_loaded(host, name);
	if (ours && theirs && !strcmp(ours, theirs)) {
		*loaded = livepatch_is_enabled(host, name);
	} else {
		diag_error(host->diag, "KS407", NULL, "'%s'", name);
		diag_detail(host->diag, "build-id of the file: %s", ours ?: "unknown");
		diag_detail(host->diag, "of the one in memory: %s", theirs ?: "unknown");
	}
	free(ours);
	free(theirs);
}

int check_livepatch(struct host *host, const struct livepatch_files *files, bool *loaded)
{
	size_t before = diag_errors(host->diag);

	*loaded = false;
	check_release(host, &files->main);
	if (host->other_kernel) /* nothing of that kernel is in memory */
		return diag_errors(host->diag) > before ? -EINVAL : 0;
	for (size_t i = 0; i < files->main.n_targets; i++)
		check_build(host, files, &files->main.targets[i]);
	check_name(host, files, loaded);
	return diag_errors(host->diag) > before ? -EINVAL : 0;
}
