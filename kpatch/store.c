// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A folder belongs to a livepatch if its main module is in it. Other folders,
 * and the files of the core, are ignored here.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <jansson.h>

#include "kpatch/install.h"
#include "kpatch/machine/livepatch-sysfs.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "kpatch/store.h"
#include "lib/text.h"

/* {"order": 3, "drop": false}; a record that can't be read still counts, as the first in order. */
static void read_record(struct stored *stored)
{
	char *path = path_join(stored->folder, STORED_RECORD, NULL);
	json_int_t order;
	json_t *record;

	if (path && path_exists(path)) {
		record = json_load_file(path, 0, NULL);
		order = json_integer_value(json_object_get(record, "order"));
		stored->order = order > 0 ? order : 1;
		stored->drop = json_is_true(json_object_get(record, "drop"));
		json_decref(record);
	}
	free(path);
}

static int read_stored(const struct host *host, const char *name, struct stored *stored)
{
	struct host quiet = *host;
	char *main;

	stored->name = strdup(name);
	stored->folder = host_path(host, STORE "/%s", host->release, name);
	stored->problems = quiet.diag = diag_new("kpatch");
	main = stored->folder ? format("%s/%s.ko", stored->folder, name) : NULL;
	if (!stored->name || !main || !stored->problems) {
		free(main);
		return -ENOMEM;
	}
	read_record(stored);
	livepatch_files_read(&quiet, main, &stored->files);
	free(main);
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct stored *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return strcmp(x->name, y->name);
}

int store_read(const struct host *host, struct store *store)
{
	struct store found = { 0 };
	struct strvec names = { 0 };
	int err = host_list(host, &names, STORE, host->release);

	if (!err && names.n) {
		found.livepatch = calloc(names.n, sizeof(*found.livepatch));
		err = found.livepatch ? 0 : -ENOMEM;
	}
	for (size_t i = 0; i < names.n && !err; i++)
		if (host_has(host, STORE "/%s/%s.ko", host->release, names.list[i], names.list[i]))
			err = read_stored(host, names.list[i], &found.livepatch[found.n++]);
	strvec_free(&names);
	if (err) {
		store_free(&found);
		return err;
	}
	if (found.n)
		qsort(found.livepatch, found.n, sizeof(*found.livepatch), compare);
	*store = found;
	return 0;
}

void store_free(struct store *store)
{
	for (size_t i = 0; i < store->n; i++) {
		livepatch_files_free(&store->livepatch[i].files);
		diag_free(store->livepatch[i].problems);
		free(store->livepatch[i].folder);
		free(store->livepatch[i].name);
	}
	free(store->livepatch);
	*store = (struct store){ 0 };
}

const struct stored *store_find(const struct store *store, const char *name)
{
	for (size_t i = 0; i < store->n; i++)
		if (!strcmp(store->livepatch[i].name, name))
			return &store->livepatch[i];
	return NULL;
}

int store_names(const struct store *store, struct strvec *names)
{
	int err = 0;

	for (size_t i = 0; i < store->n && !err; i++)
		if (store->livepatch[i].order)
			err = strvec_add(names, store->livepatch[i].name);
	return err;
}

char *store_names_to_drop(const struct store *store)
{
	char *list = strdup(","), *longer; /* not "": that means any */

	for (size_t i = 0; i < store->n && list; i++) {
		if (!store->livepatch[i].order)
			continue;
		longer = format("%s%s,", list, store->livepatch[i].name);
		free(list);
		list = longer;
	}
	return list;
}

const char *store_replaced_by(const struct host *host, const struct store *store,
			      const struct stored *stored)
{
	for (size_t i = 0; i < store->n; i++) {
		const struct stored *other = &store->livepatch[i];

		if (stored->order && other->order > stored->order &&
		    livepatch_files_replace(&other->files) &&
		    livepatch_is_enabled(host, other->name))
			return other->name;
	}
	return NULL;
}

char *store_new_record(const struct store *store, bool drop)
{
	long last = store->n ? store->livepatch[store->n - 1].order : 0;

	return format("{\"order\": %ld, \"drop\": %s}\n", last + 1, drop ? "true" : "false");
}
