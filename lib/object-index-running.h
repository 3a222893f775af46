/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See object-index-running.c. */
#ifndef LIB_OBJECT_INDEX_RUNNING_H
#define LIB_OBJECT_INDEX_RUNNING_H

#include "lib/object-index.h"

/*
 * Like object_index_load(), for an object that is loaded, from the text of /proc/kallsyms. KS950:
 * it has no addresses, because root didn't read it. Sizes and FILE blocks are not known then.
 */
int object_index_running(const char *kallsyms, const char *object, const char *build_id,
			 struct object_index **out, struct diag *diag);

#endif
