// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finds the fixes that would be lost if a livepatch replaced the enabled ones, and
 * refuses it or warns: see drops.h. A function that both livepatches replace isn't
 * lost: tasks change from the one version to the other in the same transition.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/contents.h"
#include "kpatch/drops.h"
#include "kpatch/machine/livepatch-sysfs.h"
#include "kpatch/store.h"
#include "lib/strvec.h"
#include "lib/text.h"

#define NAMED_AT_MOST 12 /* functions of one livepatch that a message lists */

static struct enabled *append(struct enabled_set *enabled_set, const char *name)
{
	struct enabled *longer, *new;

	longer = realloc(enabled_set->livepatch, (enabled_set->n + 1) * sizeof(*longer));
	if (!longer)
		return NULL;
	enabled_set->livepatch = longer;
	new = &longer[enabled_set->n];
	*new = (struct enabled){ .name = strdup(name) };
	if (!new->name)
		return NULL;
	enabled_set->n++;
	return new;
}

/* sysfs doesn't list CVE ids. Take them from the files of the loaded livepatch, if installed. */
static int add_cves(const struct store *store, struct enabled *enabled)
{
	const struct stored *stored = store_find(store, enabled->name);
	const struct strvec *cves = stored ? &stored->files.main.cves : NULL;
	int err = 0;

	for (size_t i = 0; cves && i < cves->n && !err; i++)
		err = strvec_addf(&enabled->contents, "=%s", cves->list[i]);
	return err;
}

int enabled_set_read(const struct host *host, struct enabled_set *enabled_set)
{
	struct enabled_set found = { 0 };
	struct strvec names = { 0 };
	struct store store = { 0 };
	int err = host_list(host, &names, "/sys/kernel/livepatch");
	struct enabled *new;

	err = err ?: store_read(host, &store);

	for (size_t i = 0; i < names.n && !err; i++) {
		if (!livepatch_is_enabled(host, names.list[i]))
			continue;
		new = append(&found, names.list[i]);
		if (new)
			new->foreign = livepatch_is_foreign(host, names.list[i]);
		err = new ? contents_in_memory(host, names.list[i], &new->contents) : -ENOMEM;
		err = err ?: add_cves(&store, new);
	}
	store_free(&store);
	strvec_free(&names);
	if (err)
		enabled_set_free(&found);
	else
		*enabled_set = found;
	return err;
}

int enabled_set_add(struct host *host, struct enabled_set *enabled_set,
		    const struct livepatch_files *files)
{
	struct enabled *new;

	if (livepatch_files_replace(files))
		enabled_set_free(enabled_set);
	new = append(enabled_set, files->main.name);
	return new ? contents_of_files(host, files, &new->contents) : diag_oom(host->diag);
}

bool enabled_set_has(const struct enabled_set *enabled_set, const char *livepatch)
{
	for (size_t i = 0; i < enabled_set->n; i++)
		if (!strcmp(enabled_set->livepatch[i].name, livepatch))
			return true;
	return false;
}

int enabled_set_lacks(const struct enabled_set *enabled_set, const struct strvec *contents,
		      struct strvec *lost)
{
	struct strvec all = { 0 };
	int err = 0;

	for (size_t i = 0; i < enabled_set->n; i++)
		for (size_t k = 0; k < enabled_set->livepatch[i].contents.n && !err; k++)
			err = strvec_add(&all, enabled_set->livepatch[i].contents.list[k]);
	err = err ?: contents_lost(contents, &all, lost);
	strvec_free(&all);
	return err;
}

void enabled_set_free(struct enabled_set *enabled_set)
{
	for (size_t i = 0; i < enabled_set->n; i++) {
		strvec_free(&enabled_set->livepatch[i].contents);
		free(enabled_set->livepatch[i].name);
	}
	free(enabled_set->livepatch);
	*enabled_set = (struct enabled_set){ 0 };
}

/* Add @enabled to @drops, which has room for it, if anything of it isn't in @contents. */
static int compare(const struct enabled *enabled, const struct strvec *contents,
		   struct drops *drops)
{
	struct dropped *dropped = &drops->livepatch[drops->n];
	int err = contents_lost(&enabled->contents, contents, &dropped->lost);

	dropped->name = strdup(enabled->name);
	dropped->foreign = enabled->foreign;
	if (dropped->lost.n || dropped->foreign || err || !dropped->name) {
		drops->n++;
		return dropped->name ? err : -ENOMEM;
	}
	free(dropped->name);
	dropped->name = NULL;
	return 0;
}

/* A module of an older version doesn't say whether it replaces others, so it may. */
static bool is_stacked(const struct livepatch_files *files)
{
	return files->main.replace && !livepatch_files_replace(files);
}

int drops_find(struct host *host, const struct enabled_set *enabled_set,
	       const struct livepatch_files *files, struct drops *drops)
{
	struct drops found = { 0 };
	struct strvec contents = { 0 };
	int err = 0;

	if (is_stacked(files) || !enabled_set->n) {
		*drops = found;
		return 0;
	}
	err = contents_of_files(host, files, &contents);
	if (!err) {
		found.livepatch = calloc(enabled_set->n, sizeof(*found.livepatch));
		err = found.livepatch ? 0 : diag_oom(host->diag);
	}
	for (size_t i = 0; i < enabled_set->n && !err; i++) {
		/* a livepatch that is already enabled doesn't replace itself */
		if (!strcmp(enabled_set->livepatch[i].name, files->main.name))
			continue;
		if (compare(&enabled_set->livepatch[i], &contents, &found))
			err = diag_oom(host->diag);
	}
	strvec_free(&contents);
	if (err)
		drops_free(&found);
	else
		*drops = found;
	return err;
}

/* Is @name in @list, "a,b"? */
static bool list_has(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (; *list; list += strspn(list, ",")) {
		size_t word = strcspn(list, ",");

		if (word == length && !strncmp(list, name, length))
			return true;
		list += word;
	}
	return false;
}

static bool may_drop(const struct host *host, const struct dropped *dropped)
{
	return host->drop && (!*host->drop || list_has(host->drop, dropped->name));
}

static void name_lost(struct host *host, const struct dropped *dropped)
{
	size_t n = dropped->lost.n <= NAMED_AT_MOST + 1 ? dropped->lost.n : NAMED_AT_MOST;
	char *text;

	for (size_t i = 0; i < n; i++) {
		text = content_describe(dropped->lost.list[i]);
		diag_detail(host->diag, "only in '%s': %s", dropped->name, text ?: "?");
		free(text);
	}
	if (n < dropped->lost.n)
		diag_detail(host->diag, "and %zu more of '%s'", dropped->lost.n - n, dropped->name);
}

int drops_refuse(struct host *host, const struct livepatch_files *files, const struct drops *drops)
{
	const char *name = files->main.name;
	int err = 0;

	for (size_t i = 0; i < drops->n; i++) {
		const struct dropped *dropped = &drops->livepatch[i];

		if (may_drop(host, dropped))
			continue;
		if (dropped->foreign)
			diag_error(host->diag, "KS446", NULL, "'%s' would replace '%s'", name,
				   dropped->name);
		else
			diag_error(host->diag, "KS445", NULL,
				   "'%s' would replace '%s', but not all that it fixes", name,
				   dropped->name);
		if (files->foreign)
			diag_detail(host->diag,
				    "'%s' was made by another tool: what it replaces is not known",
				    name);
		name_lost(host, dropped);
		err = -EPERM;
	}
	return err;
}

void drops_tell(struct host *host, const struct livepatch_files *files, const struct drops *drops)
{
	for (size_t i = 0; i < drops->n; i++) {
		/* only the kernel knows whether a livepatch of another tool has replaced this one */
		if (files->foreign && livepatch_is_enabled(host, drops->livepatch[i].name))
			continue;
		diag_warning(host->diag, "KS447", NULL, "'%s' replaces '%s'%s", files->main.name,
			     drops->livepatch[i].name,
			     drops->livepatch[i].foreign ? ", which another tool has loaded" : "");
		name_lost(host, &drops->livepatch[i]);
	}
}

void drops_free(struct drops *drops)
{
	for (size_t i = 0; i < drops->n; i++) {
		strvec_free(&drops->livepatch[i].lost);
		free(drops->livepatch[i].name);
	}
	free(drops->livepatch);
	*drops = (struct drops){ 0 };
}
