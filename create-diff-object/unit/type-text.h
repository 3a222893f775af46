/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Types as text: type-text.c. Callers free it; NULL if there is not enough
 * memory.
 */
#ifndef CDO_TYPE_TEXT_H
#define CDO_TYPE_TEXT_H

#include <elfutils/libdw.h>

/* The type of the variable, parameter or member @die, as in the source. */
char *type_text(Dwarf_Die *die);
/* The type of the function @die: "ret (a, b, …)". */
char *function_type_text(Dwarf_Die *die);

#endif
