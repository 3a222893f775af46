/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An object module belongs to one build of its main module, and contains its
 * build-id for the core to compare (lib/klp-format.h). The build-id isn't known
 * when the object module is compiled, because both are built at once.
 */
#ifndef KLP_RELOCS_BIND_H
#define KLP_RELOCS_BIND_H

#include "lib/diag.h"
#include "lib/elf-model.h"
#include "klp-relocs/resolve.h"

/* Write the build-id of the main module among @providers into the field, if @model has one. KS209. */
int bind_to_main(struct elf_model *model, const struct providers *providers, struct diag *diag);

/* The main module's build-id that an object module names, "" if none yet; NULL if it has no such
 * field, or a malformed one. Lives as long as the model. */
const char *bound_main_build_id(const struct elf_model *model);

#endif
