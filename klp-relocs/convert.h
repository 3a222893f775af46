/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Turns a module as kbuild linked it into one that the kernel can load: klp
 * relocations for its references to the running kernel.
 */
#ifndef KLP_RELOCS_CONVERT_H
#define KLP_RELOCS_CONVERT_H

#include "lib/diag.h"
#include "lib/elf-model.h"
#include "klp-relocs/resolve.h"

/* Changes @model, which can't be used after an error. KS201…KS209. */
int convert(struct elf_model *model, const struct symvers *symvers,
	    const struct providers *providers, struct diag *diag);

#endif
