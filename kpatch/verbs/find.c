// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/machine/build-id.h"
#include "kpatch/verbs/find.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "kpatch/store.h"
#include "lib/text.h"
#include "kpatch/verbs/choose.h"

static bool same_build(const struct livepatch_files *a, const struct livepatch_files *b)
{
	char *x = build_id_of_file(a->main.path), *y = build_id_of_file(b->main.path);
	bool same = x && y && !strcmp(x, y);

	free(x);
	free(y);
	return same;
}

static int read_installed(struct host *host, const struct stored *stored,
			  struct livepatch_files *files)
{
	char *main = format("%s/%s.ko", stored->folder, stored->name);
	int err = main ? livepatch_files_read(host, main, files) : diag_oom(host->diag);

	free(main);
	if (!err)
		files->installed = true;
	return err;
}

/* The files that @path names, or those of the same build that are installed. */
static int read_path(struct host *host, const struct store *store, const char *path,
		     struct livepatch_files *files)
{
	struct livepatch_files named = { 0 };
	const struct stored *stored;
	int err = livepatch_files_read_foreign(host, path, files);

	if (err != -ENOENT)
		return err;
	err = livepatch_files_read(host, path, &named);
	if (err)
		return err;
	stored = store_find(store, named.main.name);
	if (!stored || !stored->order) {
		*files = named;
		return 0;
	}
	if (same_build(&named, &stored->files))
		err = read_installed(host, stored, files);
	else
		err = diag_error(host->diag, "KS423", NULL, "'%s'", named.main.name);
	livepatch_files_free(&named);
	return err;
}

static int read_name(struct host *host, const struct store *store, const char *word,
		     struct livepatch_files *files)
{
	struct strvec known = { 0 }, chosen = { 0 },
		      words = { .list = (const char **)&word, .n = 1 };
	int err = store_names(store, &known);

	err = err ? diag_oom(host->diag) : names_choose(host, &words, &known, "KS422", &chosen);
	err = err ?: read_installed(host, store_find(store, chosen.list[0]), files);
	strvec_free(&known);
	strvec_free(&chosen);
	return err;
}

/* "x/y" and "y.ko" can only be paths. */
static bool is_path(const char *word)
{
	size_t length = strlen(word);

	return strchr(word, '/') || (length > 3 && !strcmp(word + length - 3, ".ko")) ||
	       path_exists(word);
}

int find_livepatches(struct host *host, const struct strvec *words, struct livepatch_files **files,
		     size_t *n)
{
	struct livepatch_files *found = calloc(words->n + 1, sizeof(*found));
	struct store store = { 0 };
	int err = found ? store_read(host, &store) : -ENOMEM, one;

	if (err)
		err = diag_errno(host->diag, -err, "/lib/modules", "read");
	for (size_t i = 0; i < words->n && found && !(err && !diag_errors(host->diag)); i++) {
		one = is_path(words->list[i]) ? read_path(host, &store, words->list[i], &found[i])
					      : read_name(host, &store, words->list[i], &found[i]);
		err = err ?: one;
	}
	store_free(&store);
	*files = found;
	*n = found ? words->n : 0;
	return err;
}

int find_installed(struct host *host, struct livepatch_files **files, size_t *n)
{
	struct livepatch_files *found = NULL;
	struct store store = { 0 };
	size_t n_found = 0;
	int err = store_read(host, &store), one;

	if (err)
		return diag_errno(host->diag, -err, "/lib/modules", "read");
	found = calloc(store.n + 1, sizeof(*found));
	if (!found)
		err = diag_oom(host->diag);
	for (size_t i = 0; i < store.n && found; i++) {
		if (!store.livepatch[i].order ||
		    store_replaced_by(host, &store, &store.livepatch[i]))
			continue;
		one = read_installed(host, &store.livepatch[i], &found[n_found++]);
		err = err ?: one;
	}
	store_free(&store);
	*files = found;
	*n = n_found;
	return err;
}
