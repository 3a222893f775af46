/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See unit-relocs.c. */
#ifndef CDO_UNIT_RELOCS_H
#define CDO_UNIT_RELOCS_H

#include "create-diff-object/unit/unit.h"

/* For unit_load() only: give each relocation its meaning. */
int unit_resolve_relocs(struct unit *unit, struct diag *diag);

#endif
