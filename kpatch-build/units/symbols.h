/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses the file with the symbols of an object: symbols.c. */
#ifndef KPATCH_BUILD_SYMBOLS_H
#define KPATCH_BUILD_SYMBOLS_H

#include "kpatch-build/build.h"

/* Set ->symbols of an object. 0 or negative, reported. */
int choose_symbols(const struct kernel *kernel, struct object *object, struct diag *diag);

#endif
