/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Not everything in a unit's object file is in the shipped binary in the same
 * form: the linker drops some of it, and other programs write into the rest
 * later. A proof says what it left out, and why.
 */
#ifndef KPATCH_BUILD_UNCOMPARED_H
#define KPATCH_BUILD_UNCOMPARED_H

#include "lib/elf-model.h"

/*
 * Why a function or variable can't be compared; NULL: it has to be. @vmlinux: in vmlinux, not in a
 * module.
 */
const char *uncompared_symbol(const struct elf_symbol *symbol, bool vmlinux);

/* Why a part of a section that no symbol covers isn't compared. */
const char *uncompared_rest(const struct elf_section *section);

#endif
