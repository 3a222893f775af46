// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A commit often changes a driver that this kernel doesn't have, beside one that
 * it has. Its part can be left out, but only if nothing else is made from it: a
 * file that is in no unit may still be part of the vDSO, or be a program that
 * makes a table of registers when the kernel is built.
 *
 * So a file counts as unbuilt only if three things agree: no unit of the shipped
 * binaries has it in its debug information (unit-index.h), no other known reader
 * uses it (readers.h), and its makefile lists it as an object that is linked into
 * the kernel or a module, and does nothing else with it.
 *
 * A header is unread if something includes it, and all that may include it is
 * unbuilt, unread, or includes it under a condition that doesn't hold in this
 * configuration. If nothing includes a header, something unknown here may read it.
 */
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "lib/files.h"
#include "lib/paths.h"
#include "lib/text.h"
#include "kpatch-build/index/header-graph.h"
#include "kpatch-build/index/includes.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/source/conditions.h"
#include "kpatch-build/source/makefile-lines.h"
#include "kpatch-build/units/reader-lines.h"
#include "kpatch-build/units/readers.h"
#include "kpatch-build/units/unbuilt.h"

/* As in unit-index.c: no file is included through more others. */
#define DEPTH_MAX 8

/*
 * An #include "x.c" means the file beside the includer if there is one. True if @include means such
 * a file, and that isn't @path.
 */
static int means_other_file(const struct built *built, const struct unit_index_include *include,
			    const char *path, bool *other)
{
	const char *includer = include->includer;
	char *joined =
		format("%.*s%s", (int)(base_name(includer) - includer), includer, include->text);
	char *beside = joined ? path_without_dots(joined) : NULL, *text = NULL;
	char *quoted = format("\"%s\"", include->text);
	char *at = beside ? path_join(built->source, beside, NULL) : NULL;
	char *full = path_join(built->source, includer, NULL);
	size_t size;
	int err = quoted && at && full ? read_file_if_there(full, &text, &size) : -ENOMEM;

	*other = !err && text && strcmp(beside, path) && path_exists(at) && strstr(text, quoted);
	free(text);
	free(full);
	free(at);
	free(quoted);
	free(beside);
	free(joined);
	return err;
}

/* Is the .c or .S file part of a unit? For files that headers include, this isn't known. */
static int is_in_unit(const struct built *built, const char *path, int depth, bool *is)
{
	const struct unit_index *index = built->index;
	size_t n;
	int err = 0;

	*is = depth > DEPTH_MAX || unit_index_find(index, path, &n) ||
	      !strcmp(path + strlen(path) - 2, ".h");
	for (size_t i = 0; i < index->n_includes && !*is && !err; i++) {
		const struct unit_index_include *include = &index->includes[i];
		bool other = false;

		if (!include_can_be(include->includer, include->text, path))
			continue;
		err = means_other_file(built, include, path, &other);
		if (!err && !other)
			err = is_in_unit(built, include->includer, depth + 1, is);
	}
	return err;
}

/* Is the .c or .S file part of anything that is known to be built? */
static int is_built(const struct built *built, const char *path, bool *is)
{
	int err = is_in_unit(built, path, 0, is);

	*is = *is || is_of_reader(built->index, path);
	return err;
}

/* The makefile of a folder, as kbuild chooses it: Kbuild, or else Makefile. NULL: none; *@err set. */
static char *read_makefile(const char *source, const char *folder, int *err)
{
	static const char *const names[] = { "Kbuild", "Makefile" };
	char *text = NULL;
	size_t size;

	for (size_t i = 0; i < 2 && !text && !*err; i++) {
		char *path = *folder ? path_join(source, folder, names[i], NULL)
				     : path_join(source, names[i], NULL);
		int one = path ? read_file(path, &text, &size) : -ENOMEM;

		*err = one == -ENOENT ? 0 : one;
		free(path);
	}
	return text;
}

bool has_makefile(const struct built *built, const char *folder)
{
	int err = 0;
	char *text = read_makefile(built->source, folder, &err);
	bool has = text;

	free(text);
	return has;
}

/*
 * "drivers/a/b/x.c": the makefile of drivers/a/b may list x.o, that of drivers/a b/x.o. Any that
 * does more with it makes it unknown.
 */
static int ask_makefiles(const struct built *built, const char *path, enum makefile_use *use)
{
	char *folder = strdup(path);
	int err = folder ? 0 : -ENOMEM;

	*use = MAKEFILE_NOTHING;
	while (!err && *folder) {
		char *slash = strrchr(folder, '/'), *text, *object;
		enum makefile_use one;

		*(slash ?: folder) = '\0';
		text = read_makefile(built->source, folder, &err);
		object = strdup(path + strlen(folder) + !!*folder);
		if (!object)
			err = -ENOMEM;
		if (!err && text) {
			object[strlen(object) - 1] = 'o';
			one = makefile_use_of(text, object);
			*use = one > *use ? one : *use;
		}
		free(object);
		free(text);
	}
	free(folder);
	return err;
}

int source_is_unbuilt(const struct built *built, const char *path, bool *is)
{
	enum makefile_use use = MAKEFILE_NOTHING;
	bool found = false;
	int err = is_built(built, path, &found);

	err = err || found ? err : ask_makefiles(built, path, &use);
	if (!err)
		*is = !found && use == MAKEFILE_LINKS;
	return err;
}

/* Headers that may be read if the one in question is: those whose includers are still to be looked at. */
struct search {
	const struct built *built;
	void *seen; /* tsearch(): paths that belong to the graph */
	const char **headers;
	size_t n, cap;
	bool is_included, is_read;
};

static int compare_paths(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int add_header(struct search *search, const char *header)
{
	if (tfind(header, &search->seen, compare_paths))
		return 0;
	if (search->n == search->cap) {
		size_t cap = search->cap ? 2 * search->cap : 64;
		const char **headers = realloc(search->headers, cap * sizeof(*headers));

		if (!headers)
			return -ENOMEM;
		search->headers = headers;
		search->cap = cap;
	}
	if (!tsearch(header, &search->seen, compare_paths))
		return -ENOMEM;
	search->headers[search->n++] = header;
	return 0;
}

/* An #include that isn't in the includer's text (a header that kbuild makes) counts as alive. */
static int is_dead(const struct built *built, const char *includer, const char *header, bool *dead)
{
	char *path = path_join(built->source, includer, NULL), *text = NULL;
	size_t size;
	int err = path ? read_file(path, &text, &size) : -ENOMEM;

	*dead = !err && includes_are_dead(text, includer, header, built->config);
	free(text);
	free(path);
	return err == -ENOMEM ? err : 0;
}

struct includer_of {
	struct search *search;
	const char *header;
};

static int look_at_includer(const struct header_edge *edge, void *arg)
{
	const struct includer_of *of = arg;
	struct search *search = of->search;
	const char *path = edge->includer, *dot = strrchr(path, '.');
	bool is_header = !dot || (strcmp(dot, ".c") && strcmp(dot, ".S"));
	bool unbuilt = false, dead = false;
	/* some assembly is in no index, so that it is never known to be unbuilt */
	int err = dot && !strcmp(dot, ".c") ? source_is_unbuilt(search->built, path, &unbuilt) : 0;

	search->is_included = true;
	if (!err && !unbuilt)
		err = is_dead(search->built, path, of->header, &dead);
	if (err || unbuilt || dead)
		return err;
	if (is_header)
		return add_header(search, path);
	search->is_read = true;
	return 1;
}

/* Named with -include in the commands of the boot code and the EFI stub. */
#define BY_OPTION "include/linux/hidden.h"

static bool is_everywhere(const char *path)
{
	if (!strcmp(path, BY_OPTION))
		return true;
	for (const char *const *early = header_graph_everywhere(); *early; early++)
		if (!strcmp(path, *early))
			return true;
	return false;
}

static void keep_string(void *path)
{
}

int header_is_unread(const struct built *built, const char *path, bool *is)
{
	struct search search = { .built = built, .is_read = is_read_by_script(path) };
	int err = add_header(&search, path);

	for (size_t i = 0; i < search.n && !err && !search.is_read; i++) {
		struct includer_of of = { &search, search.headers[i] };

		search.is_read = is_everywhere(of.header);
		err = header_graph_includers(built->graph, of.header, look_at_includer, &of);
		err = err > 0 ? 0 : err;
	}
	if (!err)
		*is = !search.is_read && search.is_included;
	tdestroy(search.seen, keep_string);
	free(search.headers);
	return err;
}

/*
 * No unit of the folder is in this kernel, and the makefile is one that lists objects: the makefiles
 * of the vDSO and the boot code, and what others include (lib/vdso/Makefile), have lists of their own.
 */
int makefile_is_unused(const struct built *built, const char *path, bool *is)
{
	size_t n = base_name(path) - path;
	char *full = path_join(built->source, path, NULL), *text = NULL;
	bool used = !n || folder_has_reader(path, n);
	size_t size;
	int err = full ? read_file(full, &text, &size) : -ENOMEM;

	for (size_t i = 0; i < built->index->n_units && !used; i++)
		used = !strncmp(built->index->units[i].source, path, n) ||
		       !strncmp(built->index->units[i].goal, path, n);
	*is = !err && !used && makefile_lists_objects(text);
	free(text);
	free(full);
	return err == -ENOMEM ? err : 0;
}
