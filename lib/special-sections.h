/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel object is full of sections that a C programmer never sees: tables
 * that say where the kernel patches its own code, lists that are walked once at
 * boot, memory that is freed after it. Which is which can't be read from the
 * ELF flags, and a wrong guess is a livepatch that misses a fix-up or writes
 * to freed memory. So each is a row in one table, and what has none is refused.
 *
 * The differ asks how a section is divided and what may become of it, the proof where
 * vmlinux has it and how long its entries are, klp-relocs which of them a module needs whole.
 */
#ifndef KLP_SPLIT_SPECIAL_SECTIONS_H
#define KLP_SPLIT_SPECIAL_SECTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/elf-model.h"
#include "lib/static-keys.h"

enum section_kind {
	SECTION_CODE, /* functions */
	SECTION_DATA, /* variables: the running kernel has them */
	SECTION_CONST, /* constants, or data that nothing writes after boot */
	SECTION_STRINGS, /* merged by content: no identity */
	SECTION_PERCPU, /* one copy for each CPU */
	SECTION_ENTRIES, /* entries about places in code: kept with the code */
	SECTION_FRAGMENTS, /* code that entries refer to */
	SECTION_PAIRED, /* entry n belongs to entry n of section ->with */
	SECTION_DESCRIPTORS, /* data that the module loader registers; new code brings its own */
	SECTION_REGISTRATION, /* read once, at boot or when the object is loaded */
	SECTION_INIT, /* freed once the object is initialised */
	SECTION_EXIT, /* runs when the object is unloaded */
	SECTION_AUTHOR, /* what the author of the patch declares: declared.c reads it */
	SECTION_BUILD, /* means something only while the object is built */
	SECTION_UNKNOWN,
};

/* Which branches a list that the kernel works through has to have. */
enum section_branches { NO_BRANCHES, BRANCHES_TO, BRANCHES_TO_PREFIX, ALL_CALLS };

/*
 * And what begins so: ".data..ro_after_init.limit". Of a module the loader makes it read-only after
 * init, too (kernel/module/main.c: layout_sections()).
 */
#define RO_AFTER_INIT ".data..ro_after_init"

struct section_rule {
	const char *name; /* whole name, or its beginning if it ends with '*' */
	enum section_kind kind;
	const char *reason;
	/* for SECTION_ENTRIES */
	uint8_t relocs; /* relocations in an entry */
	uint8_t owner; /* offset in the entry of the one that names the code */
	uint8_t size; /* of an entry in a unit; 0: the last one may be shorter, or kernels differ */
	uint8_t key_at; /* where an entry names a key that the module loader writes to … */
	enum key_kind key; /* … and what it is */
	bool length_last; /* it refers to code without a name; its last byte says how much */
	bool about_code; /* names functions for what is patched, traced or unwound in them only */
	bool derived; /* follows from the code alone: need not be compared */
	bool objtool; /* what objtool makes, out of the code */
	bool by_section; /* refers to sections, never to symbols: objtool insists */
	bool ftrace; /* says that ftrace can redirect the function */
	const char *refused; /* code that has such an entry can't be taken: the diagnostic's code */
	const char *with; /* a companion that goes along: section name */

	/* In vmlinux: the symbols around it; NULL: it isn't there, or not in one piece */
	const char *start, *stop;
	/* As kpatch-build proves it, entry by entry, if .width isn't 0 */
	const char *module; /* its name in a module, where it is another one; else NULL */
	unsigned int sizes[2]; /* of an entry; two where kernels differ */
	unsigned int width; /* of the field at ->owner; 4 bytes count from where they are */
	bool later; /* may be made when all is linked: then units lack it */
	bool elsewhere; /* another unit may have it: journal.c exports what is in commit.c */
	const char *unproved; /* why what no symbol of it covers isn't compared */
	/* As klp-relocs verifies that a module's list is whole, if vmlinux has one */
	enum section_branches branches; /* the first list that has a branch … */
	const char *to; /* … to a symbol of this name, or beginning, lists it */
	const char *not_in; /* a section whose code isn't listed; NULL: all is */
};

/* Never NULL: the last resort is a rule of kind SECTION_UNKNOWN. */
const struct section_rule *section_rule(const struct elf_section *section);

/* The row for that very name, which has to be there: section_named("__jump_table"). */
const struct section_rule *section_named(const char *name);

/* All rows, whatever column is asked for. */
extern const struct section_rule section_rules[];
extern const size_t n_section_rules;

/* Does @rule hold for sections called @name? */
bool section_rule_fits(const struct section_rule *rule, const char *name);

/* Why what no symbol covers of a section with that name isn't compared; NULL: no reason is known. */
const char *section_why_unproved(const char *name);

/* True for a list that names functions, and nothing calls one by it. */
bool section_is_about_code(const char *name);

#endif
