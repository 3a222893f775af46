/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The format of what the tools pass to one another, and of what the kernel expects from a livepatch
 * module. The sections below are written by create-diff-object (or by hand, with the macros of
 * kmod/klp_split.h), pass through `ld -r`, kbuild, objtool and modpost unchanged, and are read by
 * `klp-relocs convert` and by the templates.
 *
 * .klp_split.funcs (alloc, read-only after relocation): the functions that this
 *   object replaces. One struct klp_split_func each, three 8-byte words:
 *
 *	const char *old_name;      R_ABS64 → .klp_split.strings
 *	void *new_func;            R_ABS64 → the new function (a local symbol)
 *	unsigned long old_sympos;  as in struct klp_func
 *
 *   The driver's link brackets it with __klp_split_funcs_start and
 *   __klp_split_funcs_stop, which the templates hand to the core.
 *
 * .klp.refs (dropped by convert): the undefined symbols that become klp
 *   relocations. Four 8-byte words each:
 *
 *	void *symbol;              R_ABS64 → the undefined symbol
 *	const char *object;        R_ABS64 → string: "vmlinux" or the module's name, with '_'
 *	const char *name;          R_ABS64 → string: the symbol's name in that object
 *	unsigned long sympos;      0 if the name is unique there, else 1-based position
 *
 *   The symbols are not named .klp.sym.… at once, because objtool must still see the names
 *   __SCT__…, __SCK__… and those of functions that never return. So a reference to a GLOBAL symbol
 *   keeps its name; a reference to a LOCAL symbol is named "<name>.klp.<object>.<sympos>" (two
 *   units may mean different ones).
 *
 * .klp_split.main_build_id (alloc, read-only; object modules only): a string,
 *   empty until convert writes the main module's build-id there, in hexadecimal.
 *
 * .klp_split.places (alloc; the core only): addresses of functions that ftrace
 *   redirects. Nothing calls through these addresses, so the functions need not begin with a
 *   landing pad.
 *
 * .text.klp_split.held (the core only): code that the unwinder can't walk through,
 *   so that livepatch switches no task that is in a function called from there.
 *
 * After convert: symbol ".klp.sym.<object>.<name>,<sympos>" with st_shndx
 * SHN_LIVEPATCH, and its first relocation in ".klp.rela.vmlinux.<section>" with flag
 * SHF_RELA_LIVEPATCH (whatever object owns the symbol: see design, decision 1).
 * These sections come first; further relocations to the symbol are ordinary.
 *
 * Symbols that existed in the original unit are LOCAL in create-diff-object's output, so that
 * another unit's reference to the original function can't bind to the new one. Calls between
 * patched functions go through the original's entry, and so reach the livepatch that is on top of
 * the function stack.
 */
#ifndef KLP_SPLIT_KLP_FORMAT_H
#define KLP_SPLIT_KLP_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#define KLP_FUNCS_SECTION ".klp_split.funcs"
#define KLP_FUNCS_ENTRY_SIZE 24
#define KLP_PLACES_SECTION ".klp_split.places"
#define KLP_HELD_SECTION ".text.klp_split.held"
#define KLP_STRINGS_SECTION ".klp_split.strings"
/* What the author of a patch declares about a unit (klp-split-author.h); not loaded. */
#define KLP_AUTHOR_SECTION ".klp_split.author"
/*
 * Prefixes of the sections that its macros make, one per kind, and of unit_emit()'s names of
 * callbacks.
 */
#define KLP_DECLARED_PREFIX ".klp_split."
#define KLP_STATES_SECTION ".klp_split.states"
#define KLP_STATES_ENTRY_SIZE 16
#define KLP_CALLBACK_PREFIX "klp_split_"
/*
 * unit_emit()'s name for the function that replaces the module's exit function, and the latter's
 * name:
 */
#define KLP_NEW_EXIT "klp_split_new_exit"
#define KLP_EXIT_FUNCTION "cleanup_module" /* include/linux/module.h: module_exit() */
#define KLP_REFS_SECTION ".klp.refs"
#define KLP_REFS_ENTRY_SIZE 32
#define KLP_MAIN_BUILD_ID_SECTION ".klp_split.main_build_id"
#define KLP_SYM_PREFIX ".klp.sym."
#define KLP_RELA_PREFIX ".klp.rela."
#define KLP_VMLINUX "vmlinux"
#define KLP_CORE_MODULE "klp_split"

/* include/linux/moduleparam.h: MODULE_NAME_LEN is 64 - sizeof(unsigned long) with the NUL */
#define KLP_MODULE_NAME_MAX 55
/* include/linux/kallsyms.h, 6.1: KSYM_NAME_LEN 512; livepatch/core.c checks 127 in its sscanf on older ones */
#define KLP_SYMBOL_NAME_MAX 511

/*
 * The name of the object module of @patch for @object: "<patch>__<object>" with '-' as '_'. Caller
 * frees; NULL if memory is out. The caller checks the length.
 */
char *klp_object_module_name(const char *patch, const char *object);

/* Replace '-' by '_', as the kernel names modules. In place; returns @name. */
char *klp_kernel_name(char *name);

/* Parse ".klp.sym.<object>.<name>,<pos>". False if malformed. Caller frees *object and *name. */
bool klp_symbol_parse(const char *symbol, char **object, char **name, unsigned long *sympos);
/* Caller frees; NULL if memory is out. */
char *klp_symbol_format(const char *object, const char *name, unsigned long sympos);

#endif
