// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/contents.h"
#include "kpatch/drops.h"
#include "lib/klp-format.h"
#include "lib/strvec.h"
#include "kpatch/overview.h"

static int add(const struct host *host, struct overview *overview, const char *name,
	       const struct livepatch *memory, const struct stored *stored)
{
	struct entry *entry = &overview->entry[overview->n++];

	*entry = (struct entry){ .name = name, .memory = memory, .stored = stored };
	return try_read(host, name, &entry->try);
}

static bool is_enabled(const struct entry *entry)
{
	return entry->memory && entry->memory->state == LIVEPATCH_ENABLED;
}

/* Find an enabled livepatch that was loaded later and replaces all before it. */
static const char *find_replacing(const struct overview *overview, const struct entry *entry)
{
	for (size_t i = 0; i < overview->n; i++) {
		const struct entry *other = &overview->entry[i];

		if (is_enabled(other) && other->stored &&
		    livepatch_files_replace(&other->stored->files) &&
		    (!other->stored->order || other->stored->order > entry->stored->order))
			return other->name;
	}
	return NULL;
}

/* If its modules can't be read, each object that it names counts as lost. */
static int find_lost(const struct host *host, const struct enabled_set *enabled_set,
		     struct entry *entry)
{
	struct strvec contents = { 0 };
	struct host quiet = *host;
	int err = 0;

	quiet.diag = diag_new("kpatch");
	if (!quiet.diag)
		return -ENOMEM;
	if (contents_of_files(&quiet, &entry->stored->files, &contents))
		err = enabled_set_lacks(&(struct enabled_set){ 0 }, &contents, &entry->lost);
	else
		err = enabled_set_lacks(enabled_set, &contents, &entry->lost);
	strvec_free(&contents);
	diag_free(quiet.diag);
	return err;
}

static int fill_lost(const struct host *host, struct overview *overview)
{
	struct enabled_set enabled_set = { 0 };
	int err = enabled_set_read(host, &enabled_set);

	for (size_t i = 0; i < overview->n && !err; i++)
		if (!overview->entry[i].memory && overview->entry[i].stored->files.main.path)
			err = find_lost(host, &enabled_set, &overview->entry[i]);
	enabled_set_free(&enabled_set);
	return err;
}

static int fill(const struct host *host, struct overview *overview)
{
	int err = 0;

	for (size_t i = 0; i < overview->memory.n && !err; i++) {
		const struct livepatch *livepatch = &overview->memory.livepatch[i];

		err = add(host, overview, livepatch->name, livepatch,
			  store_find(&overview->store, livepatch->name));
	}
	for (size_t i = 0; i < overview->store.n && !err; i++) {
		const struct stored *stored = &overview->store.livepatch[i];
		bool known = false;

		for (size_t k = 0; k < overview->memory.n; k++)
			known |= !strcmp(overview->memory.livepatch[k].name, stored->name);
		if (!known)
			err = add(host, overview, stored->name, NULL, stored);
	}
	for (size_t i = 0; i < overview->n && !err; i++)
		if (!overview->entry[i].memory)
			overview->entry[i].replaced_by =
				find_replacing(overview, &overview->entry[i]);
	return err ?: fill_lost(host, overview);
}

int overview_read(const struct host *host, struct overview *overview)
{
	struct overview found = { 0 };
	int err = livepatches_read(host, &found.memory);

	err = err ?: store_read(host, &found.store);
	if (!err) {
		found.entry = calloc(found.memory.n + found.store.n + 1, sizeof(*found.entry));
		err = found.entry ? fill(host, &found) : -ENOMEM;
	}
	if (err)
		overview_free(&found);
	else
		*overview = found;
	return err;
}

void overview_free(struct overview *overview)
{
	for (size_t i = 0; i < overview->n; i++) {
		strvec_free(&overview->entry[i].lost);
		try_free(&overview->entry[i].try);
	}
	free(overview->entry);
	store_free(&overview->store);
	livepatches_free(&overview->memory);
	*overview = (struct overview){ 0 };
}

bool entry_is_installed(const struct entry *entry)
{
	return entry->stored && entry->stored->order;
}

const char *entry_state(const struct entry *entry)
{
	if (entry->memory)
		return livepatch_state_name(entry->memory->state);
	if (!entry_is_installed(entry))
		return "left over";
	return entry->replaced_by ? "replaced" : "not loaded";
}

const char *entry_built_for(const struct entry *entry, const char *object)
{
	const struct built_for *target;

	target = entry->stored ? livepatch_files_target(&entry->stored->files, object) : NULL;
	return target && *target->build_id ? target->build_id : NULL;
}
