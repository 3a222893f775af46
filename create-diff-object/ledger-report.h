/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See ledger-report.c. */
#ifndef CDO_LEDGER_REPORT_H
#define CDO_LEDGER_REPORT_H

#include "create-diff-object/ledger.h"

/*
 * "variable 'foo': its section is '.data.foo', was '.rodata.foo'". Caller frees. NULL: not enough
 * memory.
 */
char *ledger_describe(const struct ledger_entry *entry);

void ledger_print(const struct ledger *ledger, FILE *out);

/* {"carried": N, …, "entries": […]}, NULL if there is not enough memory. */
json_t *ledger_to_json(const struct ledger *ledger);

#endif
