// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Since 6.4 a unit has no table of its exports: it notes them in
 * .export_symbol, and modpost makes the tables when everything is linked. The
 * shipped object still tells which of the tables an export is in. (It doesn't
 * tell the namespace: that is a string which only the table's entry refers to.)
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/files.h"
#include "kpatch-build/prove/prove-tables.h"
#include "kpatch-build/prove/shipped-code.h"
#include "lib/special-sections.h"
#include "lib/text.h"
#include "kpatch-build/prove/prove-exports.h"

#define NOTES ".export_symbol"
#define NOTE "__export_symbol_" /* followed by the name; its content is the license, a string */

static const struct list {
	const char *license, *section; /* in units before 6.4 */
} lists[] = {
	{ "", "___ksymtab+*" },
	{ "GPL", "___ksymtab_gpl+*" },
};

static const struct list *list_of(const struct elf_symbol *note)
{
	const struct elf_section *section = note->section;

	if (!section->data || note->value >= section->size)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		size_t size = strlen(lists[i].license) + 1;

		if (size <= section->size - note->value &&
		    !memcmp(section->data + note->value, lists[i].license, size))
			return &lists[i];
	}
	return NULL;
}

static bool is_in(const struct shipped_code *code, const struct list *list,
		  const struct object_symbol *entry)
{
	struct shipped_place place = shipped_place_of(code, entry);
	const struct section_rule *table = section_named(list->section);
	struct shipped_function whole;

	return shipped_table(code, table->module, table->start, table->stop, &whole) &&
	       whole.place.section == place.section && place.offset >= whole.place.offset &&
	       place.offset - whole.place.offset < whole.size;
}

/* An export without a counterpart may be one that the kernel's configuration leaves out. */
static int prove_export(const struct proof *proof, const struct elf_symbol *note,
			const struct table_findings *findings, size_t *equal, size_t *left)
{
	struct prove_result result = { .why = "the shipped one is in another list" };
	const char *name = note->name + strlen(NOTE);
	const struct list *list = list_of(note);
	char *entry = format("__ksymtab_%s", name);
	const struct object_symbol *found;
	int err = 0;
	size_t n;

	if (!entry)
		return -ENOMEM;
	found = object_index_find(shipped_code_index(proof->code), entry, &n);
	free(entry);
	if (!list || n != 1)
		++*left;
	else if (is_in(proof->code, list, found))
		++*equal;
	else
		err = findings->differs(findings->arg, section_named(list->section)->module, note,
					0, &result);
	return err;
}

int prove_exports(const struct proof *proof, const struct table_findings *findings, size_t *equal)
{
	const struct elf_symbol *symbol;
	size_t left = 0;
	int err = 0, one;

	elf_for_each_symbol(proof->unit, symbol) {
		if (!symbol->section || strcmp(symbol->section->name, NOTES) ||
		    !str_starts(symbol->name, NOTE))
			continue;
		one = prove_export(proof, symbol, findings, equal, &left);
		err = err ?: one;
	}
	if (!err && left)
		err = findings->left(findings->arg, NOTES, left);
	return err;
}
