// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The pass that refuses a diff which changes the layout of data that the
 * running kernel has already made (type-layout.h). If nothing of a unit is
 * replaced, a type that only it has may change: no new code uses it. A type of
 * a header may not: its data passes from unit to unit, and a unit that only
 * allocates it has no debug information about it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "lib/elf-model.h"
#include "lib/klp-format.h"
#include "lib/files.h"
#include "lib/line-map.h"
#include "kpatch-build/source/numbered.h"
#include "lib/paths.h"
#include "lib/strvec.h"
#include "kpatch-build/source/source-files.h"
#include "lib/type-layout.h"
#include "kpatch-build/check/stack-types.h"
#include "kpatch-build/check/type-ledger.h"
#include "kpatch-build/check/type-mentions.h"
#include "kpatch-build/result.h"
#include "lib/text.h"

/* A refused unit counts: its author wants to see all problems at once. */
static bool may_be_replaced(const struct unit *unit)
{
	const struct result_function *function;

	if (unit->unaffected || !unit->result)
		return false;
	if (!unit->changed && unit->result->n_diagnostics)
		return true;
	result_for_each(function, unit->result, functions)
		if (function_is_replaced(function))
			return true;
	return false;
}

/*
 * The types that the authors of the patch are responsible for, in all units
 * (templates/klp-split-author.h).
 */
struct words_of_author {
	struct strvec types; /* "struct foo" */
	bool *fits; /* for each: one of the units has such a change */
};

static int add_type(struct words_of_author *words, const char *type)
{
	bool *fits;

	if (strvec_has(&words->types, type))
		return 0;
	fits = reallocarray(words->fits, words->types.n + 1, sizeof(*fits));
	if (!fits)
		return -ENOMEM;
	words->fits = fits;
	fits[words->types.n] = false;
	return strvec_add(&words->types, type);
}

static int read_words(const struct unit *unit, struct words_of_author *words, struct diag *diag)
{
	static const char prefix[] = "layout:";
	struct elf_section *section;
	struct elf_model *elf;
	size_t at = 0, length;
	int err = elf_model_load(unit->patched, &elf, diag);

	if (err)
		return err;
	section = elf_section_find(elf, KLP_AUTHOR_SECTION);
	while (!err && section && section->data && at < section->size) {
		const char *note = (const char *)section->data + at;

		length = strnlen(note, section->size - at);
		if (at + length < section->size && str_starts(note, prefix))
			err = add_type(words, note + strlen(prefix));
		at += length + 1;
	}
	elf_model_free(elf);
	return err ? diag_oom(diag) : 0;
}

static bool is_handled(const char *type, void *arg)
{
	struct words_of_author *words = arg;

	for (size_t i = 0; i < words->types.n; i++)
		if (!strcmp(words->types.list[i], type))
			return words->fits[i] = true;
	return false;
}

/* For the manifest: each type of an object once, and what happened to those that changed. */
struct comparison {
	const struct job *job;
	const struct kernel *kernel;
	const struct series *series;
	struct trees *trees;
	struct words_of_author *words;
	const struct unit *unit;
	const struct line_map *lines;
	json_t *seen;
	bool out_of_memory;
};

static bool is_handled_here(const char *type, void *arg)
{
	struct comparison *c = arg;

	return is_handled(type, c->words);
}

static void keep_fate(const char *type, const char *file, unsigned int line, enum layout_fate fate,
		      void *arg)
{
	static const char *const whys[] = {
		[LAYOUT_RENAMED] = "only its name changes",
		[LAYOUT_WARNED] = "right under the condition that a warning gives",
		[LAYOUT_HANDLED] =
			"the author of the diff answers for it (KLP_SPLIT_LAYOUT_HANDLED)",
		[LAYOUT_UNCOUNTED] = "the livepatch replaces nothing in the unit that has it",
		[LAYOUT_ON_STACK] =
			"it is only on the stack of functions, of which a task runs either all old or all "
			"new versions",
		[LAYOUT_CHANGED] = NULL,
	};
	struct comparison *c = arg;
	json_t *row = json_null();

	if (whys[fate])
		row = json_pack("{s:s, s:s?, s:i, s:s, s:s}", "name", type, "file", file, "line",
				(int)line_map_line(c->lines, file, line), "unit", c->unit->source,
				"why", whys[fate]);
	if (!json_object_get(c->seen, type) || !json_is_null(row))
		json_object_set_new(c->seen, type, row);
	else
		json_decref(row);
}

static void list_type(const struct listed_type *type, void *arg)
{
	struct comparison *c = arg;

	if (unit_list_type(c->trees, c->unit, type))
		c->out_of_memory = true;
}

static bool is_changed_file(const char *file, void *arg)
{
	const struct comparison *c = arg;
	char *path = path_without_dots(file);
	bool is = !path; /* without enough memory, assume that it is */

	for (size_t i = 0; i < c->series->n_changes && !is; i++)
		is = !strcmp(c->series->changes[i].path, path);
	free(path);
	return is;
}

/* Check the original source as well: data that a cast made then still exists. */
static bool is_only_declared(const char *type, const char *file, void *arg)
{
	const struct comparison *c = arg;
	const struct source_file *patched = source_file_get(c->series, c->trees, file);
	char *path = path_join(c->trees->original, file, NULL), *original = NULL;
	char *tag = strndup(type, strcspn(type, " ") + 1 + strcspn(strchrnul(type, ' ') + 1, " "));
	size_t size;
	bool is = false;

	if (patched && path && tag && !read_file(path, &original, &size))
		is = type_is_only_declared(original, tag) &&
		     type_is_only_declared(patched->text, tag);
	free(original);
	free(path);
	free(tag);
	return is;
}

static bool stays_on_stacks(const struct stack_type *old, const struct stack_type *new, void *arg)
{
	const struct comparison *c = arg;

	return stays_on_replaced_stacks(c->job, c->kernel, c->trees, c->unit, old, new);
}

static int compare_layouts(struct build *build, const struct unit *unit,
			   struct words_of_author *words)
{
	struct object *object = build_find_object(&build->reached, unit->object);
	struct diag *diag = diag_new("kpatch-build");
	struct comparison c = { .job = &build->job,
				.kernel = &build->kernel,
				.series = &build->series,
				.trees = &build->trees,
				.words = words,
				.unit = unit,
				.lines = build->line_map,
				.seen = object->types };
	struct layout_rules rules = {
		may_be_replaced(unit) ? LAYOUT_ALL : LAYOUT_OF_HEADERS,
		is_handled_here,
		is_changed_file,
		is_only_declared,
		stays_on_stacks,
		keep_fate,
		list_type,
		&c,
	};
	struct type_layouts *original = diag ? type_layouts_read(unit->original, diag) : NULL;
	struct type_layouts *patched = original ? type_layouts_read(unit->patched, diag) : NULL;
	int err = patched ? type_layouts_compare(original, patched, &rules, diag) : -EINVAL;

	type_layouts_free(original);
	type_layouts_free(patched);
	if (!diag)
		return diag_oom(build->diag);
	if (c.out_of_memory)
		err = diag_oom(diag);
	use_patched_lines(&build->trees, diag);
	/* a type of a header changes in every unit in the same way: report it once */
	diag_take_new(build->diag, diag);
	diag_free(diag);
	return err;
}

int check_layouts(struct build *build)
{
	struct words_of_author words = { 0 };
	bool any = false;
	int err = 0, one;

	for (size_t i = 0; i < build->n_objects; i++)
		if (!build->objects[i].types && !(build->objects[i].types = json_object()))
			return diag_oom(build->diag);

	for (size_t i = 0; i < build->n_units && !err; i++) {
		if (!may_be_replaced(&build->units[i]))
			continue;
		any = true;
		err = read_words(&build->units[i], &words, build->diag);
	}
	for (size_t i = 0; i < build->n_units && any && err != -ENOMEM; i++) {
		if (build->units[i].unaffected || !build->units[i].result)
			continue;
		one = compare_layouts(build, &build->units[i], &words);
		err = err ?: one;
	}
	for (size_t i = 0; i < words.types.n; i++)
		if (!words.fits[i])
			err = diag_error(build->diag, "KS125", NULL, "no layout of '%s' changes",
					 words.types.list[i]);
	strvec_free(&words.types);
	free(words.fits);
	return err;
}
