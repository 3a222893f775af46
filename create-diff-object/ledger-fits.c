// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The conditions of the rows of ledger-rules.c, except those about sections
 * (ledger-fits-sections.c). Where a function has no comment, the row's reason
 * explains it.
 */
#include <string.h>

#include "lib/array.h"
#include "lib/text.h"
#include "lib/klp-format.h"
#include "create-diff-object/ledger-fits.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/ledger-compare.h"

/* --- what the output contains --- */

bool is_included(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return entry->patched && entry->patched->included;
}

bool is_declaration(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return ledger_entry_kind(entry) == SECTION_AUTHOR;
}

bool is_global_now(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return became_global(entry->patched);
}

/* Code that uses it refers to the original, which is looked up by its own name. */
bool is_same_variable(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return entry->patched->kind == ATOM_DATA && entry->patched->twin == entry->original &&
	       entry->was == entry->original->symbol && entry->is == entry->patched->symbol &&
	       !is_renewed(entry->patched);
}

/* A label of code that is part of the output has moved with the code. */
bool is_label_of_included(const struct ledger *ledger, const struct ledger_entry *entry)
{
	const struct elf_symbol *symbol = entry->is ?: entry->was;

	return is_included(ledger, entry) && symbol->bind == STB_LOCAL;
}

/* --- what the author leaves out --- */

static bool is_ignored(struct atom *atom)
{
	return atom && atom_group(atom)->ignored;
}

/* This includes names that now belong to something that is left out. */
bool is_left_out(const struct ledger *ledger, const struct ledger_entry *entry)
{
	const struct elf_symbol *symbol;

	if (is_ignored(entry->patched))
		return true;
	if (entry->differs != DIFFERS_ALIAS || entry->is)
		return false;
	symbol = elf_symbol_find(ledger->patched->elf, entry->name);
	return symbol && symbol->section &&
	       is_ignored(section_atom_at(symbol->section->priv, (int64_t)symbol->value));
}

/* drop_overridden(): the linker would drop it too. */
bool is_dropped_weak(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return entry->patched && atom_group(entry->patched)->overridden;
}

/* --- names --- */

bool is_numbered(const struct ledger *ledger, const struct ledger_entry *entry)
{
	const struct elf_symbol *was = entry->was, *is = entry->is;

	return was->value - entry->original->offset == is->value - entry->patched->offset &&
	       (!name_compare(was->name, is->name) ||
		(name_is_of_btf_id(was->name) && name_is_same_btf_id(was->name, is->name)));
}

bool is_padding(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return name_is_of_padding(entry->name);
}

bool is_local_name(const struct ledger *ledger, const struct ledger_entry *entry)
{
	const struct elf_symbol *symbol = entry->is ?: entry->was;
	const struct atom *atom = entry->is ? entry->patched : entry->original;

	return symbol->bind == STB_LOCAL && symbol->value == atom->offset;
}

/* The module loader calls these: gone.c handles a change of them, no row here does. */
static bool is_entry_point(const char *name)
{
	return !strcmp(name, "init_module") || !strcmp(name, KLP_EXIT_FUNCTION);
}

bool is_gone_name(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return !entry->is && !is_entry_point(entry->name);
}

/* The function or variable of the original that had this name, if it isn't the same one. */
static struct atom *original_of_name(const struct ledger *ledger, const struct ledger_entry *entry)
{
	const struct elf_symbol *symbol = elf_symbol_find(ledger->original->elf, entry->name);
	struct atom *atom = symbol && symbol->section
				    ? section_atom_at(symbol->section->priv, (int64_t)symbol->value)
				    : NULL;

	return atom && atom->offset == symbol->value ? atom : NULL;
}

bool is_name_of_equal(const struct ledger *ledger, const struct ledger_entry *entry)
{
	const struct atom *was = original_of_name(ledger, entry), *is = entry->patched;

	if (!entry->is || !was || was->kind != is->kind || (was->twin && was->twin->included))
		return false;
	if (is->kind == ATOM_FUNCTION)
		return same_code(was, is);
	return is->kind == ATOM_DATA && !atom_is_writable(was) && !atom_is_writable(is) &&
	       same_data(ledger->original, was, ledger->patched, is);
}

/* Nothing in the kernel is linked by this name: neither the unit nor the object has it. */
bool is_unknown_name(const struct ledger *ledger, const struct ledger_entry *entry)
{
	size_t n = 0;

	if (!entry->is || entry->is->bind == STB_LOCAL || is_entry_point(entry->name) ||
	    entry->is->value != entry->patched->offset ||
	    elf_symbol_find(ledger->original->elf, entry->name))
		return false;
	if (ledger->object)
		object_index_find(ledger->object, entry->name, &n);
	return !n && (entry->is->type == STT_FUNC || entry->is->type == STT_OBJECT);
}

/*
 * pair_renamed_functions() has paired it, or it is an alias in both units. Code that calls it
 * refers to the original, or calls its replacement. kpatch-build finds other units' users of the
 * old name (KS357).
 */
bool is_same_function(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return entry->patched->kind == ATOM_FUNCTION && entry->patched->twin == entry->original &&
	       entry->was == entry->original->symbol && entry->is == entry->patched->symbol &&
	       (entry->is->bind == STB_LOCAL || is_unknown_name(ledger, entry));
}

bool is_device_table(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return str_starts(entry->name, "__mod_") && strstr(entry->name, "_device_table");
}

/* --- scope and weakness --- */

bool is_static_now(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return entry->is->bind == STB_LOCAL;
}

bool is_of_init(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return ledger_entry_kind(entry) == SECTION_INIT || ledger_entry_kind(entry) == SECTION_EXIT;
}

bool is_weak_now(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return entry->was->bind == STB_GLOBAL && entry->is->bind == STB_WEAK;
}

/* If there is a weak and a strong definition, the linker has used the strong one. */
bool is_in_use(const struct ledger *ledger, const struct ledger_entry *entry)
{
	const struct object_symbol *symbols;
	size_t n = 0, weak = 0;

	if (entry->was->bind != STB_WEAK || !ledger->object)
		return false;
	symbols = object_index_find(ledger->object, entry->was->name, &n);
	for (size_t i = 0; i < n; i++) {
		if (symbols[i].bind == STB_GLOBAL)
			return false;
		weak += symbols[i].bind == STB_WEAK;
	}
	return weak == 1;
}

bool is_weak(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return entry->was->bind == STB_WEAK;
}

bool differs_in_visibility(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return entry->was->other != entry->is->other && entry->was->type == entry->is->type &&
	       entry->was->size == entry->is->size && entry->was->shndx == entry->is->shndx;
}

bool differs_in_binding(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return entry->was && entry->is && entry->was->bind != entry->is->bind &&
	       entry->was->shndx == SHN_UNDEF && entry->is->shndx == SHN_UNDEF &&
	       entry->is->bind != STB_LOCAL;
}

/* --- code and entries --- */

bool is_never_run(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return ledger->patched->builtin &&
	       (!entry->original || atom_section_kind(entry->original) == SECTION_EXIT) &&
	       (!entry->patched || atom_section_kind(entry->patched) == SECTION_EXIT);
}

bool is_derived(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return entry->list->derived;
}

bool is_of_code_alone(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return !entry->original || !entry->patched;
}

bool differs_in_landing(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return atom_is_code(entry->patched) &&
	       ledger_same_content(entry->original, entry->patched, WITHOUT_ENDBR);
}

/* A table names a function that another file of the diff contains now, or did before. */
bool names_moved_function(const struct ledger *ledger, const struct ledger_entry *entry)
{
	const struct atom *was = entry->original, *is = entry->patched;
	bool moved = false;

	if (is->kind != ATOM_DATA || is->twin != was || was->n_relocs != is->n_relocs ||
	    !same_data(ledger->original, was, ledger->patched, is))
		return false;
	for (size_t i = 0; i < is->n_relocs; i++)
		moved |= !was->relocs[i].to != !is->relocs[i].to;
	return moved;
}

/* --- what was added and removed --- */

static bool has_a_use_only(struct unit *unit, const struct atom *atom)
{
	/* only a symbol without a size leads to this code: it may be a function */
	if (atom_is_code(atom) && !atom->symbol && atom_section_kind(atom) == SECTION_CODE &&
	    !first_user(unit, atom))
		return false;
	switch (atom_section_kind(atom)) {
	case SECTION_CODE:
	case SECTION_DATA:
	case SECTION_CONST:
	case SECTION_STRINGS:
	case SECTION_PERCPU:
	case SECTION_FRAGMENTS:
	case SECTION_DESCRIPTORS:
	case SECTION_INIT:
	case SECTION_EXIT:
		return true;
	case SECTION_REGISTRATION:
		return atom_is_btf_set(atom) || atom_is_copied(atom);
	case SECTION_UNKNOWN: /* code reaches it, or else it is refused (KS110) */
		return atom->kind == ATOM_FRAGMENT && first_user(unit, atom);
	default:
		return false;
	}
}

bool is_listed_string(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return is_trace_string(ledger_entry_atom(entry));
}

bool is_reached_by_reference(const struct ledger *ledger, const struct ledger_entry *entry)
{
	const struct atom *atom = ledger_entry_atom(entry);

	return has_a_use_only(ledger->patched, atom) &&
	       (!atom->symbol || atom->symbol->bind == STB_LOCAL || atom_is_copied(atom));
}

bool is_kept(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return has_a_use_only(ledger->original, entry->original);
}

/* --- what the module says about itself --- */

/* "alias=pci:*", or "e1000.alias=pci:*" if it is built in */
static bool says(const struct ledger_entry *entry, const char *tag)
{
	const char *end = strchr(entry->name, '='), *start = end;

	while (start && start > entry->name && start[-1] != '.')
		start--;
	return start && (size_t)(end - start) == strlen(tag) && !strncmp(start, tag, end - start);
}

bool says_for_people(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return says(entry, "author") || says(entry, "description") || says(entry, "version") ||
	       says(entry, "parm");
}

bool says_of_parameter(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return says(entry, "parmtype");
}

bool says_for_builds(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return says(entry, "import_ns") || says(entry, "firmware");
}

bool is_built_in(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return ledger->patched->builtin;
}

bool says_to_loaders(const struct ledger *ledger, const struct ledger_entry *entry)
{
	return says(entry, "alias") || says(entry, "softdep") || says(entry, "weakdep") ||
	       says(entry, "license");
}
