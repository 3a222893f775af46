/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one way to open an ELF file that these tools didn't write. Newer kernels ship compressed
 * modules (.xz, .zst, .gz): such a file is unpacked first, and callers need not know.
 */
#ifndef KLP_SPLIT_ELF_FILE_H
#define KLP_SPLIT_ELF_FILE_H

#include <libelf.h>

/*
 * Map @path and close it; free *@elf with elf_end(). Returns 0, -ENOEXEC if it isn't an ELF file, or
 * another negative errno if it can't be read or unpacked.
 */
int elf_file_open(const char *path, Elf **elf);

/* The same, but the data may be written to; the changes stay in memory. */
int elf_file_open_private(const char *path, Elf **elf);

#endif
