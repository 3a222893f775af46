// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Code calls the trampoline of a static call, __SCT__foo. It needs the key
 * __SCK__foo as well, but no relocation says so: objtool finds the key by its
 * name when it lists the call (tools/objtool/check.c:
 * create_static_call_sections(), 6.12). If objtool runs on the linked module
 * and the key isn't there, it lists the trampoline instead, and the kernel
 * refuses a module with a trampoline that isn't exported
 * (kernel/static_call_inline.c: static_call_add_module()).
 *
 * So each such call gets a second reloc, to the key, which isn't written to the
 * output. Units without the key's name only use trampolines that are exported
 * (static_call_mod()).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/unit/unit.h"
#include "create-diff-object/unit/static-calls.h"

static struct elf_symbol *key_of(const struct unit *unit, const struct elf_symbol *symbol)
{
	char name[512]; /* KSYM_NAME_LEN is at most 512 */

	if (!str_starts(symbol->name, STATIC_CALL_TRAMPOLINE))
		return NULL;
	snprintf(name, sizeof(name), STATIC_CALL_KEY "%s",
		 symbol->name + strlen(STATIC_CALL_TRAMPOLINE));
	return elf_symbol_find(unit->elf, name);
}

static int by_offset(const void *a, const void *b)
{
	const struct reloc *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

int unit_add_static_call_keys(struct unit *unit, struct unit_section *s, struct diag *diag)
{
	size_t n = s->n_relocs, found = 0, i;
	struct elf_symbol *key;
	struct reloc *relocs;

	for (i = 0; i < n; i++)
		found += s->relocs[i].symbol && key_of(unit, s->relocs[i].symbol);
	if (!found)
		return 0;
	relocs = reallocarray(s->relocs, n + found, sizeof(*relocs));
	if (!relocs)
		return diag_oom(diag);
	s->relocs = relocs;
	for (i = 0; i < n; i++) {
		key = relocs[i].symbol ? key_of(unit, relocs[i].symbol) : NULL;
		if (key) /* one byte later, so that the two have a fixed order */
			relocs[s->n_relocs++] =
				(struct reloc){ .offset = relocs[i].offset + 1, .symbol = key };
	}
	qsort(relocs, s->n_relocs, sizeof(*relocs), by_offset);
	return 0;
}
