/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What renamed.c and renamed-proof.c share: variables that are lost, and those that are new. */
#ifndef CDO_RENAMED_H
#define CDO_RENAMED_H

#include "create-diff-object/unit/unit.h"
#include "create-diff-object/words.h"

struct states {
	struct atom **atoms;
	size_t n;
};

/* What the twin of @from, or a list about it, has where @from has @lost; NULL: that isn't known. */
struct atom *now_used_by(const struct atom *lost, const struct atom *from);

#endif
