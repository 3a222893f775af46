/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two compilations of one source file are never equal as files: offsets,
 * symbol numbers and section numbers move with every edit. What can be compared
 * are the things inside: a function, a variable, a string, an entry of a table.
 *
 * The ELF model knows sections. This one divides each section into atoms: the
 * stretches that are one such thing. And it turns each relocation into what it
 * means: "offset 8 of atom foo", whether the assembler wrote it against a
 * symbol or a section, and whatever the processor adds to it. All passes work
 * on atoms; the ELF model is only read again where the output is made.
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
	ATOM_FRAGMENT, /* code without: the replacement of an alternative, its slow path */
	ATOM_DATA, /* a variable or constant, named or not */
	ATOM_STRING, /* one string or constant of a section that the linker merges */
	ATOM_ENTRY, /* one entry of a special section */
};

/* A symbol of another object or unit that the output refers to. */
struct reference {
	struct reference *next;
	char *symbol; /* what the output calls it */
	const char *object; /* NULL: an ordinary undefined symbol; else the owner, for klp */
	const char *name; /* its name there */
	unsigned int sympos;
	const struct object_symbol *found; /* NULL: not in this object */
	bool weak; /* may stay undefined */
	struct elf_symbol *out;
	const struct atom *user; /* of what nothing in the kernel exports: the first one */
};

struct reloc {
	uint64_t offset; /* in the section that holds it */
	uint32_t type; /* R_X86_64_…; 0: it needs @to, and no bytes say so (static-calls.c) */
	int32_t bias; /* target = symbol + addend + bias: arch.h, scan_code() */
	struct atom *to; /* what it refers to, or NULL if that is elsewhere: */
	struct elf_symbol *symbol; /* … an undefined or absolute symbol */
	/* @to by a weak name that isn't its own: the kernel may have another */
	struct elf_symbol *weak;
	bool by_section; /* written as section + number: @to is what lies there */
	int64_t at; /* offset into @to, or addend to @symbol; bias undone */
	struct reference *ref; /* refer_by_klp(): refers to this instead of @to */
};

struct atom {
	enum atom_kind kind;
	struct unit_section *section;
	uint64_t offset, size; /* in the section */
	uint64_t landing; /* bytes of the instruction that indirect branches may lead to */
	struct elf_symbol *symbol; /* its name; NULL: it has none */
	struct reloc *relocs;
	size_t n_relocs;

	const struct variable *declared; /* variables.h; NULL: the source doesn't have it */
	struct atom *twin; /* the same thing in the other unit */
	struct unit *moved_from; /* pair_moved(): the unit of @twin, if that isn't the original */
	struct atom *parent; /* foo of foo.cold: both change together */
	struct atom *next_child; /* from the parent: its .cold parts */
	struct atom *owner; /* ATOM_ENTRY: the code that it is about */
	struct atom *entries; /* from the owner: its entries, by rule, then in file order … */
	struct atom *last_entry;
	struct atom *next_entry; /* … of all special sections */
	struct atom *pair; /* ATOM_ENTRY: the entry of the section with the same number */
	struct atom *maybe; /* the one of the running kernel that it may be: not to be copied */
	struct elf_symbol *maybe_elsewhere; /* the same, if another unit has that one */
	struct atom *next_needed;
	struct atom *same; /* keep_ledger(): no twin, but the same content, in the other unit */
	const struct atom *carrier; /* keep_ledger(): included code that refers to it */
	const char *claim; /* the code of the error that a pass has reported of it */
	const char *leads_to; /* change_callers(): changed only because it calls this function */
	const char *why; /* close_over_needed(): the code of what is wrong with it */

	bool patchable : 1; /* ftrace can redirect calls to it */
	bool macro_made : 1; /* find_macro_made() */
	bool starts_anew : 1; /* heed_new_state() */
	bool undecodable : 1; /* an instruction or a jump in it is not understood */
	bool changed : 1; /* compare_units() */
	bool ignored : 1; /* heed_author(): what changed in it is left out */
	bool refused : 1; /* reported; what follows from it need not be */
	/* compare_units(): changed, and the kernel calls it when the module goes */
	bool is_exit : 1;
	bool overridden : 1; /* drop_overridden(): weak, and the object has a strong one */
	bool callback : 1; /* read_declared(): the kernel calls it around patching */
	bool included : 1; /* close_over_needed(): it goes to the output */

	struct reference *ref; /* refer_by_klp(): the original of this atom, if referred to */
	unsigned int sympos; /* … and its position, if it is replaced */
	struct elf_section *out; /* unit_emit(): where it went, at @out_offset */
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
	const char *source; /* of its FILE symbol: "meminfo.c" */
	bool builtin; /* part of vmlinux, so that its exit functions never run */
	bool objtool_follows; /* on the linked module: it makes its sections then */
	struct unit_section *sections;
	size_t n_sections;
	struct reference *references; /* refer_by_klp() */
	struct places *places; /* places.c */
	const struct line_map *lines; /* NULL: its numbers of lines are those of its source */
	struct variables *variables; /* variables.c */
};

#define unit_for_each_section(unit, s) \
	for ((s) = (unit)->sections; (s) < (unit)->sections + (unit)->n_sections; (s)++)
#define section_for_each_atom(s, a) for ((a) = (s)->atoms; (a) < (s)->atoms + (s)->n_atoms; (a)++)
#define atom_for_each_reloc(a, r) for ((r) = (a)->relocs; (r) < (a)->relocs + (a)->n_relocs; (r)++)
#define atom_for_each_entry(a, e) for ((e) = (a)->entries; (e); (e) = (e)->next_entry)

/* The last atom that starts at or before @offset, else the first; NULL if there is none. */
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

/* A function and its .cold parts are one thing: this is the one that stands for it. */
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

/* Livepatch has ftrace lead from the running kernel's function to this one. */
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
 * Nothing finds it by a name, so that what it contains is all that counts. Variables of init code
 * are among them: they are only compared, never taken along.
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

/* A variable that code writes while the kernel runs, and that isn't the business of one macro. */
bool atom_is_state(const struct atom *atom);

/* What lives only during initialisation is not what lives on under the same name. (correlate.c) */
bool same_lifetime(const struct atom *a, const struct atom *b);

/* Read-only data with a place of its own. (close.c) */
bool is_constant(const struct atom *atom);

/*
 * A sorted set of BTF ids (BTF_SET_START()): of all that is filled in when vmlinux is linked, the one
 * thing that new code can bring along. kpatch-build fills it in.
 */
bool atom_is_btf_set(const struct atom *atom);

#endif
