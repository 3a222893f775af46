/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See choose.c. */
#ifndef KPATCH_CHOOSE_H
#define KPATCH_CHOOSE_H

#include "lib/strvec.h"
#include "kpatch/machine/host.h"

/* The name of the livepatch that the user calls @word; malloc()ed, NULL: no memory. */
char *name_of_livepatch(const char *word);

/* Add to @chosen what @words name; @code is reported for a name that isn't in @known. */
int names_choose(struct host *host, const struct strvec *words, const struct strvec *known,
		 const char *code, struct strvec *chosen);

#endif
