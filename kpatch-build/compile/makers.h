/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a kernel and a unit record about the tools and settings that made them:
 * makers.c.
 */
#ifndef KPATCH_BUILD_MAKERS_H
#define KPATCH_BUILD_MAKERS_H

#include <stdbool.h>

/*
 * Is @ours ("GNU C11 12.2.0 -m64 …") the same as @theirs, apart from the flags that we add? If not,
 * *@here and *@there get the first word that differs (pointing into them; "" at the end).
 */
bool same_producer(const char *ours, const char *theirs, const char **here, const char **there);

/* Does @name, as a compiler recorded it, mean @source of the kernel's tree? */
bool is_name_of_source(const char *name, const char *source);

#endif
