/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A unit has tens of thousands of symbols, and passes look up names for each
 * relocation: walking the list would make a tool's time grow with the square of
 * its input. This index finds the first symbol of a name in constant time, and
 * stays right while names are added, removed and changed.
 */
#ifndef KLP_SPLIT_ELF_NAMES_H
#define KLP_SPLIT_ELF_NAMES_H

#include <stddef.h>

struct elf_names;

struct elf_names *elf_names_new(void); /* NULL: out of memory */
void elf_names_free(struct elf_names *names);

/*
 * @name must live as long as it is in the index. @item is found after all items
 * that were added before it. To keep its place when it is added again under a
 * new name, pass the @order that the first call returned (0: choose one).
 * Returns the order, or 0 if out of memory.
 */
size_t elf_names_add(struct elf_names *names, const char *name, void *item, size_t order);
/* Returns the item's order, or 0 if it wasn't there. */
size_t elf_names_remove(struct elf_names *names, const char *name, const void *item);
void *elf_names_find(const struct elf_names *names, const char *name);

#endif
