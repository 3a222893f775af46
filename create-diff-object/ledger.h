/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of things to refuse is never complete: a change that it lacks is
 * built, and wrong. A ledger is complete by construction. It lists each
 * difference between the two units, found by a comparison of its own that masks
 * nothing and trusts no pass, and gives each difference exactly one fate: the
 * output carries it, it is irrelevant for a reason that a table states, or a
 * pass has refused it. A difference of unknown kind is refused here.
 */
#ifndef CDO_LEDGER_H
#define CDO_LEDGER_H

#include <jansson.h>

#include "lib/object-index.h"
#include "create-diff-object/unit/unit.h"

enum difference {
	/* an atom that only one unit has */
	DIFFERS_CAME,
	DIFFERS_WENT,
	/* between two twins */
	DIFFERS_CONTENT, /* bytes, size, references */
	DIFFERS_NAME, /* its name, or one of the labels in it */
	DIFFERS_ALIAS, /* only one unit has this additional name of it */
	DIFFERS_BINDING, /* static, global, weak */
	DIFFERS_SYMBOL, /* type, size or visibility of a symbol */
	DIFFERS_SECTION, /* it is in a section of another name */
	DIFFERS_FLAGS, /* flags, type or entry size of that section */
	DIFFERS_ALIGNMENT,
	/* entries of a special section, also those of code that was added or removed */
	DIFFERS_ENTRIES,
	/* of a whole unit */
	DIFFERS_UNDEFINED, /* a symbol that isn't defined in the unit, or isn't a place in it */
	DIFFERS_MODINFO, /* what the module says about itself */
	DIFFERS_BUILD, /* a section without atoms */
	DIFFERS_LAST,
};

enum fate { FATE_CARRIED, FATE_IRRELEVANT, FATE_REFUSED, FATE_LAST };

struct ledger_rule;

struct ledger_entry {
	enum difference differs;
	struct atom *original, *patched; /* either may be NULL; both are if it isn't an atom */
	/* of the atom, symbol, section or string; owned by the unit or the ledger */
	const char *name;
	const struct elf_symbol *was, *is; /* DIFFERS_NAME, _ALIAS, _BINDING, _SYMBOL, _UNDEFINED */
	const struct section_rule *list; /* DIFFERS_ENTRIES */
	size_t n; /* DIFFERS_ENTRIES: how many differ */

	enum fate fate;
	/* the row that accounts for it; NULL if a pass refused it */
	const struct ledger_rule *rule;
	const char *code; /* FATE_REFUSED, or a warning that was given about it */
	/* FATE_CARRIED: the function or variable of the output that carries it */
	const struct atom *by;
};

struct ledger {
	struct unit *original, *patched;
	const struct object_index *object; /* NULL: not given */
	struct ledger_entry *entries;
	size_t n, capacity;
	bool out_of_memory;
};

/* Does a row account for @entry? ledger-fits.c and ledger-fits-sections.c have these. */
typedef bool ledger_fits(const struct ledger *ledger, const struct ledger_entry *entry);

/* One row of the knowledge about differences: ledger-rules.c. The first one that fits counts. */
struct ledger_rule {
	const char *name; /* stable, for programs */
	const char *reason; /* a sentence */
	unsigned int differs; /* 1 << DIFFERS_… */
	enum fate fate;
	const char *code; /* FATE_REFUSED: what to report; FATE_IRRELEVANT: a warning … */
	bool told; /* … that a pass has given */
	ledger_fits *fits;
};

/* The atom of the patched unit, or the one that only the original has. */
static inline struct atom *ledger_entry_atom(const struct ledger_entry *entry)
{
	return entry->patched ?: entry->original;
}

static inline enum section_kind ledger_entry_kind(const struct ledger_entry *entry)
{
	return atom_section_kind(ledger_entry_atom(entry));
}

/*
 * List all differences between the two units, find the fate of each, and refuse those that nothing
 * accounts for. *@out is set then as well. NULL if there is not enough memory. Free with
 * ledger_free().
 */
int keep_ledger(struct ledger **out, struct unit *original, struct unit *patched,
		const struct object_index *object, struct diag *diag);
void ledger_free(struct ledger *ledger); /* accepts NULL */

#endif
