/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tokens of C without comments: see c-token.c. */
#ifndef KPATCH_BUILD_C_TOKEN_H
#define KPATCH_BUILD_C_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

bool c_is_name_char(char c);

/*
 * Take a name, number, string or operator from @*text, which ends at @end. *@n: its size. NULL:
 * there is none.
 */
const char *c_token(const char **text, const char *end, size_t *n);

#endif
