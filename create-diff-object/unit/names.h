/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The compiler makes names of its own: count.5 for a static local, foo.isra.0
 * for a variant of foo, foo.cold for its unlikely part. The numbers change when
 * anything else in the file does. These functions tell what such a name still
 * says.
 */
#ifndef CDO_NAMES_H
#define CDO_NAMES_H

#include <stdbool.h>

#include "lib/elf-model.h"

/*
 * strcmp() of two names without the numbers that the compiler adds: ".5" anywhere, and all digits
 * in a name that the kernel made from a counter (__UNIQUE_ID_…).
 */
int name_compare(const char *a, const char *b);

/* Is it a variable "name.N", which the compiler numbered as it does with static locals? */
bool symbol_is_static_local(const struct elf_symbol *symbol);

/*
 * Is the symbol a second name of the function or variable at its address? Padding and BTF ids
 * aren't.
 */
bool symbol_is_alias(const struct elf_symbol *symbol);

/* Did the kernel make the name from a counter or a line: __UNIQUE_ID_foo123? */
bool name_is_counted(const char *name);

/*
 * Is @source the name in the source code? "foo.isra.0.cold" is "foo" there, "count.7" is "count".
 */
bool name_is_of(const char *name, const char *source);

/* Returns "foo" for the symbol that EXPORT_SYMBOL(foo) makes, else NULL. */
const char *name_exported(const char *name);
bool name_is_exported(const struct elf_model *elf, const char *name);

/*
 * include/linux/btf_ids.h: each number in .BTF_ids has a symbol that names its type, and a sorted
 * set of them has one symbol with the size of the whole set.
 */
bool name_is_of_btf_id(const char *name);
bool name_is_of_btf_set(const char *name);
bool name_is_same_btf_id(const char *a, const char *b);
/* Does a list of the unit, such as a set of kfuncs, contain the BTF id of function @name? */
bool name_is_known_to_bpf(const struct elf_model *elf, const char *name);
#define BTF_IDS_SECTION ".BTF_ids"

/*
 * objtool names the NOPs before a function __pfx_<function> (since 6.2, with call padding). They
 * are part of the function.
 */
#define PADDING_PREFIX "__pfx_"
bool name_is_of_padding(const char *name);

/* include/linux/static_call_types.h: "__SCT__foo", which code calls, and its key "__SCK__foo". */
#define STATIC_CALL_TRAMPOLINE "__SCT__"
#define STATIC_CALL_KEY "__SCK__"

/*
 * *@parent: "foo" for "foo.cold" and "foo.cold.3", NULL if there is none. 0 or -ENOMEM; caller
 * frees.
 */
int name_parent(const char *name, char **parent);

#endif
