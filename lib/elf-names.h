/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A unit has tens of thousands of symbols, and passes look them up by name for
 * each relocation: a walk over the list makes a tool's time grow with the
 * square of its input. This index answers "the first of that name" at once,
 * and stays right while names are added, removed and changed.
 */
#ifndef KLP_SPLIT_ELF_NAMES_H
#define KLP_SPLIT_ELF_NAMES_H

#include <stddef.h>

struct elf_names;

struct elf_names *elf_names_new(void); /* NULL: out of memory */
void elf_names_free(struct elf_names *names);

/*
 * @name must live as long as it is in the index. @item comes after all that
 * were added before it, also when it is added again under a new name with the
 * @order that the first call gave it (0: give it one). Returns the order, or 0
 * when memory is out.
 */
size_t elf_names_add(struct elf_names *names, const char *name, void *item, size_t order);
/* Returns its order, 0 if it wasn't there. */
size_t elf_names_remove(struct elf_names *names, const char *name, const void *item);
void *elf_names_find(const struct elf_names *names, const char *name);

#endif
