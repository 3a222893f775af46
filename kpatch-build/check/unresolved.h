/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Symbols that units use and the kernel does not export: unresolved.c. */
#ifndef KPATCH_BUILD_UNRESOLVED_H
#define KPATCH_BUILD_UNRESOLVED_H

#include "kpatch-build/build.h"

/* Where @unit first uses @name, which nothing in the kernel exports. */
struct diag_place unresolved_place(const struct unit *unit, const char *name);
/* Is it already known which object has it? */
bool is_resolved(const struct unit *unit, const char *name);

#endif
