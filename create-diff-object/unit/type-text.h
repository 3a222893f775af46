/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Types in words: type-text.c. Callers free; NULL if memory is out. */
#ifndef CDO_TYPE_TEXT_H
#define CDO_TYPE_TEXT_H

#include <elfutils/libdw.h>

/* The type of a variable, parameter or member, given its entry; as the source has it. */
char *type_text(Dwarf_Die *die);
/* "ret (a, b, …)" of a function's entry. */
char *function_type_text(Dwarf_Die *die);

#endif
