/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See static-calls.c. */
#ifndef CDO_STATIC_CALLS_H
#define CDO_STATIC_CALLS_H

#include "create-diff-object/unit/unit.h"

/*
 * For unit_resolve_relocs() only: add references from @s to the keys of the static calls it makes.
 */
int unit_add_static_call_keys(struct unit *unit, struct unit_section *s, struct diag *diag);

#endif
