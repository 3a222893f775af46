// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The last pass: list the differences, find the fate of each, and refuse those that
 * fit no rule. If a pass has reported an atom, its code is in
 * ->claim. Whether the output carries something is read from the model, in the
 * same way as unit_emit() does.
 */
#include <errno.h>
#include <stdlib.h>

#include "create-diff-object/ledger.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"
#include "create-diff-object/ledger-report.h"
#include "create-diff-object/ledger-atoms.h"
#include "create-diff-object/ledger-entries.h"
#include "create-diff-object/ledger-names.h"
#include "create-diff-object/ledger-sections.h"
#include "create-diff-object/ledger-compare.h"
#include "create-diff-object/ledger-rules.h"
#include "create-diff-object/ledger-add.h"

/* Find what in the output refers to each atom, for those whose name says nothing. */
static void find_carriers(struct unit *patched)
{
	struct atom *to;

	unit_for_each_reloc(patched, at) {
		to = at.reloc->to;
		if (at.from->included && to && !to->carrier && atom_group(at.from)->symbol)
			to->carrier = atom_group(at.from);
	}
}

static const struct atom *carrier_of(const struct ledger_entry *entry)
{
	struct atom *group = atom_group(entry->patched);

	return group->symbol || !entry->patched->carrier ? group : entry->patched->carrier;
}

static const char *claim_on(struct atom *atom)
{
	return atom ? atom->claim ?: atom_group(atom)->claim : NULL;
}

/*
 * Find what happened to the difference. No pass has a claim on a symbol or section without an atom.
 */
static void find_fate(const struct ledger *ledger, struct ledger_entry *entry)
{
	const char *claim = claim_on(entry->patched) ?: claim_on(entry->original);

	entry->fate = FATE_REFUSED;
	entry->code = claim;
	if (claim)
		return;
	entry->rule = ledger_rule_of(ledger, entry);
	if (!entry->rule) {
		entry->code = "KS160";
		return;
	}
	entry->fate = entry->rule->fate;
	entry->code = entry->rule->code;
	if (entry->fate == FATE_CARRIED && entry->patched)
		entry->by = carrier_of(entry);
}

/* A difference in the entry made by EXPORT_SYMBOL() is reported for the exported symbol. */
static struct diag_place place_in(struct unit *unit, const struct atom *atom)
{
	return atom_place(unit, exported_by(unit, atom) ?: atom);
}

/* Report only what no other pass has reported: refusals by a row or by no row, and warnings. */
static void report(const struct ledger *ledger, const struct ledger_entry *entry, struct diag *diag)
{
	struct diag_place place = { .file = NULL };
	char *what;

	if (!entry->code || (entry->fate == FATE_REFUSED && claim_on(entry->patched)) ||
	    (entry->fate == FATE_REFUSED && claim_on(entry->original)) ||
	    (entry->rule && entry->rule->told))
		return;
	what = ledger_describe(entry);
	if (!what) {
		diag_oom(diag);
		return;
	}
	if (entry->patched)
		place = place_in(ledger->patched, entry->patched);
	else if (entry->original)
		place = place_in(ledger->original, entry->original);
	else
		place.file = ledger->patched->source;
	if (entry->fate == FATE_REFUSED)
		diag_error(diag, entry->code, &place, "%s", what);
	else
		diag_warning(diag, entry->code, &place, "%s", what);
	free(what);
}

static int list_all(struct ledger *ledger)
{
	int err = ledger_match_contents(ledger);

	if (err)
		return err;
	ledger_list_atoms(ledger);
	ledger_list_entries(ledger);
	err = ledger_list_names(ledger);
	err = err ?: ledger_list_sections(ledger);
	return err ?: ledger->out_of_memory ? -ENOMEM : 0;
}

int keep_ledger(struct ledger **out, struct unit *original, struct unit *patched,
		const struct object_index *object, struct diag *diag)
{
	struct ledger *ledger = calloc(1, sizeof(*ledger));
	size_t errors = diag_errors(diag);

	if (!ledger)
		return diag_oom(diag);
	*ledger = (struct ledger){ .original = original, .patched = patched, .object = object };
	if (list_all(ledger)) {
		ledger_free(ledger);
		return diag_oom(diag);
	}
	find_carriers(patched);
	for (size_t i = 0; i < ledger->n; i++) {
		find_fate(ledger, &ledger->entries[i]);
		report(ledger, &ledger->entries[i], diag);
	}
	*out = ledger;
	return diag_errors(diag) > errors ? -EINVAL : 0;
}

void ledger_free(struct ledger *ledger)
{
	if (!ledger)
		return;
	free(ledger->entries);
	free(ledger);
}
