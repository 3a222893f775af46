// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Collects the symbol tables of all compiled units in one sorted list of names:
 * see globals.h.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "lib/array.h"
#include "kpatch-build/build.h"
#include "lib/elf-model.h"
#include "kpatch-build/check/globals.h"
#include "kpatch-build/check/global-names.h"

/* Names that depend on another name, or mean nothing to other units. */
static const struct {
	const char *pattern, *why;
} followers[] = {
	{ "__ksymtab_*", "EXPORT_SYMBOL() makes it from the rest of the name" },
	{ "__kstrtab_*", "the same" },
	{ "__kstrtabns_*", "the same" },
	{ "__crc_*", "the same" },
	{ "__export_symbol_*", "the same, since 6.4" },
	{ "__pfx_*", "the padding before a function (objtool, since 6.2)" },
	{ "__cfi_*", "the same, with CFI" },
	{ "__kcfi_typeid_*", "a type id for assembler code, with CFI" },
	{ "__UNIQUE_ID_*", "the compiler numbers it: only its own unit can refer to it" },
	{ "__BTF_ID__*", "tells resolve_btfids which BTF id to insert" },
};

static bool is_follower(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(followers); i++)
		if (!fnmatch(followers[i].pattern, name, 0))
			return true;
	return false;
}

/*
 * Statics are compared by name if the author gave one: names with a '.' are made by the compiler.
 */
static bool is_listed(const struct elf_symbol *symbol)
{
	if (!*symbol->name || is_follower(symbol->name))
		return false;
	if (symbol->bind != STB_LOCAL)
		return symbol->section || symbol->shndx == SHN_UNDEF || symbol->shndx == SHN_ABS;
	return symbol->section && !strchr(symbol->name, '.') &&
	       (symbol->type == STT_FUNC || symbol->type == STT_OBJECT);
}

static struct global_side describe(const struct elf_symbol *symbol)
{
	bool defined = symbol->section || symbol->shndx != SHN_UNDEF;

	return (struct global_side){
		.defined = defined,
		.undefined = !defined,
		.local = symbol->bind == STB_LOCAL,
		.weak = symbol->bind == STB_WEAK,
		.type = symbol->type,
		.writable = symbol->section && symbol->section->flags & SHF_WRITE &&
			    symbol->type == STT_OBJECT,
	};
}

static struct global *add(struct globals *globals, size_t *cap, const char *name, size_t unit)
{
	struct global *list = globals->list;

	if (globals->n == *cap) {
		*cap = *cap ? 2 * *cap : 1024;
		list = reallocarray(list, *cap, sizeof(*list));
		if (!list)
			return NULL;
		globals->list = list;
	}
	list[globals->n] = (struct global){ .name = strdup(name), .unit = unit };
	return list[globals->n].name ? &list[globals->n++] : NULL;
}

enum side { WAS, IS };

static struct global_side *side_of(struct global *row, enum side side)
{
	return side == WAS ? &row->was : &row->is;
}

static int add_side(struct globals *globals, size_t *cap, size_t unit, const char *path,
		    enum side side, struct diag *diag)
{
	struct elf_model *model;
	const struct elf_symbol *symbol;
	int err = elf_model_load(path, &model, diag);

	if (err)
		return err;
	elf_for_each_symbol(model, symbol) {
		struct global *row = is_listed(symbol) ? add(globals, cap, symbol->name, unit)
						       : NULL;

		if (row)
			*side_of(row, side) = describe(symbol);
		else if (is_listed(symbol))
			err = -ENOMEM;
	}
	/* an export belongs to the row of the exported name */
	elf_for_each_symbol(model, symbol) {
		struct global *row;

		if (!str_starts(symbol->name, "__ksymtab_") &&
		    !str_starts(symbol->name, "__export_symbol_"))
			continue;
		row = add(globals, cap, symbol->name + (symbol->name[2] == 'k' ? 10 : 16), unit);
		if (!row)
			err = -ENOMEM;
		else
			side_of(row, side)->exported = true;
	}
	elf_model_free(model);
	return err ? diag_oom(diag) : 0;
}

static int compare(const void *a, const void *b)
{
	const struct global *x = a, *y = b;

	return strcmp(x->name, y->name) ?: (x->unit > y->unit) - (x->unit < y->unit);
}

static void merge_side(struct global_side *to, const struct global_side *from)
{
	bool exported = to->exported || from->exported;
	bool several = to->several || from->several || (to->defined && from->defined);

	if (from->defined || (from->undefined && !to->defined))
		*to = *from;
	to->exported = exported;
	to->several = several;
}

/* Keep one row for each name of a unit. */
static void merge(struct globals *globals)
{
	size_t kept = 0;

	if (globals->n)
		qsort(globals->list, globals->n, sizeof(*globals->list), compare);
	for (size_t i = 0; i < globals->n; i++) {
		struct global *row = &globals->list[i];

		if (kept && !compare(row, &globals->list[kept - 1])) {
			merge_side(&globals->list[kept - 1].was, &row->was);
			merge_side(&globals->list[kept - 1].is, &row->is);
			free(row->name);
			continue;
		}
		globals->list[kept++] = *row;
	}
	globals->n = kept;
}

int globals_collect(const struct reached *reached, struct globals *globals, struct diag *diag)
{
	size_t cap = 0;
	int err = 0;

	for (size_t i = 0; i < reached->n_units && !err; i++) {
		const struct unit *unit = &reached->units[i];

		err = add_side(globals, &cap, i, unit->original, WAS, diag);
		err = err
			      ?: add_side(globals, &cap, i,
					  unit->unaffected ? unit->original : unit->patched, IS,
					  diag);
	}
	merge(globals);
	return err;
}

void globals_free(struct globals *globals)
{
	for (size_t i = 0; i < globals->n; i++)
		free(globals->list[i].name);
	free(globals->list);
	*globals = (struct globals){ 0 };
}
