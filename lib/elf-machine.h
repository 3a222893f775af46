/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many bytes a relocation writes, and whether the kernel's module loader
 * can apply it at all, differs from machine to machine; what we know of that
 * stands in one table per machine.
 */
#ifndef KLP_SPLIT_ELF_MACHINE_H
#define KLP_SPLIT_ELF_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct elf_relocation_type {
	uint32_t type;
	const char *name;
	unsigned char width; /* bytes written */
	bool loader; /* the kernel's module loader applies it … */
	/* … but only to what lies below 4 GB: nothing of the kernel but per-CPU offsets */
	bool low;
};

/* True if there is a table for that machine. */
bool elf_machine_known(uint16_t machine);
/* NULL if the machine or the type isn't known. */
const struct elf_relocation_type *elf_relocation_type(uint16_t machine, uint32_t type);

/* Is it the relocation of a plain pointer (R_X86_64_64)? */
bool elf_relocation_is_pointer(uint16_t machine, uint32_t type);

#endif
