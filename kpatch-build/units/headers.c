// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A changed header can change any unit that reads it, and the diff names none
 * of them. Compiling all of them, twice, would take minutes for a header that
 * only two of them really use.
 *
 * So there are four sieves, each finer and slower than the one before: the
 * units that can read the header, by the text of the tree and by what they were
 * seen to read (header-graph.h); those of them whose text contains a name that
 * changes, where that is known (name-users.h); those whose preprocessed text
 * differs before and after the diffs (preprocess.h), in the parts that the unit
 * uses (used-text.h); and, after compiling them like any other unit, those whose
 * code differs.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "lib/files.h"
#include "lib/paths.h"
#include "kpatch-build/index/header-graph.h"
#include "kpatch-build/index/header-reads.h"
#include "kpatch-build/units/headers.h"
#include "kpatch-build/units/name-users.h"
#include "kpatch-build/units/oot.h"
#include "kpatch-build/units/preprocess.h"
#include "kpatch-build/units/reader-lines.h"
#include "kpatch-build/units/readers.h"
#include "kpatch-build/units/unsearched.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/index/make-index.h"
#include "kpatch-build/kernel/cache.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/units/map.h"
#include "lib/text.h"
#include "kpatch-build/units/reader-lines.h"
#include "kpatch-build/units/reader-texts.h"
#include "kpatch-build/index/header-seen.h"

/* Those that use a name of one group of headers. */
struct user_set {
	bool *is_user; /* for each of index->units; NULL: no change is of this group */
	struct readers readers;
	bool all; /* a header that every unit reads has users */
};

struct sieve {
	const struct job *job;
	struct kernel *kernel;
	const struct series *series;
	const struct trees *trees;
	const struct reached *known; /* the units that the diffs reach in another way */
	const struct unit_index *index;
	const struct header_graph *graph;
	struct candidate *candidates;
	size_t n;
	struct readers readers; /* readers other than units */
	const char *change; /* the change that is being followed */
	/* it has led to a unit or another reader, which may have been known before */
	bool reached;
	/* what uses a name that the diffs change */
	struct name_users users;
	struct user_set *sets; /* for each of the series' changes: by users.groups */
	struct user_set *set; /* of the change that is being followed */
	enum { ADD_READERS, ADD_USERS, FIND_USERS } task;
	/* headers to follow: those that changed, and those that include a .c file */
	const char **headers;
	size_t n_headers;
};

static bool is_header(const char *path)
{
	size_t n = strlen(path);

	return n > 2 && !strcmp(path + n - 2, ".h");
}

/* The caller holds the lock. */
static int make_graph(const struct job *job, struct kernel *kernel, const struct unit_index *index,
		      const char *path)
{
	struct header_reads reads = { 0 };
	int err = header_reads_collect(job, kernel, &reads);

	err = err
		      ?: header_graph_make(kernel->source, kernel->build,
					   kernel_arch(kernel->vmlinux), path, kernel->build_id,
					   &reads, index, job->diag);
	header_reads_free(&reads);
	return err;
}

int load_header_graph(const struct job *job, struct kernel *kernel, const struct unit_index *index,
		      struct header_graph *graph)
{
	char *path = path_join(kernel->dir, HEADER_GRAPH_NAME, NULL);
	int err;

	if (!path)
		return diag_oom(job->diag);
	err = header_graph_load(path, kernel->build_id, graph, job->diag);
	if (err == -ENOENT) {
		progress_step(job->progress, "index the kernel's headers");
		err = kernel_lock(job, kernel);
		if (!err) {
			err = make_graph(job, kernel, index, path);
			kernel_unlock(kernel);
		}
		err = err ?: header_graph_load(path, kernel->build_id, graph, job->diag);
	}
	free(path);
	return err;
}

static int add_candidate(const struct unit_index_entry *entry, void *arg)
{
	struct sieve *sieve = arg;
	struct candidate *candidates;

	if (sieve->task == FIND_USERS) {
		sieve->set->is_user[entry - sieve->index->units] = true;
		return 0;
	}
	sieve->reached = true;
	if (sieve->task == ADD_USERS && !sieve->set->all &&
	    !sieve->set->is_user[entry - sieve->index->units])
		return 0;
	for (size_t i = 0; i < sieve->n; i++)
		if (sieve->candidates[i].entry == entry)
			return 0;
	if (build_find_unit(sieve->known, entry))
		return 0;
	candidates = realloc(sieve->candidates, (sieve->n + 1) * sizeof(*candidates));
	if (!candidates)
		return -ENOMEM;
	sieve->candidates = candidates;
	sieve->n++;
	return candidate_init(&candidates[sieve->n - 1], sieve->job, sieve->kernel, entry,
			      sieve->n);
}

static int add_header(struct sieve *sieve, const char *header)
{
	const char **headers;

	for (size_t i = 0; i < sieve->n_headers; i++)
		if (!strcmp(sieve->headers[i], header))
			return 0;
	headers = realloc(sieve->headers, (sieve->n_headers + 1) * sizeof(*headers));
	if (!headers)
		return -ENOMEM;
	headers[sieve->n_headers++] = header;
	sieve->headers = headers;
	return 0;
}

static int add_includer(const char *header, void *arg)
{
	return add_header(arg, header);
}

static bool is_user_reader(const struct sieve *sieve, const struct reader_file *file)
{
	for (size_t i = 0; i < sieve->set->readers.n; i++)
		if (sieve->set->readers.files[i].reader == file->reader &&
		    !strcmp(sieve->set->readers.files[i].source, file->source))
			return true;
	return sieve->set->all;
}

static int add_readers(struct sieve *sieve, const char *source)
{
	struct readers readers = { 0 };
	bool found = false, wanted = sieve->task != ADD_USERS;
	int err;

	if (sieve->task == FIND_USERS)
		return readers_add(&sieve->set->readers, sieve->index, source, sieve->change,
				   &found);
	err = readers_add(&readers, sieve->index, source, sieve->change, &found);
	for (size_t i = 0; i < readers.n; i++)
		/* programs read headers of folders that aren't searched */
		wanted |= readers.files[i].reader->kind == READER_PROGRAM ||
			  is_user_reader(sieve, &readers.files[i]);
	if (!err && wanted)
		err = readers_add(&sieve->readers, sieve->index, source, sieve->change, &found);
	readers_free(&readers);
	sieve->reached |= found;
	return err;
}

/*
 * A .c file that may read the header: a unit, or a file that units or headers include. -ELOOP: by
 * their names alone, files seem to include one another; all of them have been found then.
 */
static int reach_source(const char *source, void *arg)
{
	struct sieve *sieve = arg;
	int err = unit_index_reach(sieve->index, source, add_candidate, add_includer, sieve);

	err = err == -ELOOP ? 0 : err;
	return err ?: add_readers(sieve, source);
}

static int ignore_unit(const struct unit_index_entry *entry, void *arg)
{
	return 0; /* map_units() has added it */
}

/* Add the header itself, or for a .c file the headers that include it. */
static int add_headers_of(struct sieve *sieve, const struct change *change)
{
	if (is_header(change->path))
		return add_header(sieve, change->path);
	return unit_index_reach(sieve->index, change->path, ignore_unit, add_includer, sieve);
}

/* The units, and other readers, that compile @file. */
static int find_users_in(struct sieve *sieve, const char *file)
{
	size_t first = sieve->n_headers;
	bool everywhere;
	int err = is_header(file) ? add_header(sieve, file) : reach_source(file, sieve);

	for (size_t i = first; i < sieve->n_headers && !err; i++) {
		err = header_graph_reach(sieve->graph, sieve->headers[i], &everywhere, reach_source,
					 sieve);
		sieve->set->all |= everywhere;
	}
	return err;
}

/* The users of one group of headers; those that aren't searched may use any name. */
static int find_users_of(struct sieve *sieve, size_t group)
{
	int err;

	sieve->set = &sieve->sets[group];
	sieve->set->is_user = calloc(sieve->index->n_units + 1, sizeof(*sieve->set->is_user));
	err = sieve->set->is_user ? 0 : -ENOMEM;
	sieve->change = ""; /* of readers that use a name only the file counts */
	sieve->n_headers = 0;
	if (!err && sieve->users.searched)
		err = unsearched_units(sieve->index, sieve->graph, &sieve->users.words,
				       reach_source, sieve);
	for (size_t i = 0; i < sieve->users.n && !err; i++) {
		if (sieve->users.group_of[i] != group)
			continue;
		sieve->change = sieve->users.files[i];
		err = find_users_in(sieve, sieve->users.files[i]);
	}
	return err;
}

static int find_users(struct sieve *sieve)
{
	size_t n = sieve->series->n_changes;
	int err = name_users_find(sieve->job, sieve->kernel, sieve->series, sieve->trees,
				  &sieve->users);

	if (err)
		return err;
	sieve->sets = calloc(n + 1, sizeof(*sieve->sets));
	err = sieve->sets ? 0 : -ENOMEM;
	sieve->task = FIND_USERS;
	for (size_t i = 0; i < n && !err; i++)
		if (!sieve->sets[sieve->users.groups[i]].is_user && !sieve->users.readers[i])
			err = find_users_of(sieve, sieve->users.groups[i]);
	sieve->task = ADD_READERS;
	sieve->n_headers = 0;
	return err ? diag_oom(sieve->job->diag) : 0;
}

/* Every unit reads the header: all that use a name of it. */
static int add_all_users(struct sieve *sieve)
{
	int err = 0;

	for (size_t i = 0; i < sieve->index->n_units && !err; i++)
		err = add_candidate(&sieve->index->units[i], sieve);
	for (size_t i = 0; i < sieve->set->readers.n && !err; i++)
		err = add_readers(sieve, sieve->set->readers.files[i].source);
	return err;
}

static int follow_change(struct sieve *sieve, struct change *change)
{
	struct diag_place place = { .file = change->path };
	bool everywhere = false, one;
	int err;

	sieve->n_headers = 0;
	err = add_headers_of(sieve, change);
	sieve->task = sieve->users.readers[change - sieve->series->changes] ? ADD_READERS
									    : ADD_USERS;
	sieve->set = &sieve->sets[sieve->users.groups[change - sieve->series->changes]];
	sieve->change = change->path;
	sieve->reached = false;
	if (!err && !is_header(change->path))
		err = add_readers(sieve, change->path);
	for (size_t i = 0; i < sieve->n_headers && !err; i++) {
		err = header_graph_reach(sieve->graph, sieve->headers[i], &one, reach_source,
					 sieve);
		everywhere |= one;
	}
	if (!err && everywhere && sieve->task == ADD_USERS && !sieve->set->all) {
		err = add_all_users(sieve);
		everywhere = false;
	}
	if (err)
		return diag_oom(sieve->job->diag);
	/* a new header has no readers yet but the files that the diffs change */
	change->reached = sieve->reached;
	return everywhere ? diag_error(sieve->job->diag, "KS313", &place, "every unit reads it")
			  : 0;
}

static int find_candidates(struct sieve *sieve)
{
	const struct series *series = sieve->series;
	/* the header that reaches the most units that the others don't */
	struct diag_place place = { 0 };
	size_t before, most = 0;
	int err = 0, one;

	for (size_t i = 0; i < series->n_changes && err != -ENOMEM; i++) {
		if (series->changes[i].ignored)
			continue;
		before = sieve->n;
		one = follow_change(sieve, &series->changes[i]);
		err = err ?: one;
		if (sieve->n - before > most) {
			most = sieve->n - before;
			place.file = series->changes[i].path;
		}
	}
	if (!err && sieve->n > sieve->job->options.max_units)
		err = diag_error(sieve->job->diag, "KS313", &place,
				 "%zu units may read what changes, the limit is %u", sieve->n,
				 sieve->job->options.max_units);
	return err;
}

static void sieve_free(struct sieve *sieve)
{
	for (size_t i = 0; i < sieve->n; i++)
		candidate_free(&sieve->candidates[i]);
	readers_free(&sieve->readers);
	for (size_t i = 0; sieve->sets && i < sieve->series->n_changes; i++) {
		readers_free(&sieve->sets[i].readers);
		free(sieve->sets[i].is_user);
	}
	free(sieve->sets);
	name_users_free(&sieve->users);
	free(sieve->candidates);
	free(sieve->headers);
}

/* Most diffs change no header: they need no graph, and an empty one leads nowhere. */
static bool changes_headers(struct sieve *sieve)
{
	const struct series *series = sieve->series;
	bool changes = false;

	for (size_t i = 0; i < series->n_changes && !changes; i++)
		changes = !series->changes[i].ignored &&
			  (add_headers_of(sieve, &series->changes[i]) || sieve->n_headers);
	sieve->n_headers = 0;
	return changes;
}

int map_headers(struct build *build)
{
	struct sieve sieve = { .job = &build->job,
			       .kernel = &build->kernel,
			       .series = &build->series,
			       .trees = &build->trees,
			       .known = &build->reached };
	struct unit_index index = { 0 };
	struct header_graph graph = { 0 };
	int err;

	if (build->oot.tree)
		return map_oot_headers(build);
	err = unit_index_load(build->kernel.index, build->kernel.build_id, &index, build->diag);
	sieve.index = &index;
	sieve.graph = &graph;
	if (!err && changes_headers(&sieve))
		err = load_header_graph(&build->job, &build->kernel, &index, &graph);
	err = err ?: find_users(&sieve);
	err = err ?: find_candidates(&sieve);
	err = err ?: compare_readers(&build->job, &build->kernel, &build->trees, &sieve.readers);
	err = err ?: compare_lines_of_scripts(&build->series, &build->trees, build->diag);
	err = err ?: sieve.n ? map_different(build, sieve.candidates, sieve.n) : 0;
	sieve_free(&sieve);
	header_graph_free(&graph);
	unit_index_free(&index);
	return err;
}
