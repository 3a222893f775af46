/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel object is full of sections that a C programmer never sees: tables that say where the
 * kernel patches its own code, lists that are walked once at boot, memory that is freed after it.
 * The ELF flags don't tell them apart, and a wrong guess is a livepatch that misses a fix-up or
 * writes to freed memory. So each section is a row in one table, and a section without a row is
 * refused.
 *
 * The differ uses how a section is divided and what may happen to its entries, the proof uses where
 * vmlinux has it and how long its entries are, and klp-relocs uses which sections of a module must
 * be complete.
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

/* Which branches must be in a list that the kernel applies. */
enum section_branches { NO_BRANCHES, BRANCHES_TO, BRANCHES_TO_PREFIX, ALL_CALLS };

/*
 * A prefix as well: ".data..ro_after_init.limit". The loader makes a module's section read-only
 * after init, too (kernel/module/main.c: layout_sections()).
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
	uint8_t key_at; /* offset of the key that the module loader writes to … */
	enum key_kind key; /* … and the kind of the key */
	bool length_last; /* it refers to code without a name; its last byte says how much */
	bool about_code; /* names functions only to patch, trace or unwind their code */
	bool derived; /* follows from the code alone: need not be compared */
	bool objtool; /* objtool makes it from the code */
	bool by_section; /* refers to sections, never to symbols: objtool insists */
	bool ftrace; /* says that ftrace can redirect the function */
	const char *refused; /* the error code that refuses code with such an entry */
	/* the module loader reads it in each module: an entry comes along with the new thing it is about */
	bool copied;
	const char *with; /* name of the companion section that is kept with it */

	/* The symbols around it in vmlinux; NULL: it isn't there, or not in one piece */
	const char *start, *stop;
	/* As kpatch-build proves it, entry by entry, if .width isn't 0 */
	const char *module; /* its name in a module if that differs; else NULL */
	unsigned int sizes[2]; /* of an entry; two where kernels differ */
	unsigned int width; /* of the field at ->owner; 4 bytes count from where they are */
	bool later; /* may be made after linking: then units lack it */
	bool elsewhere; /* another unit may have it: journal.c exports functions of commit.c */
	const char *unproved; /* why bytes that no symbol covers aren't compared */
	/* How klp-relocs verifies that a module's list is complete, if vmlinux has one */
	enum section_branches branches; /* the first list that has a branch … */
	const char *to; /* … to a symbol of this name, or beginning, lists it */
	const char *not_in; /* a section whose code isn't listed; NULL: all code is */
};

/* Never NULL: the last resort is a rule of kind SECTION_UNKNOWN. */
const struct section_rule *section_rule(const struct elf_section *section);

/* The row with exactly that name, which must exist: section_named("__jump_table"). */
const struct section_rule *section_named(const char *name);

/* All rows, for any column. */
extern const struct section_rule section_rules[];
extern const size_t n_section_rules;

/* Does @rule apply to sections named @name? */
bool section_rule_fits(const struct section_rule *rule, const char *name);

/*
 * Why the bytes of section @name that no symbol covers aren't compared; NULL: no reason is known.
 */
const char *section_why_unproved(const char *name);

/* True for a list that names functions but through which nothing calls them. */
bool section_is_about_code(const char *name);

#endif
