/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In addition to code and variables, a unit has entries in tables of the
 * kernel: which instruction a CPU feature replaces, where to continue after a
 * fault, what a WARN says, what runs at boot. The linker joins the entries of
 * all units and sorts some of the tables, and entries have no names. But each
 * is about a place in something with a name, and by this place our entries are
 * paired with the shipped ones. lib/special-sections.c lists the tables.
 */
#ifndef KPATCH_BUILD_TABLES_H
#define KPATCH_BUILD_TABLES_H

#include "lib/elf-model.h"
#include "lib/special-sections.h"
#include "kpatch-build/prove/shipped-code.h"

/* The rule for a section of a unit; NULL: it isn't a table. */
const struct section_rule *table_rule_for(const struct elf_section *section);

/* An entry, and the place that it is about. */
struct table_entry {
	const struct elf_section *section; /* the section that contains the entry */
	uint64_t offset;
	const struct elf_section *key_section; /* NULL: in vmlinux, or in another object */
	uint64_t key;
	bool seen;
};

struct table {
	struct table_entry *list; /* by section and place of the key */
	size_t n;
	unsigned int size; /* of an entry */
};

/* The index of the first entry that is about @key or a later place in its section. */
size_t table_first(const struct table *table, const struct elf_section *section, uint64_t key);

/* 0, -ENOMEM, or -EINVAL if the entries don't have a known size. Call table_free() in any case. */
int table_of_unit(const struct elf_model *unit, const struct section_rule *rule,
		  struct table *table);
/* @size: that of the unit's entries; 0 if it has none. */
int table_of_object(const struct shipped_code *code, const struct section_rule *rule,
		    unsigned int size, struct table *table);
void table_free(struct table *table);

#endif
