/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The results, as text on stdout and as JSON for programs:
 * create-diff-object(1) describes both.
 */
#ifndef CDO_REPORT_H
#define CDO_REPORT_H

#include "create-diff-object/ledger.h"
#include "create-diff-object/unit/unit.h"

struct report {
	struct unit *original, *patched;
	struct unit **others; /* the original units from which something has moved here */
	size_t n_others;
	bool paired; /* correlate_units(): what has no twin is new or gone */
	const char *object; /* may be NULL */
	const char *result; /* "changed", "unchanged", "refused", "error" */
	struct ledger *ledger; /* NULL: the passes did not get that far */
	bool full; /* references were resolved, not only functions compared */
};

void report_free_units(struct report *report);
int report_write_json(const struct report *report, const char *path, struct diag *diag);
void report_print(const struct report *report, FILE *out);

#endif
