/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See unit-load.c. */
#ifndef CDO_UNIT_LOAD_H
#define CDO_UNIT_LOAD_H

#include "create-diff-object/unit/unit.h"

void unit_free(struct unit *unit);

/* Load @path and divide it into atoms. Free with unit_free(), which accepts NULL. */
int unit_load(struct unit **out, const char *path, struct diag *diag);

#endif
