/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rewrites the uses of a new member: member-uses.c. */
#ifndef KPATCH_BUILD_SUGGEST_MEMBER_USES_H
#define KPATCH_BUILD_SUGGEST_MEMBER_USES_H

#include "kpatch-build/suggest/member.h"

/*
 * Let all uses of the member in the .c file @text call the functions of its shadow variable.
 * *@result: the new text, NULL if there is no use, or if @why says that one of them has no such form.
 * 0 or -ENOMEM.
 */
int rewrite_uses(const char *text, const struct member *member, char **result, const char **why);

#endif
