/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See elf-load-symbols.c. */
#ifndef LIB_ELF_LOAD_SYMBOLS_H
#define LIB_ELF_LOAD_SYMBOLS_H

#include "lib/elf-load.h"

/* … and all symbols. */
int loader_read_relas(struct loader *l);

/* All sections of the model are there. (elf-load-symbols.c) */
int loader_read_symbols(struct loader *l);

#endif
