// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which headers are followed together, and by which names: see name-users.h.
 *
 * Fixes that have nothing in common but the livepatch change headers that have
 * nothing in common. Followed together, their names would soon be too many, and
 * each use of one would count for all. So each header is followed alone, with
 * those in which the same name changes: it may move from one to another.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/index/make-index.h"
#include "kpatch-build/index/word-index.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/units/name-search.h"
#include "kpatch-build/units/name-users.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "lib/text.h"

static int load_words(const struct name_search *search)
{
	struct kernel *kernel = search->kernel;
	struct diag *diag = search->job->diag;
	char *path = path_join(kernel->dir, WORD_INDEX_NAME, NULL);
	int err = path ? word_index_load(path, kernel->build_id, search->words, diag)
		       : diag_oom(diag);

	if (err == -ENOENT) {
		progress_step(search->job->progress, "index the words of the kernel's source");
		err = word_index_make(kernel->source, kernel->build, kernel_arch(kernel->vmlinux),
				      path, kernel->build_id, diag);
		err = err ?: word_index_load(path, kernel->build_id, search->words, diag);
	}
	free(path);
	return err;
}

/* Headers whose changed names are followed together: a name may move from one to another. */
struct group {
	size_t *of; /* for each of series->changes the number of its group */
	size_t number;
};

/* The parts that changed in the headers of @group. *@any: a header has users to be looked for. */
static int compare_headers(struct name_search *search, const struct group *group,
			   struct name_users *users, bool *any)
{
	const struct series *series = search->series;
	int err = 0;

	*any = false;
	for (size_t i = 0; i < series->n_changes && !err; i++) {
		const struct change *change = &series->changes[i];
		bool known = false;

		if (group->of[i] != group->number)
			continue;
		if (!change->ignored && !search->job->options.all_readers &&
		    !fnmatch("*.h", change->path, 0))
			err = name_search_header(search, change->path, &known);
		users->readers[i] = !known;
		*any |= known;
	}
	return err;
}

/* All readers of the group's headers count. */
static void give_up(const struct series *series, const struct group *group,
		    struct name_users *users)
{
	for (size_t i = 0; i < series->n_changes; i++)
		if (group->of[i] == group->number)
			users->readers[i] = true;
}

/* The users of what changes in the headers of @group. @blank keeps the chains from group to group. */
static int find_users_of(struct name_search *blank, const struct group *group,
			 struct name_users *users)
{
	struct name_search search = *blank;
	struct diag *diag = search.job->diag;
	bool any = false;
	int err;

	err = compare_headers(&search, group, users, &any);
	if (err) /* without memory, or a read error that was not seen when the diffs were applied */
		diag_errno(diag, -err, "the changed headers", "read");
	if (!err && any && search.n_names && !users->words.n)
		err = load_words(&search);
	if (!err && (err = name_search_follow(&search)))
		diag_errno(diag, -err, "the kernel's source", "search");
	users->searched |= search.n_names && !search.given_up;
	if (!err && search.given_up)
		give_up(search.series, group, users);
	if (!err && !search.given_up && name_search_take(&search, group->number, users))
		err = diag_oom(diag);
	blank->chains = search.chains;
	blank->chains_read = search.chains_read;
	search.chains = (struct strvec){ 0 };
	name_search_free(&search);
	return err;
}

static void merge_groups(size_t n, size_t *of, size_t from, size_t to)
{
	for (size_t i = 0; i < n; i++)
		if (of[i] == from)
			of[i] = to;
}

static int divide(const struct name_search *blank, struct name_users *users, size_t *of)
{
	size_t n = blank->series->n_changes;
	struct name_search *alone = calloc(n + 1, sizeof(*alone));
	bool any, annotated = false;
	int err = alone ? 0 : -ENOMEM;

	for (size_t i = 0; i < n; i++)
		of[i] = i;
	for (size_t i = 0; i < n && !err; i++) {
		alone[i] = *blank;
		err = compare_headers(&alone[i], &(struct group){ of, i }, users, &any);
		annotated |= alone[i].annotated;
	}
	for (size_t i = 0; i < n && !err; i++)
		for (size_t k = 0; k < i; k++)
			if (of[i] != of[k] &&
			    (annotated || name_searches_share(&alone[i], &alone[k])))
				merge_groups(n, of, of[i], of[k]);
	for (size_t i = 0; alone && i < n; i++)
		name_search_free(&alone[i]);
	free(alone);
	return err ? diag_errno(blank->job->diag, -err, "the changed headers", "read") : 0;
}

int name_users_find(const struct job *job, struct kernel *kernel, const struct series *series,
		    const struct trees *trees, struct name_users *users)
{
	struct name_search blank = { job, kernel, series, trees, .words = &users->words };
	size_t *of;
	int err;

	memset(users, 0, sizeof(*users));
	users->readers = calloc(series->n_changes + 1, sizeof(*users->readers));
	users->groups = of = calloc(series->n_changes + 1, sizeof(*of));
	err = users->readers && of ? divide(&blank, users, of) : diag_oom(job->diag);
	for (size_t i = 0; i < series->n_changes && !err; i++)
		if (of[i] == i)
			err = find_users_of(&blank, &(struct group){ of, i }, users);
	strvec_free(&blank.chains);
	if (err)
		name_users_free(users);
	return err;
}

void name_users_free(struct name_users *users)
{
	for (size_t i = 0; i < users->n; i++)
		free(users->files[i]);
	free(users->files);
	free(users->readers);
	free(users->groups);
	free(users->group_of);
	word_index_free(&users->words);
	memset(users, 0, sizeof(*users));
}
