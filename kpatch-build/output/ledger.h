/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ledgers of the units (create-diff-object/ledger.h), summed up for the
 * manifest and the report.
 */
#ifndef KPATCH_BUILD_LEDGER_H
#define KPATCH_BUILD_LEDGER_H

#include <jansson.h>
#include <stdio.h>

#include "kpatch-build/build.h"
#include "kpatch-build/output/report.h"

/*
 * {"carried", "irrelevant", "refused", "reasons": [{"fate", "rule", "reason", "count"}…]} for the
 * units of @object that are in the livepatch. The caller owns it.
 */
json_t *ledger_of_object(const struct reached *reached, const struct object *object);

/*
 * All entries of each unit, as text; and as an array of {"unit", "object", "carried", "irrelevant",
 * "refused", "entries"}, which the caller owns. Units that were not compared have none.
 */
void print_ledgers(const struct reached *reached, FILE *out);
json_t *ledgers_of_units(const struct reached *reached);

/* Print the section of the report that sums up the manifest's ledgers. */
void report_ledger(struct page *page);

#endif
