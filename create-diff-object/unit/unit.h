/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two compilations of one source file are never equal as files: offsets, symbol
 * numbers and section numbers change with every edit. What can be compared is
 * inside: a function, a variable, a string, an entry of a table.
 *
 * The ELF model has sections. This model divides each section into atoms, each
 * of which is one such thing. And it turns each relocation into its meaning:
 * "offset 8 of atom foo", whether the assembler wrote it against a symbol or a
 * section, and whatever the processor adds to it. All passes work on atoms. The
 * ELF model is used again only where the output is made.
 */
#ifndef CDO_UNIT_H
#define CDO_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/diag.h"
#include "lib/elf-model.h"
#include "lib/special-sections.h"

struct arch_ops;
struct atom;
struct places;
struct variable;
struct variables;

enum atom_kind {
	ATOM_FUNCTION, /* code with a name */
	ATOM_FRAGMENT, /* code without a name: the replacement of an alternative, its slow path */
	ATOM_DATA, /* a variable or constant, named or not */
	ATOM_STRING, /* one string or constant of a section that the linker merges */
	ATOM_ENTRY, /* one entry of a special section */
};

/* A symbol of another object or unit that the output refers to. */
struct reference {
	struct reference *next;
	char *symbol; /* its name in the output */
	bool global; /* other units of the livepatch may refer to @symbol */
	const char *object; /* NULL: an ordinary undefined symbol; else the owner, for klp */
	const char *name; /* its name there */
	unsigned int sympos;
	const struct object_symbol *found; /* NULL: another object has it */
	bool weak; /* may stay undefined */
	struct elf_symbol *out;
	const struct atom *user; /* if the kernel doesn't export it: the first user */
};

struct reloc {
	uint64_t offset; /* in the section that holds it */
	uint32_t type; /* R_X86_64_…; 0: needed, but not in the output (static-calls.c) */
	int32_t bias; /* target = symbol + addend + bias: arch.h, scan_code() */
	struct atom *to; /* what it refers to; NULL: not in this unit, but */
	struct elf_symbol *symbol; /* … an undefined or absolute symbol */
	/* refers to @to by a weak name that isn't its own: the kernel may use another definition */
	struct elf_symbol *weak;
	bool by_section; /* written as section + number: @to is the atom at that place */
	int64_t at; /* offset into @to, or addend to @symbol, with the bias removed */
	struct reference *ref; /* refer_by_klp(): refers to this instead of @to */
};

struct atom {
	enum atom_kind kind;
	struct unit_section *section;
	uint64_t offset, size; /* in the section */
	uint64_t landing; /* size of the instruction at its start that allows indirect branches */
	struct elf_symbol *symbol; /* NULL: it has no name */
	struct reloc *relocs;
	size_t n_relocs;

	const struct variable *declared; /* variables.h; NULL: the source doesn't declare it */
	struct atom *twin; /* the same thing in the other unit */
	struct unit *moved_from; /* pair_moved(): the unit of @twin, if not the original */
	struct atom *parent; /* foo for foo.cold: both change together */
	struct atom *next_child; /* from the parent: its .cold parts */
	struct atom *owner; /* ATOM_ENTRY: the code that the entry is about */
	struct atom *entries; /* from the owner: its entries, by rule, then in file order … */
	struct atom *last_entry;
	struct atom *next_entry; /* … of all special sections */
	struct atom *pair; /* ATOM_ENTRY: the entry with the same number in the paired section */
	struct atom *maybe; /* the running kernel's atom that it may be: it must not be copied */
	const char *maybe_elsewhere; /* its name, if that one is in another unit */
	const char *instead_of; /* find_divided(): what changed code used before it */
	struct atom *next_needed;
	/* keep_ledger(): not the twin, but has the same content, in the other unit */
	struct atom *same;
	const struct atom *carrier; /* keep_ledger(): included code that refers to it */
	const char *claim; /* the code of the error that a pass has reported about it */
	const char *leads_to; /* change_callers(): changed only because it calls this function */
	const char *why; /* close_over_needed(): the code of the error about it */

	bool patchable : 1; /* ftrace can redirect calls to it */
	bool macro_made : 1; /* find_macro_made() */
	bool starts_anew : 1; /* heed_new_state() */
	bool renamed : 1; /* tell_bound(): the twin has another name */
	bool undecodable : 1; /* an instruction or jump in it could not be decoded */
	bool changed : 1; /* compare_units() */
	bool ignored : 1; /* apply_author_notes(): changes in it are left out */
	bool refused : 1; /* reported; errors that follow from it need not be */
	/* compare_units(): changed, and the kernel calls it when the module is unloaded */
	bool is_exit : 1;
	bool overridden : 1; /* drop_overridden(): weak, and the object has a strong definition */
	bool callback : 1; /* read_declared(): the kernel calls it around patching */
	bool included : 1; /* close_over_needed(): part of the output */

	struct reference *ref; /* refer_by_klp(): the original of this atom, if referred to */
	unsigned int sympos; /* … and its position, if it is replaced */
	struct elf_section *out; /* unit_emit(): its section in the output, at @out_offset */
	uint64_t out_offset;
	struct elf_symbol *out_symbol;
};

struct unit_section {
	struct elf_section *elf;
	const struct section_rule *rule;
	struct atom *atoms; /* sorted by offset */
	size_t n_atoms;
	struct reloc *relocs; /* sorted by offset */
	size_t n_relocs;
};

struct unit {
	struct elf_model *elf;
	const struct arch_ops *arch;
	size_t decoder; /* capstone's handle */
	const char *source; /* from its FILE symbol: "meminfo.c" */
	bool builtin; /* part of vmlinux, so its exit functions never run */
	bool objtool_follows; /* objtool runs on the linked module, and makes its sections then */
	struct unit_section *sections;
	size_t n_sections;
	struct reference *references; /* refer_by_klp() */
	struct places *places; /* places.c */
	const struct line_map *lines; /* NULL: its line numbers are those of its source */
	struct variables *variables; /* variables.c */
};

#define unit_for_each_section(unit, s) \
	for ((s) = (unit)->sections; (s) < (unit)->sections + (unit)->n_sections; (s)++)
#define section_for_each_atom(s, a) for ((a) = (s)->atoms; (a) < (s)->atoms + (s)->n_atoms; (a)++)
#define atom_for_each_reloc(a, r) for ((r) = (a)->relocs; (r) < (a)->relocs + (a)->n_relocs; (r)++)

/* Where unit_for_each_reloc() is: @reloc of @from, which may be a part of another atom. */
struct reloc_place {
	struct atom *from;
	struct reloc *reloc;
	bool loaded; /* without the sections that only the build reads */
	size_t next_section, next_atom, next_reloc;
};

bool unit_next_reloc(const struct unit *unit, struct reloc_place *at);

/* Each relocation of the unit; the second leaves out what only the build reads: SECTION_BUILD. */
#define unit_for_each_reloc(unit, at) \
	for (struct reloc_place at = { 0 }; unit_next_reloc(unit, &at);)
#define unit_for_each_loaded_reloc(unit, at) \
	for (struct reloc_place at = { .loaded = true }; unit_next_reloc(unit, &at);)

#define atom_for_each_entry(a, e) for ((e) = (a)->entries; (e); (e) = (e)->next_entry)

/* The last atom that starts at or before @offset, else the first one; NULL if there is none. */
struct atom *section_atom_at(const struct unit_section *s, int64_t offset);

static inline enum section_kind atom_section_kind(const struct atom *atom)
{
	return atom->section->rule->kind;
}

static inline const char *atom_name(const struct atom *atom)
{
	return atom->symbol ? atom->symbol->name : atom->section->elf->name;
}

/* NULL for .bss. */
static inline const unsigned char *atom_data(const struct atom *atom)
{
	return atom->section->elf->data ? atom->section->elf->data + atom->offset : NULL;
}

/* A function and its .cold parts are one group: the function stands for it. */
static inline struct atom *atom_group(struct atom *atom)
{
	if (atom->owner)
		atom = atom->owner;
	return atom->parent ? atom->parent : atom;
}

static inline bool atom_is_code(const struct atom *atom)
{
	return atom->kind == ATOM_FUNCTION || atom->kind == ATOM_FRAGMENT;
}

/* Livepatch redirects calls of the running kernel's function to this one by ftrace. */
static inline bool atom_is_redirected(const struct atom *atom)
{
	return atom->kind == ATOM_FUNCTION && atom->changed && atom->twin && !atom->parent &&
	       !atom->is_exit;
}

static inline bool atom_is_writable(const struct atom *atom)
{
	return atom->section->elf->flags & SHF_WRITE;
}

/*
 * Nothing finds the atom by a name, so only its content counts. Variables of init code are among
 * these: they are only compared, never copied.
 */
static inline bool atom_is_known_by_content(const struct atom *atom)
{
	if (atom->twin)
		return false;
	if (atom->kind == ATOM_STRING || atom->kind == ATOM_FRAGMENT)
		return true;
	if (atom->kind != ATOM_DATA)
		return false;
	if (atom->symbol)
		return atom->macro_made;
	return !atom_is_writable(atom) || atom_section_kind(atom) == SECTION_INIT ||
	       atom_section_kind(atom) == SECTION_EXIT;
}

/* A variable that code writes while the kernel runs, and that isn't private to one macro. */
bool atom_is_state(const struct atom *atom);

/* An atom that exists only during initialisation is not the same as one of that name that stays. */
bool same_lifetime(const struct atom *a, const struct atom *b);

/* Read-only data at an address of its own, which isn't merged. */
bool is_constant(const struct atom *atom);

/*
 * An entry of a list that the module loader reads in each module, about something that only this
 * unit has: with that thing it comes, and goes.
 */
bool atom_is_copied(const struct atom *atom);

/*
 * A sorted set of BTF ids (BTF_SET_START()). Of all the data that is filled in when vmlinux is
 * linked, only these may be added by new code: kpatch-build fills them in.
 */
bool atom_is_btf_set(const struct atom *atom);

#endif
