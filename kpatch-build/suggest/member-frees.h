/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where objects of a structure are freed: member-frees.c. */
#ifndef KPATCH_BUILD_SUGGEST_MEMBER_FREES_H
#define KPATCH_BUILD_SUGGEST_MEMBER_FREES_H

#include "kpatch-build/suggest/draft.h"
#include "kpatch-build/suggest/member.h"

/*
 * Let the code that frees the structure free the shadow variable before. @files gets the files,
 * which then belong to the draft, and @places the functions. *@why: it can't be done, and nothing
 * was written. 0 or negative, reported.
 */
int free_with_object(struct draft *draft, const struct member *member, struct strvec *files,
		     struct strvec *places, char **why);

#endif
