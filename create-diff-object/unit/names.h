/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The compiler makes names of its own: count.5 for a static local, foo.isra.0
 * for a variant of foo, foo.cold for its unlikely part. The numbers move when
 * anything else in the file does. This is what a name still says.
 */
#ifndef CDO_NAMES_H
#define CDO_NAMES_H

#include <stdbool.h>

#include "lib/elf-model.h"

/*
 * strcmp() over names without what the compiler numbers: ".5" anywhere; all
 * digits in a name that the kernel made from a counter (__UNIQUE_ID_…).
 */
int name_compare(const char *a, const char *b);

/* A variable "name.N": the compiler had to number it, as it does with static locals. */
bool symbol_is_static_local(const struct elf_symbol *symbol);

/* Is it a name for what it is at, if that has another one? Padding and marks are none. */
bool symbol_is_alias(const struct elf_symbol *symbol);

/* The kernel made the name from a counter or a line: __UNIQUE_ID_foo123. */
bool name_is_counted(const char *name);

/* Does the source call it @source? "foo.isra.0.cold" is "foo" there, "count.7" is "count". */
bool name_is_of(const char *name, const char *source);

/* "foo" for what EXPORT_SYMBOL(foo) makes, else NULL. */
const char *name_exported(const char *name);
bool name_is_exported(const struct elf_model *elf, const char *name);

/*
 * include/linux/btf_ids.h: each number in .BTF_ids has a symbol that says which type it is for, and
 * a sorted set of them has one for the whole, of the whole size.
 */
bool name_is_of_btf_id(const char *name);
bool name_is_of_btf_set(const char *name);
bool name_is_same_btf_id(const char *a, const char *b);
#define BTF_IDS_SECTION ".BTF_ids"

/*
 * objtool names the NOPs before a function __pfx_<function> (since 6.2, with call padding). They
 * belong to the function.
 */
#define PADDING_PREFIX "__pfx_"
bool name_is_of_padding(const char *name);

/* include/linux/static_call_types.h: "__SCT__foo", which code calls, and its key "__SCK__foo". */
#define STATIC_CALL_TRAMPOLINE "__SCT__"
#define STATIC_CALL_KEY "__SCK__"

/* "foo" for "foo.cold" and "foo.cold.3", NULL if there is none. 0 or -ENOMEM; caller frees. */
int name_parent(const char *name, char **parent);

#endif
