/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Proves that the kernel will resolve a module's references as intended. It
 * doesn't trust convert, and may be run on any livepatch module.
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
	bool linked; /* it is not a module yet: check only what its units refer to */
};

struct verify_counts {
	size_t relocations, symbols;
};

/* Reports everything that is wrong (KS201, KS206, KS207, KS22x to KS24x); see diag_errors(). */
void verify(const struct verify_inputs *in, struct verify_counts *counts, struct diag *diag);

/* The parts of verify(). verify-sections.c: is the module built as the kernel expects? */
void verify_sections(const struct verify_inputs *in, struct verify_counts *counts,
		     struct diag *diag);
/* verify-symbols.c: does each klp symbol exist, once, where it may be used? */
void verify_symbols(const struct verify_inputs *in, struct verify_counts *counts,
		    struct diag *diag);
/* verify-funcs.c: does each function that is replaced exist? */
void verify_funcs(const struct verify_inputs *in, struct diag *diag);
/* Call @take for each function that @module replaces; malformed entries are left out. */
void verify_list_funcs(const struct elf_model *module,
		       void (*take)(const char *name, unsigned long sympos, void *arg), void *arg);
/* verify-landing.c: may each function whose address it keeps be called indirectly? */
void verify_landing(const struct verify_inputs *in, struct diag *diag);
/* Does @section name functions, or places in them, without being a way to call them? */
bool verify_holds_no_calls(const struct elf_section *section);
/* verify-sites.c: does the kernel find all places of the code that it rewrites or unwinds? */
void verify_sites(const struct verify_inputs *in, struct diag *diag);
/* verify-keys.c: may the module loader write to each static key that it uses? */
void verify_keys(const struct verify_inputs *in, struct diag *diag);
/* verify-modinfo.c: does the module depend on the core alone, and say what it is for? */
void verify_modinfo(const struct verify_inputs *in, struct diag *diag);

/* The object of that name, NULL if no file was given for it. */
const struct object_index *verify_find_object(const struct verify_inputs *in, const char *name);
/*
 * The one of the @n symbols of one name that the kernel selects by @sympos; NULL if there is none.
 */
const struct object_symbol *verify_pick(const struct object_symbol *symbols, size_t n,
					unsigned long sympos);
/*
 * The symbol to which the module's @symbol refers, by klp relocation or as an export of vmlinux;
 * *@index is its object. NULL if @symbol is the module's own, or not found, which other checks
 * report.
 */
const struct object_symbol *verify_find_target(const struct verify_inputs *in,
					       const struct elf_symbol *symbol,
					       const struct object_index **index);
/*
 * Report KS222, KS223 or KS229 with @what unless the kernel's lookup of @name at
 * @sympos finds a symbol in @index. The report names the uses of @symbol (may be
 * NULL). NULL after a report.
 */
const struct object_symbol *verify_position(const struct verify_inputs *in,
					    const struct object_index *index, const char *name,
					    unsigned long sympos, const char *what,
					    const struct elf_symbol *symbol, struct diag *diag);

#endif
