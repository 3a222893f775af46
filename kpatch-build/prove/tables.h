/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Beside code and variables a unit has entries in tables of the kernel's: which
 * instruction a CPU feature replaces, where to go on after a fault, what a WARN
 * says, what runs at boot. The linker puts those of all units behind one another
 * and sorts some of them, and they have no names. But each is about a place in
 * something that has one; by this place ours are paired with the shipped ones. Which tables there
 * are is said by lib/special-sections.c.
 */
#ifndef KPATCH_BUILD_TABLES_H
#define KPATCH_BUILD_TABLES_H

#include "lib/elf-model.h"
#include "lib/special-sections.h"
#include "kpatch-build/prove/shipped-code.h"

/* The rule for a section of a unit; NULL: it is no table. */
const struct section_rule *table_rule_for(const struct elf_section *section);

/* An entry, and what it is about. */
struct table_entry {
	const struct elf_section *section; /* ours */
	uint64_t offset;
	const struct elf_section *key_section; /* NULL: in vmlinux, or of another object */
	uint64_t key;
	bool seen;
};

struct table {
	struct table_entry *list; /* by section and place of the key */
	size_t n;
	unsigned int size; /* of an entry */
};

/* The first entry that is about @key or what lies behind it in its section. */
size_t table_first(const struct table *table, const struct elf_section *section, uint64_t key);

/* 0, -ENOMEM, or -EINVAL: the entries don't have the size that is known. table_free() in any case. */
int table_of_unit(const struct elf_model *unit, const struct section_rule *rule,
		  struct table *table);
/* @size of the unit's entries; 0 if it has none. */
int table_of_object(const struct shipped_code *code, const struct section_rule *rule,
		    unsigned int size, struct table *table);
void table_free(struct table *table);

#endif
