/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of what to refuse is never complete: whatever nobody thought of is
 * built, and wrong. A ledger is complete by construction. It lists each
 * difference of the two units, found by a comparison of its own that masks
 * nothing and trusts no pass, and gives each difference exactly one fate: the
 * output carries it, it is irrelevant for a reason that a table states, or a
 * pass has refused it. A difference that nothing accounts for is refused here.
 */
#ifndef CDO_LEDGER_H
#define CDO_LEDGER_H

#include <jansson.h>

#include "lib/object-index.h"
#include "create-diff-object/unit/unit.h"

enum difference {
	/* of an atom that one unit has alone */
	DIFFERS_CAME,
	DIFFERS_WENT,
	/* of two twins */
	DIFFERS_CONTENT, /* bytes, size, references */
	DIFFERS_NAME, /* its name, or one of the labels in it */
	DIFFERS_ALIAS, /* one unit alone gives it this further name */
	DIFFERS_BINDING, /* static, global, weak */
	DIFFERS_SYMBOL, /* type, size or visibility of a symbol */
	DIFFERS_SECTION, /* lies in a section of another name */
	DIFFERS_FLAGS, /* of that section: flags, type, size of an entry */
	DIFFERS_ALIGNMENT,
	DIFFERS_ENTRIES, /* entries of a special section, also of code that came or went */
	/* of a whole unit */
	DIFFERS_UNDEFINED, /* a symbol that isn't defined in the unit, or is no place */
	DIFFERS_MODINFO, /* what the module says of itself */
	DIFFERS_BUILD, /* a section without atoms */
	DIFFERS_LAST,
};

enum fate { FATE_CARRIED, FATE_IRRELEVANT, FATE_REFUSED, FATE_LAST };

struct ledger_rule;

struct ledger_entry {
	enum difference differs;
	struct atom *original, *patched; /* either may be NULL, both for what isn't an atom */
	const char *name; /* of the atom, symbol, section or string; the unit's or the ledger's */
	const struct elf_symbol *was, *is; /* DIFFERS_NAME, _ALIAS, _BINDING, _SYMBOL, _UNDEFINED */
	const struct section_rule *list; /* DIFFERS_ENTRIES */
	size_t n; /* DIFFERS_ENTRIES: how many differ */

	enum fate fate;
	/* the row that accounts for it; NULL if a pass refused it */
	const struct ledger_rule *rule;
	const char *code; /* FATE_REFUSED, or a warning that was given of it */
	const struct atom *by; /* FATE_CARRIED: the function or variable of the output */
};

struct ledger {
	struct unit *original, *patched;
	const struct object_index *object; /* NULL: not given */
	struct ledger_entry *entries;
	size_t n, capacity;
	bool out_of_memory;
};

/* One row of what is known of differences: ledger-rules.c. The first that fits counts. */
struct ledger_rule {
	const char *name; /* stable, for programs */
	const char *reason; /* a sentence */
	unsigned int differs; /* 1 << DIFFERS_… */
	enum fate fate;
	const char *code; /* FATE_REFUSED: what to report; FATE_IRRELEVANT: a warning … */
	bool told; /* … that a pass has given */
	bool (*fits)(const struct ledger *ledger, const struct ledger_entry *entry);
};

/*
 * List all differences of the two units, find the fate of each, and refuse those that nothing
 * accounts for. *@out is set also then; NULL if memory is out. Free with ledger_free().
 */
int keep_ledger(struct ledger **out, struct unit *original, struct unit *patched,
		const struct object_index *object, struct diag *diag);
void ledger_free(struct ledger *ledger); /* takes NULL */

#endif
