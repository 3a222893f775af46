/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Debug information tells which variables a type has, but not about casts:
 * ((struct foo *)p)->bar leaves no trace of the pointer. Only the source shows
 * whether there is one.
 */
#ifndef KPATCH_BUILD_TYPE_MENTIONS_H
#define KPATCH_BUILD_TYPE_MENTIONS_H

#include <stdbool.h>

/*
 * Does @text define @type ("struct foo") and otherwise mention it only to declare variables of it?
 * Each time a name must follow, no "*", ")" or ",".
 */
bool type_is_only_declared(const char *text, const char *type);

#endif
