// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The conditions of ledger-rules.c about sections: their names, which may mean
 * a place in memory or something to the kernel, their flags and alignments.
 */
#include <string.h>

#include "lib/array.h"
#include "lib/klp-format.h"
#include "create-diff-object/ledger-fits-sections.h"
#include "create-diff-object/passes.h"

/* '*' at the end of @pattern matches anything. */
static bool name_fits(const char *pattern, const char *name)
{
	size_t length = strlen(pattern);

	return length && pattern[length - 1] == '*' ? !strncmp(pattern, name, length - 1)
						    : !strcmp(pattern, name);
}

/* Sections of code and constants whose name only determines the place in memory. */
static const struct {
	const char *pattern, *class;
} placements[] = {
	{ ".rodata*", "constants" },	{ ".ref.rodata*", "constants" },
	{ ".text..*", NULL },		{ ".text", "code" },
	{ ".text.*", "code" }, /* -ffunction-sections, .text.unlikely., .text.hot. */
	{ ".ref.text", "code" },	{ ".init.text", "init code" },
	{ ".init.data*", "init data" }, { ".init.rodata*", "init data" },
};

/* NULL: a section with a meaning of its own. */
static const char *placement(const struct atom *atom)
{
	for (size_t i = 0; i < ARRAY_SIZE(placements); i++)
		if (name_fits(placements[i].pattern, atom->section->elf->name))
			return placements[i].class;
	return NULL;
}

bool is_placed_alike(const struct ledger *ledger, const struct ledger_entry *entry)
{
	const char *was = placement(entry->original), *is = placement(entry->patched);

	return was && is && !strcmp(was, is);
}

static bool is_variable(const struct atom *atom)
{
	return atom->kind == ATOM_DATA && (atom_section_kind(atom) == SECTION_DATA ||
					   atom_section_kind(atom) == SECTION_PERCPU);
}

/* placement.c knows which sections are memory of another kind. */
bool is_same_memory(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return is_variable(entry->original) && is_variable(entry->patched) &&
	       entry->patched->twin == entry->original && !becomes_other_memory(entry->patched) &&
	       !needs_aligned_section(entry->patched);
}

/* It is loaded and freed with the module, like its other code. */
bool is_exit_of_module(const struct ledger *ledger, const struct ledger_entry *entry)
{
	enum section_kind was = atom_section_kind(entry->original), is = ledger_entry_kind(entry);

	return !ledger->patched->builtin && (was == SECTION_EXIT || was == SECTION_CODE) &&
	       (is == SECTION_EXIT || is == SECTION_CODE) && was != is;
}

bool is_export(const struct ledger *ledger, const struct ledger_entry *entry)
{
	const struct atom *atom = ledger_entry_atom(entry);

	return ledger_entry_kind(entry) == SECTION_REGISTRATION &&
	       (strstr(atom->section->elf->name, "__ksymtab") ||
		strstr(atom->section->elf->name, "__kcrctab") ||
		!strcmp(atom->section->elf->name, ".export_symbol"));
}

bool differs_in_section(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return ledger_entry_kind(entry) != SECTION_UNKNOWN;
}

/* Whether it is merged with equal content, and whether zeroes are stored in the file. */
bool differs_in_storage(const struct ledger *ledger, const struct ledger_entry *entry)
{
	const struct elf_section *was = entry->original->section->elf;
	const struct elf_section *is = entry->patched->section->elf;
	uint64_t allowed = was->flags & SHF_WRITE ? 0 : SHF_MERGE | SHF_STRINGS;
	uint64_t always = SHF_GROUP;

	return !((was->flags ^ is->flags) & ~(allowed | always)) &&
	       (was->type == SHT_PROGBITS || was->type == SHT_NOBITS) &&
	       (is->type == SHT_PROGBITS || is->type == SHT_NOBITS);
}

bool is_aligned_less(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return entry->patched->section->elf->align < entry->original->section->elf->align;
}

bool is_unmoved_code(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return atom_is_code(entry->patched) || ledger_entry_kind(entry) == SECTION_INIT ||
	       ledger_entry_kind(entry) == SECTION_EXIT;
}

bool is_list_or_content(const struct ledger *ledger, const struct ledger_entry *entry)
{
	switch (ledger_entry_kind(entry)) {
	case SECTION_ENTRIES:
	case SECTION_PAIRED:
	case SECTION_FRAGMENTS:
	case SECTION_STRINGS:
	case SECTION_DESCRIPTORS:
		return true;
	default:
		return false;
	}
}

/*
 * The atom is new in this section, and may need the section's alignment, or had such an alignment
 * before.
 */
static bool brings_alignment(const struct atom *atom)
{
	const struct elf_section *is = atom->section->elf, *was;

	if (atom->kind != ATOM_FUNCTION && atom->kind != ATOM_DATA)
		return false;
	if (atom->offset & (is->align - 1))
		return false;
	if (!atom->twin)
		return true;
	was = atom->twin->section->elf;
	return strcmp(was->name, is->name) && was->align >= is->align;
}

/* The alignment of a section with several variables: the entry has the section's name. */
bool is_aligned_for_new(const struct ledger *ledger, const struct ledger_entry *entry)
{
	const struct unit_section *s = entry->patched->section;
	const struct atom *atom;

	if (entry->name != s->elf->name)
		return false;
	section_for_each_atom(s, atom)
		if (brings_alignment(atom))
			return true;
	return false;
}

/* --- sections that only the build reads --- */

static const char *const debugging[] = { ".debug_*", ".eh_frame*" };
static const char *const notes[] = {
	".discard*",	 "__addressable*", "__patchable_function_entries",
	".printk_index", ".exitcall.exit", "runtime_ptr_*",
};

bool is_declarations(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return !strcmp(entry->name, KLP_AUTHOR_SECTION);
}

static bool is_in(const char *const *patterns, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (name_fits(patterns[i], name))
			return true;
	return false;
}

bool is_debugging(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return is_in(debugging, ARRAY_SIZE(debugging), entry->name);
}

/*
 * A list of STACK_FRAME_NON_STANDARD() doesn't follow from code, and the kernel's ORC entries
 * depend on it.
 */
bool is_note(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return strcmp(entry->name, ".discard.func_stack_frame_non_standard") &&
	       is_in(notes, ARRAY_SIZE(notes), entry->name);
}
