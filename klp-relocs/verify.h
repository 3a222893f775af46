/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The proof that the kernel will do with a module what was meant. It takes
 * nothing from convert on trust: it may be run on any livepatch module.
 */
#ifndef KLP_RELOCS_VERIFY_H
#define KLP_RELOCS_VERIFY_H

#include <stdbool.h>

#include "lib/diag.h"
#include "lib/elf-model.h"
#include "lib/object-index.h"
#include "lib/symvers.h"

struct verify_inputs {
	const struct elf_model *module;
	const struct elf_model *target; /* the module that it patches; NULL: not given */
	const struct symvers *symvers; /* NULL: not given */
	struct object_index **objects;
	size_t n_objects;
};

struct verify_counts {
	size_t relocations, symbols;
};

/* Everything that is wrong is reported (KS201, KS206, KS207, KS22x to KS24x); see diag_errors(). */
void verify(const struct verify_inputs *in, struct verify_counts *counts, struct diag *diag);

/* Parts of it. verify-sections.c: is the module built as the kernel wants it? */
void verify_sections(const struct verify_inputs *in, struct verify_counts *counts,
		     struct diag *diag);
/* verify-symbols.c: does each klp symbol exist, once, where it may be used? */
void verify_symbols(const struct verify_inputs *in, struct verify_counts *counts,
		    struct diag *diag);
/* verify-funcs.c: is each function that is to be replaced there? */
void verify_funcs(const struct verify_inputs *in, struct diag *diag);
/* The functions that it replaces, as it lists them; what is malformed is left out. */
void verify_list_funcs(const struct elf_model *module,
		       void (*take)(const char *name, unsigned long sympos, void *arg), void *arg);
/* verify-landing.c: may each function whose address it keeps be called indirectly? */
void verify_landing(const struct verify_inputs *in, struct diag *diag);
/* A section that names functions, or places in them, and that nobody calls them by. */
bool verify_holds_no_calls(const struct elf_section *section);
/* verify-sites.c: does the kernel find all places of the code that it rewrites or unwinds? */
void verify_sites(const struct verify_inputs *in, struct diag *diag);
/* verify-keys.c: may the module loader write to each static key that it uses? */
void verify_keys(const struct verify_inputs *in, struct diag *diag);
/* verify-modinfo.c: does the module depend on the core alone, and say what it is for? */
void verify_modinfo(const struct verify_inputs *in, struct diag *diag);

/* The object of that name, NULL if no file was given for it. */
const struct object_index *verify_find_object(const struct verify_inputs *in, const char *name);
/* Of the @n symbols of one name, the one that the kernel takes for @sympos; NULL if there is none. */
const struct object_symbol *verify_pick(const struct object_symbol *symbols, size_t n,
					unsigned long sympos);
/*
 * Which symbol of which object @symbol of the module leads to, in *@index: by klp relocation, or
 * as an export of vmlinux. NULL if it is the module's own, or not found, which other checks report.
 */
const struct object_symbol *verify_find_target(const struct verify_inputs *in,
					       const struct elf_symbol *symbol,
					       const struct object_index **index);
/*
 * Report KS222, KS223 or KS229 as @what unless @index has @name at @sympos as
 * the kernel looks for it; @symbol (may be NULL) tells whose uses to name. NULL
 * after a report.
 */
const struct object_symbol *verify_position(const struct verify_inputs *in,
					    const struct object_index *index, const char *name,
					    unsigned long sympos, const char *what,
					    const struct elf_symbol *symbol, struct diag *diag);

#endif
