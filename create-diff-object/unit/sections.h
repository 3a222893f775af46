/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel object is full of sections that a C programmer never sees: tables
 * that say where the kernel patches its own code, lists that are walked once at
 * boot, memory that is freed after it. Which is which can't be read from the
 * ELF flags, and a wrong guess is a livepatch that misses a fix-up or writes
 * to freed memory. So each is a row in one table, and what has none is refused.
 */
#ifndef CDO_SECTIONS_H
#define CDO_SECTIONS_H

#include <stdbool.h>
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

#define RO_AFTER_INIT ".data..ro_after_init" /* and what begins so: ".data..ro_after_init.limit" */

struct section_rule {
	const char *name; /* whole name, or its beginning if it ends with '*' */
	enum section_kind kind;
	const char *reason;
	/* for SECTION_ENTRIES */
	uint8_t relocs; /* relocations in an entry */
	uint8_t owner; /* offset in the entry of the one that names the code */
	uint8_t size; /* of an entry; 0: differs between kernels */
	uint8_t key_at; /* where an entry names a key that the module loader writes to … */
	enum key_kind key; /* … and what it is */
	bool length_last; /* its last byte is the length of the fragment that it refers to */
	bool derived; /* follows from the code alone: need not be compared */
	bool objtool; /* what objtool makes, out of the code */
	bool by_section; /* refers to sections, never to symbols: objtool insists */
	bool ftrace; /* says that ftrace can redirect the function */
	const char *refused; /* code that has such an entry can't be taken: the diagnostic's code */
	const char *with; /* a companion that goes along: section name */
};

/* Never NULL: the last resort is a rule of kind SECTION_UNKNOWN. */
const struct section_rule *section_rule(const struct elf_section *section);

#endif
