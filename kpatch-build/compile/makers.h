/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a kernel and a unit say of the tools and settings that made them: makers.c. */
#ifndef KPATCH_BUILD_MAKERS_H
#define KPATCH_BUILD_MAKERS_H

#include <stdbool.h>

/*
 * Whether @ours ("GNU C11 12.2.0 -m64 …") is @theirs but for what we add; if not, the first word
 * that only one of them has in *@here and *@there (points into them; "" if it has no more).
 */
bool same_producer(const char *ours, const char *theirs, const char **here, const char **there);

/* Whether @name, as a compiler wrote it, is @source of the kernel's tree. */
bool is_name_of_source(const char *name, const char *source);

#endif
