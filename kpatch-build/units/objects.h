/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The objects of a livepatch: objects.c. */
#ifndef KPATCH_BUILD_OBJECTS_H
#define KPATCH_BUILD_OBJECTS_H

#include "kpatch-build/build.h"
#include "kpatch-build/index/unit-index.h"

/* Add the object of @entry unless it exists. 0 or -ENOMEM, not reported. */
int need_object(const struct kernel *kernel, struct reached *reached,
		const struct unit_index_entry *entry);

/* The file of any module of this kernel. -ENOENT: there is none; caller frees *@path. */
int find_module_file(const struct kernel *kernel, const char *name, char **path, struct diag *diag);

#endif
