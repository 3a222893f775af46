/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See runtime-pointers.c. */
#ifndef CDO_RUNTIME_POINTERS_H
#define CDO_RUNTIME_POINTERS_H

#include "create-diff-object/unit/unit.h"

/* runtime-pointers.c, for unit_load() only: let code load what only vmlinux has written into it. */
int unit_load_runtime_pointers(struct unit *unit, struct diag *diag);

#endif
