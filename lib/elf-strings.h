/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A string table of an ELF file that is to be written. */
#ifndef KLP_SPLIT_ELF_STRINGS_H
#define KLP_SPLIT_ELF_STRINGS_H

#include <stddef.h>
#include <stdint.h>

struct elf_strings {
	char *bytes; /* freed by the owner */
	size_t size, cap;
};

/*
 * Add @s. *@offset: where it is; the empty string is always the first. 0, -ENOMEM, or -EOVERFLOW:
 * offsets have 32 bits.
 */
int elf_strings_add(struct elf_strings *strings, const char *s, uint32_t *offset);

#endif
