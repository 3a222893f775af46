/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The few facts in a shipped binary that identify a kernel or a module, without
 * reading the whole file.
 */
#ifndef KPATCH_BUILD_SHIPPED_H
#define KPATCH_BUILD_SHIPPED_H

#include <libelf.h>
#include <stddef.h>
#include "lib/diag.h"

/* elf_file_open(), with what went wrong reported: KS910 if it isn't an ELF file. */
int shipped_open(const char *path, Elf **elf, struct diag *diag);

/* NT_GNU_BUILD_ID as hexadecimal digits; -ENOENT (reported) if there is none. Caller frees. */
int shipped_build_id(const char *path, char **hex, struct diag *diag);

/* CONFIG_BUILD_SALT of a kernel; -ENOENT (not reported) if it has none. Caller frees. */
int shipped_build_salt(const char *path, char **salt, struct diag *diag);

/* A copy of a section, NUL-terminated beyond *@size; -ENOENT (not reported) if there is none. */
int shipped_section(const char *path, const char *name, char **data, size_t *size,
		    struct diag *diag);

/* The kernel's own "Linux version …" line. Caller frees; KS301 if there is none. */
int shipped_banner(const char *vmlinux, char **banner, struct diag *diag);

#endif
