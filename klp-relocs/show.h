/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KLP_RELOCS_SHOW_H
#define KLP_RELOCS_SHOW_H

#include <stdio.h>
#include <jansson.h>

#include "lib/elf-model.h"

/* Every klp relocation, as a table for people. */
void show_text(const struct elf_model *model, FILE *out);
/* The same: {"module", "converted", "relocations": [{"section", "offset", "type", "object",
 * "symbol", "sympos", "addend", "function"}…]}. NULL: out of memory. */
json_t *show_json(const struct elf_model *model);

#endif
