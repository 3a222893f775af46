// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A livepatch disappears from /sys/kernel/livepatch before its module is
 * removed, and a replaced one disappears by itself. The modules that remain can
 * still be found: the main and the object modules all hold the core, and an
 * object module's name contains its main module's name.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kpatch/machine/draining.h"
#include "kpatch/machine/livepatch-sysfs.h"
#include "lib/files.h"
#include "lib/klp-format.h"
#include "lib/strvec.h"
#include "lib/text.h"

#define LIVEPATCHES "/sys/kernel/livepatch"

static const char *const state_names[] = {
	[LIVEPATCH_ENABLED] = "enabled",     [LIVEPATCH_ENABLING] = "enabling",
	[LIVEPATCH_DISABLING] = "disabling", [LIVEPATCH_DISABLED] = "disabled",
	[LIVEPATCH_DRAINING] = "draining",   [LIVEPATCH_UNUSED] = "unused",
};

const char *livepatch_state_name(enum livepatch_state state)
{
	return state_names[state];
}

bool module_is_loaded(const struct host *host, const char *name)
{
	/* Code built into vmlinux has a folder too, but no state. */
	return host_has(host, "/sys/module/%s/initstate", name);
}

bool livepatch_is_registered(const struct host *host, const char *name)
{
	return host_has(host, LIVEPATCHES "/%s/enabled", name);
}

bool livepatch_is_foreign(const struct host *host, const char *name)
{
	return !host_has(host, "/sys/module/" KLP_CORE_MODULE "/holders/%s", name);
}

bool livepatch_is_enabled(const struct host *host, const char *name)
{
	return host_number(host, 0, LIVEPATCHES "/%s/enabled", name) == 1;
}

bool livepatch_in_transition(const struct host *host, const char *name)
{
	return host_number(host, 0, LIVEPATCHES "/%s/transition", name) == 1;
}

static int write_file_of(const struct host *host, const char *name, const char *file,
			 const char *text)
{
	char *path = host_path(host, LIVEPATCHES "/%s/%s", name, file);
	int fd, err = 0;

	if (!path)
		return -ENOMEM;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	free(path);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

int livepatch_enable(const struct host *host, const char *name)
{
	return write_file_of(host, name, "enabled", "1");
}

int livepatch_disable(const struct host *host, const char *name)
{
	return write_file_of(host, name, "enabled", "0");
}

int livepatch_force(const struct host *host, const char *name)
{
	return write_file_of(host, name, "force", "1");
}

char *livepatch_any_in_transition(const struct host *host)
{
	struct strvec names = { 0 };
	char *found = NULL;

	if (host_list(host, &names, LIVEPATCHES))
		return NULL;
	for (size_t i = 0; i < names.n && !found; i++)
		if (livepatch_in_transition(host, names.list[i]))
			found = strdup(names.list[i]);
	strvec_free(&names);
	return found;
}

/*
 * Beside its attributes a livepatch has one folder per object, and an object has one folder per
 * function.
 */
static int folders_of(const struct host *host, struct strvec *folders, const char *path)
{
	struct strvec all = { 0 };
	int err = host_list(host, &all, "%s", path);

	for (size_t i = 0; i < all.n && !err; i++)
		if (host_has(host, "%s/%s/.", path, all.list[i]))
			err = strvec_add(folders, all.list[i]);
	strvec_free(&all);
	return err;
}

int livepatch_objects(const struct host *host, const char *name, struct strvec *objects)
{
	char *folder = format(LIVEPATCHES "/%s", name);
	int err = folder ? folders_of(host, objects, folder) : -ENOMEM;

	free(folder);
	return err;
}

int livepatch_object_functions(const struct host *host, const char *name, const char *object,
			       struct strvec *functions)
{
	char *folder = format(LIVEPATCHES "/%s/%s", name, object);
	int err = folder ? folders_of(host, functions, folder) : -ENOMEM;

	free(folder);
	return err;
}

int livepatch_functions(const struct host *host, const char *name, struct strvec *functions)
{
	struct strvec objects = { 0 }, found = { 0 };
	int err = livepatch_objects(host, name, &objects);

	for (size_t i = 0; i < objects.n && !err; i++)
		err = livepatch_object_functions(host, name, objects.list[i], &found);
	/* "meminfo_proc_show,1": the name and its position */
	for (size_t i = 0; i < found.n && !err; i++)
		err = strvec_addf(functions, "%.*s", (int)strcspn(found.list[i], ","),
				  found.list[i]);
	strvec_free(&found);
	strvec_free(&objects);
	return err;
}

static int read_object(const struct host *host, const char *livepatch, const char *name,
		       struct livepatch_object *object)
{
	bool vmlinux = !strcmp(name, KLP_VMLINUX);

	object->name = strdup(name);
	object->module = vmlinux ? NULL : klp_object_module_name(livepatch, name);
	if (!object->name || (!vmlinux && !object->module))
		return -ENOMEM;
	object->patched = host_number(host, -1, LIVEPATCHES "/%s/%s/patched", livepatch, name);
	object->target_loaded = vmlinux || module_is_loaded(host, name);
	object->module_loaded = !vmlinux && module_is_loaded(host, object->module);
	return core_object_read(host, livepatch, name, &object->core);
}

static int read_objects(const struct host *host, struct livepatch *livepatch)
{
	struct strvec objects = { 0 };
	int err = livepatch_objects(host, livepatch->name, &objects);

	if (!err && objects.n) {
		livepatch->objects = calloc(objects.n, sizeof(*livepatch->objects));
		err = livepatch->objects ? 0 : -ENOMEM;
	}
	for (size_t i = 0; i < objects.n && !err; i++) {
		livepatch->n_objects++;
		err = read_object(host, livepatch->name, objects.list[i], &livepatch->objects[i]);
	}
	strvec_free(&objects);
	return err;
}

static enum livepatch_state read_state(const struct host *host, const char *name)
{
	bool enabled = livepatch_is_enabled(host, name);

	if (!livepatch_is_registered(host, name))
		return livepatch_is_draining(host, name) ? LIVEPATCH_DRAINING : LIVEPATCH_UNUSED;
	if (livepatch_in_transition(host, name))
		return enabled ? LIVEPATCH_ENABLING : LIVEPATCH_DISABLING;
	return enabled ? LIVEPATCH_ENABLED : LIVEPATCH_DISABLED;
}

/* Is @module P__OBJECT for another P among @names? */
static bool is_object_module(const struct strvec *names, const char *module)
{
	for (size_t i = 0; i < names->n; i++) {
		size_t length = strlen(names->list[i]);

		if (!strncmp(module, names->list[i], length) && str_starts(module + length, "__"))
			return true;
	}
	return false;
}

/*
 * The names of all livepatches: those in the kernel's livepatch sysfs, and main modules that
 * livepatch has released.
 */
static int livepatch_names(const struct host *host, struct strvec *names)
{
	struct strvec holders = { 0 }, candidates = { 0 };
	int err = host_list(host, &candidates, LIVEPATCHES);

	err = err ?: host_list(host, &holders, "/sys/module/" KLP_CORE_MODULE "/holders");
	for (size_t i = 0; i < holders.n && !err; i++)
		if (!strvec_has(&candidates, holders.list[i]))
			err = strvec_add(&candidates, holders.list[i]);
	for (size_t i = 0; i < candidates.n && !err; i++)
		if (!is_object_module(&candidates, candidates.list[i]))
			err = strvec_add(names, candidates.list[i]);
	strvec_free(&holders);
	strvec_free(&candidates);
	return err;
}

/* /proc/modules has the newest first: the order in which livepatches must be unloaded. */
static int order_by_age(const struct host *host, struct strvec *names)
{
	char *text = host_read(host, "/proc/modules"), *line, *rest = text;
	struct strvec ordered = { 0 };
	int err = 0;

	while (rest && !err && (line = strsep(&rest, "\n"))) {
		line[strcspn(line, " ")] = '\0';
		if (strvec_has(names, line))
			err = strvec_add(&ordered, line);
	}
	for (size_t i = 0; i < names->n && !err; i++)
		if (!strvec_has(&ordered, names->list[i]))
			err = strvec_add(&ordered, names->list[i]);
	free(text);
	if (err) {
		strvec_free(&ordered);
		return err;
	}
	strvec_free(names);
	*names = ordered;
	return 0;
}

int livepatches_read(const struct host *host, struct livepatches *livepatches)
{
	struct livepatches found = { 0 };
	struct strvec names = { 0 };
	int err = livepatch_names(host, &names);

	err = err ?: order_by_age(host, &names);
	if (!err && names.n) {
		found.livepatch = calloc(names.n, sizeof(*found.livepatch));
		err = found.livepatch ? 0 : -ENOMEM;
	}
	for (size_t i = 0; i < names.n && !err; i++) {
		struct livepatch *livepatch = &found.livepatch[found.n++];

		livepatch->name = strdup(names.list[i]);
		livepatch->state = read_state(host, names.list[i]);
		err = livepatch->name ? read_objects(host, livepatch) : -ENOMEM;
	}
	strvec_free(&names);
	if (err)
		livepatches_free(&found);
	else
		*livepatches = found;
	return err;
}

void livepatches_free(struct livepatches *livepatches)
{
	for (size_t i = 0; i < livepatches->n; i++) {
		struct livepatch *livepatch = &livepatches->livepatch[i];

		for (size_t k = 0; k < livepatch->n_objects; k++) {
			free(livepatch->objects[k].name);
			free(livepatch->objects[k].module);
			core_object_free(&livepatch->objects[k].core);
		}
		free(livepatch->objects);
		free(livepatch->name);
	}
	free(livepatches->livepatch);
	*livepatches = (struct livepatches){ 0 };
}
