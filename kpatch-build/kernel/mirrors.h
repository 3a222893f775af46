/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where Debian's archive is: mirrors.c. */
#ifndef KPATCH_BUILD_MIRRORS_H
#define KPATCH_BUILD_MIRRORS_H

#include "kpatch-build/build.h"

struct mirrors {
	char *main; /* URL */
	char *security; /* URL of the security updates; NULL: none is known */
};

/* As --mirror says, else where the system's own packages come from. KS380 if nothing says. */
int mirrors_find(const struct job *job, struct mirrors *mirrors);
void mirrors_free(struct mirrors *mirrors);

#endif
