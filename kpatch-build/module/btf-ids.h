/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See btf-ids.c. */
#ifndef KPATCH_BUILD_BTF_IDS_H
#define KPATCH_BUILD_BTF_IDS_H

#include "kpatch-build/module/modules.h"

/*
 * Fill in the numbers in new sets of type ids of @object's module (include/linux/btf_ids.h). 0 or a
 * negative error number, reported: KS356.
 */
int fill_btf_ids(const struct job *job, const struct kernel *kernel, const struct reached *reached,
		 const struct object *object);

#endif
