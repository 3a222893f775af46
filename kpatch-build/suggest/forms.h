/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be written instead of something that is refused: the table of forms.c. */
#ifndef KPATCH_BUILD_SUGGEST_FORMS_H
#define KPATCH_BUILD_SUGGEST_FORMS_H

#include "kpatch-build/suggest/draft.h"

/*
 * Edit the draft so that @problem goes away. *@edited is set if it was changed; if not, the draft's
 * reasons say why. 0 or negative, reported.
 */
int answer_problem(struct draft *draft, const struct problem *problem, bool *edited);

#endif
