// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A file that a diff removes is still in the running kernel. That is right if
 * nothing uses it any more: its functions are never called again. Here it is a
 * unit like others, whose patched source is empty; the differ refuses what can't
 * be taken back, such as an initcall that has run or a parameter.
 *
 * What is left to see is what the linker would see: that the makefile has dropped
 * it, and that nobody refers to what it had. Units that aren't compiled again are
 * in the shipped binary's relocations; the others are here.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "elf-model.h"
#include "files.h"

static int refuse(struct build *build, const struct unit *unit, const char *name, const char *why)
{
	struct diag_place place = { .file = unit->source, .function = name };
	int err = name ? diag_error(build->diag, "KS144", &place, "'%s' of %s", name, unit->source)
		       : diag_error(build->diag, "KS144", &place, "%s", unit->source);

	diag_detail(build->diag, "%s", why);
	return err;
}

/* In a unit that was compiled again: it still uses the symbol, or has one of that name now. */
static int check_patched(struct build *build, const struct unit *removed, const struct unit *other,
			 const struct elf_model *patched, const char *name)
{
	struct diag_place place = { .file = other->source, .function = name };
	const struct elf_symbol *symbol = elf_symbol_find(patched, name);
	char *why;
	int err;

	if (!symbol || symbol->bind == STB_LOCAL)
		return 0;
	if (symbol->section)
		return diag_error(build->diag, "KS339", &place, "'%s' of %s", name, removed->object);
	why = format("%s still uses it", other->source);
	err = why ? refuse(build, removed, name, why) : diag_oom(build->diag);
	free(why);
	return err;
}

static bool is_exported(const struct elf_model *original, const char *name)
{
	const struct elf_symbol *s;

	elf_for_each_symbol(original, s)
		if (!strncmp(s->name, "__ksymtab_", 10) && !strcmp(s->name + 10, name))
			return true;
	return false;
}

static int check_symbol(struct build *build, const struct unit *unit,
			const struct elf_model *original, const char *name)
{
	const struct object *object = build_find_object(build, unit->object);
	char *user = NULL;
	int err;

	if (is_exported(original, name))
		return refuse(build, unit, name, "it is exported: any module may use it");
	err = find_uncompiled_user(build, object, name, &user);
	if (!err && user)
		err = refuse(build, unit, name, user);
	free(user);
	return err;
}

/* Names of the unit's own, that others can refer to. */
static bool is_public(const struct elf_symbol *s)
{
	return s->bind != STB_LOCAL && s->section && (s->type == STT_FUNC || s->type == STT_OBJECT);
}

static int check_others(struct build *build, const struct unit *unit,
			const struct elf_model *original)
{
	const struct elf_symbol *s;
	int err = 0, one;

	for (size_t i = 0; i < build->n_units; i++) {
		const struct unit *other = &build->units[i];
		struct elf_model *patched;

		if (other == unit)
			continue;
		one = elf_model_load(other->patched, &patched, build->diag);
		if (one)
			return one;
		elf_for_each_symbol(original, s) {
			one = is_public(s) ? check_patched(build, unit, other, patched, s->name) : 0;
			err = err ?: one;
		}
		elf_model_free(patched);
	}
	return err;
}

static int check_unit(struct build *build, const struct unit *unit, const struct change *change)
{
	struct elf_model *original;
	const struct elf_symbol *s;
	int err, one;

	if (!change->linked)
		return refuse(build, unit, NULL, "its makefile, as patched, still lists it");
	err = elf_model_load(unit->original, &original, build->diag);
	if (err)
		return err;
	elf_for_each_symbol(original, s) {
		one = is_public(s) ? check_symbol(build, unit, original, s->name) : 0;
		err = err ?: one;
	}
	one = check_others(build, unit, original);
	elf_model_free(original);
	return err ?: one;
}

static int check_change(struct build *build, const struct change *change)
{
	struct diag_place place = { .file = change->path };
	bool found = false;
	int err = 0, one;

	for (size_t u = 0; u < build->n_units; u++) {
		if (strcmp(build->units[u].source, change->path))
			continue;
		found = build->units[u].removed = true;
		one = check_unit(build, &build->units[u], change);
		err = err ?: one;
	}
	/* an empty one hides here that whoever includes it doesn't compile any more */
	return found ? err : diag_error(build->diag, "KS318", &place, "%s, which others include",
					change->path);
}

int check_removed_units(struct build *build)
{
	int err = 0, one;

	for (size_t i = 0; i < build->n_changes; i++) {
		one = build->changes[i].removed ? check_change(build, &build->changes[i]) : 0;
		err = err ?: one;
	}
	return err;
}
