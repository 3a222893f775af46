/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Debug information tells which variables a type has, and nothing of casts: ((struct foo *)p)->bar
 * leaves no trace of the pointer. Whether there is one, only the source can tell.
 */
#ifndef KPATCH_BUILD_TYPE_MENTIONS_H
#define KPATCH_BUILD_TYPE_MENTIONS_H

#include <stdbool.h>

/*
 * Whether @text defines @type ("struct foo") and mentions it otherwise only to declare variables of
 * it: each time a name follows, no "*", ")" or ",".
 */
bool type_is_only_declared(const char *text, const char *type);

#endif
