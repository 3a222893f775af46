/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See type-text.c. */
#ifndef LIB_TYPE_TEXT_H
#define LIB_TYPE_TEXT_H

#include "lib/type-graph.h"

/*
 * "struct foo *", "u32 [4]", "int (*)(struct foo *)" as in the source. Caller frees; NULL: no
 * memory.
 */
char *graph_type_text(const struct type_graph *graph, Dwarf_Off offset);

/* "struct foo", "struct foo in baz()", "enum {Enabled}": as KLP_SPLIT_LAYOUT_HANDLED() names it. */
char *type_name(const struct type_graph *graph, const struct type *type);

#endif
