/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See runtime-pointers.c. */
#ifndef CDO_RUNTIME_POINTERS_H
#define CDO_RUNTIME_POINTERS_H

#include "create-diff-object/unit/unit.h"

/* For unit_load() only: make code load the values that the boot code writes only into vmlinux. */
int unit_load_runtime_pointers(struct unit *unit, struct diag *diag);

#endif
