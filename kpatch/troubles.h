/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See troubles.c. */
#ifndef KPATCH_TROUBLES_H
#define KPATCH_TROUBLES_H

#include "lib/strvec.h"
#include "kpatch/overview.h"

/*
 * Sentences about all that is not as it should be, of livepatch @name, or of all if NULL. 0 or
 * -ENOMEM.
 */
int overview_troubles(const struct host *host, const struct overview *overview, const char *name,
		      struct strvec *troubles);

#endif
