/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A form: see shadow-member.c. */
#ifndef KPATCH_BUILD_SUGGEST_SHADOW_MEMBER_H
#define KPATCH_BUILD_SUGGEST_SHADOW_MEMBER_H

#include "kpatch-build/suggest/draft.h"

int shadow_member(struct draft *draft, const struct problem *problem, bool *edited);

#endif
