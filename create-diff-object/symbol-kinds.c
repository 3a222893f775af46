// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The passes handle functions, variables and labels that are local, global or
 * weak. ELF has more: functions that are chosen when the object is loaded,
 * memory for each thread, memory that the linker allocates. No unit of a kernel
 * has such a symbol, and the module loader would take it for an ordinary one.
 */
#include <gelf.h>

#include "lib/array.h"
#include "create-diff-object/passes.h"

enum property { TYPE, BINDING, VISIBILITY, N_PROPERTIES };

static const char *const properties[] = { "type", "binding", "visibility" };

static const struct {
	enum property property;
	unsigned int value;
} known[] = {
	{ TYPE, STT_NOTYPE },	    { TYPE, STT_OBJECT },  { TYPE, STT_FUNC },
	{ TYPE, STT_SECTION },	    { TYPE, STT_FILE },	   { BINDING, STB_LOCAL },
	{ BINDING, STB_GLOBAL },    { BINDING, STB_WEAK }, { VISIBILITY, STV_DEFAULT },
	{ VISIBILITY, STV_HIDDEN }, /* local to vmlinux; the module loader ignores it */
};

static bool is_known(enum property property, unsigned int value)
{
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i].property == property && known[i].value == value)
			return true;
	return false;
}

static int check_symbol(const struct unit *unit, const struct elf_symbol *symbol, struct diag *diag)
{
	const unsigned int values[N_PROPERTIES] = {
		[TYPE] = symbol->type,
		[BINDING] = symbol->bind,
		[VISIBILITY] = GELF_ST_VISIBILITY(symbol->other),
	};

	if (symbol->shndx == SHN_COMMON)
		return diag_error(diag, "KS154", NULL, "%s: '%s' (COMMON)", unit->source,
				  symbol->name);
	for (enum property p = 0; p < N_PROPERTIES; p++)
		if (!is_known(p, values[p]))
			return diag_error(diag, "KS154", NULL, "%s: '%s' (%s %u)", unit->source,
					  symbol->name, properties[p], values[p]);
	return 0;
}

int refuse_unknown_symbols(const struct unit *unit, struct diag *diag)
{
	struct elf_symbol *symbol;
	int err = 0;

	elf_for_each_symbol(unit->elf, symbol)
		err = check_symbol(unit, symbol, diag) ?: err;
	return err;
}
