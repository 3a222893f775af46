/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See elf-write.c. */
#ifndef LIB_ELF_WRITE_H
#define LIB_ELF_WRITE_H

#include "lib/elf-model.h"

/*
 * Write the model. The file appears whole or not at all (temporary file in the
 * same folder, fsync, rename). Local symbols come first, as ELF demands.
 * SHF_RELA_LIVEPATCH sections come first, so that the symbols that they resolve
 * are known when any other relocation is applied. Otherwise the order is kept.
 * Empty .rela sections are left out.
 */
int elf_model_write(struct elf_model *model, const char *path, struct diag *diag);

#endif
