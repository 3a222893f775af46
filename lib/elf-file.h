/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one way to open an ELF file that somebody else wrote. A module may be compressed as newer
 * kernels ship theirs (.xz, .zst, .gz): then it is unpacked first, and nobody needs to know.
 */
#ifndef KLP_SPLIT_ELF_FILE_H
#define KLP_SPLIT_ELF_FILE_H

#include <libelf.h>

/*
 * Map @path and close it; elf_end() ends *@elf. 0, or a negative errno if it can't be read or
 * unpacked. That it can be read doesn't make it an ELF file: see elf_kind(), gelf_getehdr().
 */
int elf_file_open(const char *path, Elf **elf);

/* The same, where what is written to its data stays in memory. */
int elf_file_open_private(const char *path, Elf **elf);

#endif
