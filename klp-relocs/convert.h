/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a module as kbuild linked it to one that the kernel can load: what it
 * refers to in the running kernel, by klp relocations.
 */
#ifndef KLP_RELOCS_CONVERT_H
#define KLP_RELOCS_CONVERT_H

#include "lib/diag.h"
#include "lib/elf-model.h"
#include "klp-relocs/resolve.h"

/* Changes @model; useless after an error. KS201…KS209. */
int convert(struct elf_model *model, const struct symvers *symvers,
	    const struct providers *providers, struct diag *diag);

#endif
