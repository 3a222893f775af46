// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Each pass relies on what earlier passes left in the atoms, and an author
 * wants to see all problems at once. So the order is fixed here, and a pass is
 * left out only if the one before it left nothing to look at.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "create-diff-object/all-passes.h"
#include "create-diff-object/divided.h"
#include "create-diff-object/renamed-callbacks.h"
#include "create-diff-object/taken-over.h"
#include "lib/klp-format.h"
#include "create-diff-object/unit/places.h"
#include "create-diff-object/unit/unit-load.h"

static int load_units(const struct inputs *in, struct report *report, struct diag *diag)
{
	int err = unit_load(&report->original, in->original, diag);

	err = err ?: unit_load(&report->patched, in->patched, diag);
	if (!err && in->names)
		err = take_kept_names(report->patched, in->names, diag);
	if (err)
		return err;
	report->patched->builtin = !strcmp(in->object_name, KLP_VMLINUX);
	report->patched->objtool_follows = in->objtool_follows;
	places_set_root(report->patched, in->source_root);
	places_set_root(report->original, in->source_root);
	report->patched->lines = in->lines;
	return 0;
}

/* Load the unit of @file; several atoms may have moved from it. */
static int load_other(struct report *report, const struct inputs *in, const char *file,
		      struct unit **unit, struct diag *diag)
{
	struct unit **others;
	int err;

	for (size_t i = 0; i < report->n_others; i++)
		if (!strcmp(report->others[i]->elf->path, file)) {
			*unit = report->others[i];
			return 0;
		}
	others = reallocarray(report->others, report->n_others + 1, sizeof(*others));
	if (!others)
		return diag_oom(diag);
	report->others = others;
	err = unit_load(unit, file, diag);
	if (err)
		return err;
	others[report->n_others++] = *unit;
	find_macro_made(*unit);
	places_set_root(*unit, in->source_root);
	return 0;
}

static int pair_all_moved(const struct inputs *in, struct report *report, struct diag *diag)
{
	struct unit *from;
	int err = 0, one;

	for (size_t i = 0; i < in->n_moved; i++) {
		one = load_other(report, in, in->moved[i].file, &from, diag);
		one = one ?: pair_moved(report->patched, from, in->moved[i].name, diag);
		err = err ?: one;
	}
	return err;
}

int run_all_passes(const struct inputs *in, struct report *report, bool *changed, struct diag *diag)
{
	struct unit *original, *patched;
	bool any = false;
	int err;

	err = load_units(in, report, diag);
	if (err)
		return err;
	original = report->original;
	patched = report->patched;

	err = refuse_unknown_symbols(original, diag);
	err = refuse_unknown_symbols(patched, diag) ?: err;
	if (err)
		/* without knowing such symbols, the passes could report errors that aren't true */
		return err;
	err = correlate_units(original, patched, in->words, diag);
	report->paired = !err;
	if (!err && pair_all_moved(in, report, diag))
		/* functions and variables without a twin would be reported as new */
		return -EINVAL;
	if (!err)
		find_divided_locals(original, patched, in->object);
	if (!err && in->object)
		drop_overridden(patched, in->object);
	if (!err) {
		err = apply_author_notes(patched, diag);
		err = read_declared(patched, diag) ?: err;
		err = compare_units(original, patched, diag) ?: err;
		err = refuse_gone(original, patched, diag) ?: err;
		err = refuse_exchanged(original, patched, diag) ?: err;
		err = refuse_folded_state(original, patched, diag) ?: err;
		err = refuse_moved_state(patched, diag) ?: err;
		err = refuse_doubtful_callbacks(original, patched, in->words, diag) ?: err;
	}
	if (!err && in->assume_changed)
		assume_changed(patched, in->assume_changed);
	err = change_readers(original, patched, diag) ?: err;
	err = change_callers(patched, &in->called, diag) ?: err;
	err = refuse_moved_names(original, patched, diag) ?: err;
	err = refuse_kept_labels(original, patched, diag) ?: err;
	err = close_over_needed(original, patched, &any, diag) ?: err;
	err = refuse_ambiguous(patched, diag) ?: err;
	err = refuse_compared_strings(original, patched, diag) ?: err;
	err = keep_special_entries(patched, diag) ?: err;
	if (!err) {
		warn_of_given_away(patched, diag);
		warn_of_debug_messages(original, patched, diag);
		warn_of_forgotten_state(original, patched, diag);
		err = report_taken_over(patched, diag);
		err = warn_of_kept_data(patched, diag) ?: err;
	}
	*changed = any;
	if (any && in->object && in->symvers) {
		err = refer_by_klp(original, patched, in->object, in->symvers, &in->called, diag)
			      ?: err;
		err = refuse_read_only_keys(patched, in->object, diag) ?: err;
		report->full = !err;
	}
	err = keep_ledger(&report->ledger, original, patched, in->object, diag) ?: err;
	if (any && !err && in->output) {
		err = unit_emit(patched, in->output, diag);
		err = err ?: verify_output(patched, in->output, diag);
		if (err)
			unlink(in->output);
	}
	return err;
}
