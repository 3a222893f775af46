/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See unit-entries.c. */
#ifndef CDO_UNIT_ENTRIES_H
#define CDO_UNIT_ENTRIES_H

#include "create-diff-object/unit/unit.h"

/*
 * For unit_load() only: divide tables into entries, and link each entry to the code that it is
 * about.
 */
int unit_divide_entries(struct unit *unit, struct unit_section *s, struct diag *diag);

int unit_link_entries(struct unit *unit, struct diag *diag);

#endif
