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
#include "lib/files.h"
#include "kpatch/store.h"
#include "lib/text.h"

/* {"order": 3}; a record that can't be read still counts, as the first in order. */
static long read_order(const char *folder)
{
	char *path = path_join(folder, STORED_RECORD, NULL);
	json_int_t order;
	json_t *record;

	if (!path || !path_exists(path)) {
		free(path);
		return 0;
	}
	record = json_load_file(path, 0, NULL);
	order = json_integer_value(json_object_get(record, "order"));
	json_decref(record);
	free(path);
	return order > 0 ? order : 1;
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
	stored->order = read_order(stored->folder);
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
	struct names names = { 0 };
	int err = host_list(host, &names, STORE, host->release);

	if (!err && names.n) {
		found.livepatch = calloc(names.n, sizeof(*found.livepatch));
		err = found.livepatch ? 0 : -ENOMEM;
	}
	for (size_t i = 0; i < names.n && !err; i++)
		if (host_has(host, STORE "/%s/%s.ko", host->release, names.name[i], names.name[i]))
			err = read_stored(host, names.name[i], &found.livepatch[found.n++]);
	names_free(&names);
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

int store_names(const struct store *store, struct names *names)
{
	int err = 0;

	for (size_t i = 0; i < store->n && !err; i++)
		if (store->livepatch[i].order)
			err = names_add(names, store->livepatch[i].name);
	return err;
}

char *store_new_record(const struct store *store)
{
	long last = store->n ? store->livepatch[store->n - 1].order : 0;

	return format("{\"order\": %ld}\n", last + 1);
}
