/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See elf-load-symbols.c. */
#ifndef LIB_ELF_LOAD_SYMBOLS_H
#define LIB_ELF_LOAD_SYMBOLS_H

#include "lib/elf-load.h"

/* Needs all sections and symbols of the model. */
int loader_read_relas(struct loader *l);

/* Needs all sections of the model. */
int loader_read_symbols(struct loader *l);

#endif
