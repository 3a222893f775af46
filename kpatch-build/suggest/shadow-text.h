/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The code of a shadow variable: shadow-text.c. */
#ifndef KPATCH_BUILD_SUGGEST_SHADOW_TEXT_H
#define KPATCH_BUILD_SUGGEST_SHADOW_TEXT_H

#include "kpatch-build/suggest/member.h"

/*
 * @text, a .c file, with the functions of the shadow variable after its includes, or with their
 * declarations only. Caller frees; NULL: no memory.
 */
char *with_shadow_functions(const char *text, const struct member *member);
char *with_shadow_declarations(const char *text, const struct member *member);

#endif
