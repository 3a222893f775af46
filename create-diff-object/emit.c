// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The output is built anew instead of by deleting from the patched object: what
 * nothing adds can't be left over. A function keeps a section of its own.
 * Strings and entries are collected in sections like their old ones, in their
 * old order.
 *
 * A function that exists in the original becomes a LOCAL symbol: if another
 * unit of the livepatch calls it, it has to call the original, which ftrace
 * redirects to the livepatch on top.
 */
#include <errno.h>
#include <string.h>

#include "lib/text.h"
#include "lib/array.h"
#include "lib/arch.h"
#include "create-diff-object/unit/arch.h"
#include "create-diff-object/declared.h"
#include "lib/klp-format.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "lib/elf-write.h"

struct output {
	struct unit *unit;
	struct elf_model *elf;
	struct diag *diag;
};

static bool is_gathered(const struct atom *atom)
{
	return atom->kind == ATOM_ENTRY || atom->kind == ATOM_STRING;
}

/*
 * Names of sections that differ in the livepatch.
 *
 * The module loader allocates one section, by its name, for each CPU (kernel/module/main.c:
 * find_pcpusec(), 6.1). The other names are for vmlinux, where the linker joins them. They stand
 * for an alignment, which is in the section headers as well.
 *
 * The target's exit function isn't that of the livepatch's module: modpost would warn of each
 * reference to it.
 */
static const struct {
	const char *prefix, *name;
} names_in_module[] = {
	{ ".data..percpu", ".data..percpu" },
	{ ".exit.text", ".text.exit" },
};

static const char *name_in_module(const struct elf_section *section)
{
	for (size_t i = 0; i < ARRAY_SIZE(names_in_module); i++)
		if (str_starts(section->name, names_in_module[i].prefix))
			return names_in_module[i].name;
	return section->name;
}

static struct elf_section *add_section(struct output *out, const struct elf_section *like)
{
	struct elf_section *section;

	/* Groups and link orders refer to sections that may not be part of the output. */
	section = elf_section_add(out->elf, name_in_module(like), like->type,
				  like->flags & ~(uint64_t)(SHF_GROUP | SHF_LINK_ORDER),
				  like->align, NULL, 0);
	if (!section)
		return NULL;
	section->entsize = like->entsize;
	section->symbol =
		section->symbol
			?: elf_symbol_add(out->elf, "", STB_LOCAL, STT_SECTION, section, 0, 0);
	return section->symbol ? section : NULL;
}

/*
 * An atom gets the alignment that its old place had, and no more: if a section claims a huge
 * alignment, the gaps between its strings would fill all memory.
 */
static uint64_t alignment_of(const struct atom *atom)
{
	uint64_t align = atom->section->elf->align ?: 1, place = atom->offset & -atom->offset;

	return place && place < align ? place : align;
}

/*
 * With call padding there are NOPs before the entry of a function, which the kernel writes code to.
 * They belong to the function although its symbol comes after them.
 */
static uint64_t padding_before(const struct unit *unit, const struct atom *atom)
{
	const struct elf_symbol *padding;
	char name[512]; /* KSYM_NAME_LEN is at most 512 */

	if (atom->kind != ATOM_FUNCTION)
		return 0;
	if (atom == atom->section->atoms)
		return atom->offset;
	snprintf(name, sizeof(name), PADDING_PREFIX "%s", atom_name(atom));
	padding = elf_symbol_find(unit->elf, name);
	if (!padding || padding->section != atom->section->elf || padding->value >= atom->offset ||
	    padding->value < atom[-1].offset + atom[-1].size)
		return 0;
	return atom->offset - padding->value;
}

static int put_data(struct output *out, struct atom *atom, struct elf_section *section)
{
	const unsigned char *data = atom_data(atom);
	uint64_t lead = padding_before(out->unit, atom);
	int64_t offset;

	offset = elf_section_append(section, data ? data - lead : NULL, atom->size + lead,
				    alignment_of(atom));
	if (offset < 0)
		return diag_oom(out->diag);
	atom->out = section;
	atom->out_offset = offset + lead;
	return 0;
}

/* Put all included atoms of one section of the unit. */
static int put_section(struct output *out, struct unit_section *s)
{
	struct elf_section *section = NULL;
	struct atom *atom;
	int err = 0;

	section_for_each_atom(s, atom) {
		if (!atom->included)
			continue;
		if (!section || !is_gathered(atom))
			section = add_section(out, s->elf);
		if (!section)
			return diag_oom(out->diag);
		err = put_data(out, atom, section);
		if (err)
			return err;
	}
	return 0;
}

/* Put the atom's own name; put_other_names() puts the others. */
static int put_symbol(struct output *out, struct atom *atom)
{
	const struct elf_symbol *symbol = atom->symbol;
	unsigned char bind;

	if (!symbol || is_gathered(atom)) {
		atom->out_symbol = atom->out->symbol;
		return 0;
	}
	bind = atom->twin ? STB_LOCAL : symbol->bind;
	atom->out_symbol = elf_symbol_add(out->elf, symbol->name, bind, symbol->type, atom->out,
					  atom->out_offset, symbol->size);
	if (!atom->out_symbol)
		return diag_oom(out->diag);
	atom->out_symbol->other = symbol->other;
	return 0;
}

/*
 * Other code may refer to the name, unless the original keeps it. And the linked module's BTF ids
 * are found by their names.
 */
static bool is_needed_name(const struct atom *atom, const struct elf_symbol *symbol)
{
	return (symbol->bind != STB_LOCAL && !atom->twin) || name_is_of_btf_id(symbol->name);
}

static int put_other_names(struct output *out)
{
	struct elf_symbol *symbol, *added;

	elf_for_each_symbol(out->unit->elf, symbol) {
		struct atom *atom;

		/*
		 * objtool names the padding again in each module, so such names could be there
		 * twice
		 */
		if (!symbol->section || name_is_of_padding(symbol->name))
			continue;
		atom = section_atom_at(symbol->section->priv, symbol->value);
		if (!atom || !atom->included || atom->symbol == symbol || is_gathered(atom) ||
		    !is_needed_name(atom, symbol))
			continue;
		added = elf_symbol_add(out->elf, symbol->name, symbol->bind, symbol->type,
				       atom->out, atom->out_offset + symbol->value - atom->offset,
				       symbol->size);
		if (!added)
			return diag_oom(out->diag);
		added->other = symbol->other;
	}
	return 0;
}

/* The tables of the livepatch refer to a function by a name that says its kind. */
static int put_as(struct output *out, const char *name, const struct atom *function)
{
	return elf_symbol_add(out->elf, name, STB_GLOBAL, STT_FUNC, function->out,
			      function->out_offset, function->size)
		       ? 0
		       : diag_oom(out->diag);
}

static int put_callback(const char *kind, struct atom *function, void *arg)
{
	char name[64];

	snprintf(name, sizeof(name), KLP_CALLBACK_PREFIX "%s", kind);
	return put_as(arg, name, function);
}

static int put_exit(struct output *out, struct atom *atom)
{
	return atom->is_exit ? put_as(out, KLP_NEW_EXIT, atom) : 0;
}

static int put_references(struct output *out)
{
	struct reference *ref;

	for (ref = out->unit->references; ref; ref = ref->next) {
		ref->out = elf_symbol_add(out->elf, ref->symbol, ref->weak ? STB_WEAK : STB_GLOBAL,
					  STT_NOTYPE, NULL, 0, 0);
		if (!ref->out)
			return diag_oom(out->diag);
	}
	return 0;
}

/*
 * objtool takes a jump to the symbol of a function for a tail call (tools/objtool/check.c, 6.12:
 * add_jump_destinations()), even a jump to the function's own .cold part. It doesn't follow such a
 * jump, and the code there would get no entry for the unwinder. So write section and offset, as the
 * assembler does.
 */
static bool is_within_function(const struct atom *atom, const struct reloc *reloc)
{
	return reloc->by_section && reloc->to->out && reloc->to != atom &&
	       reloc->to->kind == ATOM_FUNCTION &&
	       (reloc->to->parent ?: reloc->to) == (atom->parent ?: atom);
}

static int put_relocs(struct output *out, struct atom *atom)
{
	struct reloc *reloc;

	atom_for_each_reloc(atom, reloc) {
		uint64_t offset = reloc->offset - atom->offset + atom->out_offset;
		struct elf_symbol *symbol;
		int64_t addend = reloc->at - reloc->bias;

		if (!reloc->type)
			continue;
		if (reloc->ref) {
			symbol = reloc->ref->out;
		} else {
			symbol = reloc->to->out_symbol;
			if ((atom->section->rule->by_section && reloc->to->out) ||
			    is_within_function(atom, reloc))
				symbol = reloc->to->out->symbol;
			if (symbol && symbol->type == STT_SECTION)
				addend += reloc->to->out_offset;
		}
		if (!symbol)
			return diag_error(out->diag, "KS122", NULL, "%s refers to %s",
					  atom_name(atom), atom_name(reloc->to));
		if (elf_rela_add(atom->out, offset, reloc->type, symbol, addend))
			return diag_oom(out->diag);
	}
	return 0;
}

/* Add a section of our own, which consists of words that are numbers or pointers. */
static struct elf_section *add_table(struct output *out, const char *name, uint64_t flags)
{
	struct elf_section model = {
		.name = (char *)name, .type = SHT_PROGBITS, .flags = SHF_ALLOC | flags, .align = 8
	};

	return add_section(out, &model);
}

static int put_string(struct output *out, struct elf_section *strings, const char *string,
		      struct elf_section *table, uint64_t at)
{
	int64_t offset = elf_section_append(strings, string, strlen(string) + 1, 1);

	if (offset < 0 ||
	    elf_rela_add(table, at, arch_pointer(out->unit->elf->machine), strings->symbol, offset))
		return diag_oom(out->diag);
	return 0;
}

static int put_func(struct output *out, struct elf_section *table, struct elf_section *strings,
		    const struct atom *atom)
{
	uint64_t entry[KLP_FUNCS_ENTRY_SIZE / 8] = { [2] = atom->sympos };
	int64_t at = elf_section_append(table, entry, sizeof(entry), 8);

	if (at < 0 ||
	    elf_rela_add(table, at + 8, arch_pointer(out->unit->elf->machine), atom->out_symbol, 0))
		return diag_oom(out->diag);
	return put_string(out, strings, atom->twin->symbol->name, table, at);
}

static int put_ref(struct output *out, struct elf_section *table, struct elf_section *strings,
		   const struct reference *ref)
{
	uint64_t entry[KLP_REFS_ENTRY_SIZE / 8] = { [3] = ref->sympos };
	int64_t at = elf_section_append(table, entry, sizeof(entry), 8);
	int err;

	if (at < 0 || elf_rela_add(table, at, arch_pointer(out->unit->elf->machine), ref->out, 0))
		return diag_oom(out->diag);
	err = put_string(out, strings, ref->object, table, at + 8);
	return err ?: put_string(out, strings, ref->name, table, at + 16);
}

static int put_tables(struct output *out)
{
	struct elf_section *funcs = NULL, *strings, *refs = NULL;
	struct unit_section *s;
	struct atom *atom;
	struct reference *ref;
	int err = 0;

	strings = add_table(out, KLP_STRINGS_SECTION, 0);
	if (!strings)
		return diag_oom(out->diag);
	strings->align = 1;
	unit_for_each_section(out->unit, s) {
		section_for_each_atom(s, atom) {
			if (!atom->included || !atom_is_redirected(atom))
				continue;
			funcs = funcs ?: add_table(out, KLP_FUNCS_SECTION, 0);
			err = err
				      ?: funcs ? put_func(out, funcs, strings, atom)
					       : diag_oom(out->diag);
		}
	}
	for (ref = out->unit->references; ref; ref = ref->next) {
		if (!ref->object)
			continue;
		refs = refs ?: add_table(out, KLP_REFS_SECTION, 0);
		err = err ?: refs ? put_ref(out, refs, strings, ref) : diag_oom(out->diag);
	}
	return err;
}

static int for_each_included(struct output *out, int (*put)(struct output *, struct atom *))
{
	struct unit_section *s;
	struct atom *atom;
	int err = 0;

	unit_for_each_section(out->unit, s)
		section_for_each_atom(s, atom)
			if (atom->included)
				err = err ?: put(out, atom);
	return err;
}

static int put_file_symbol(struct output *out)
{
	struct elf_symbol *symbol =
		elf_symbol_add(out->elf, out->unit->source, STB_LOCAL, STT_FILE, NULL, 0, 0);

	if (!symbol)
		return diag_oom(out->diag);
	symbol->shndx = SHN_ABS;
	return 0;
}

int unit_emit(struct unit *patched, const char *path, struct diag *diag)
{
	struct output out = { .unit = patched, .diag = diag };
	struct unit_section *s;
	int err;

	err = elf_model_new(patched->elf, &out.elf, diag);
	if (err)
		return err;
	err = put_file_symbol(&out);
	unit_for_each_section(patched, s)
		err = err ?: put_section(&out, s);
	err = err ?: for_each_included(&out, put_symbol);
	err = err ?: put_other_names(&out);
	err = err ?: for_each_callback(patched, put_callback, &out);
	err = err ?: for_each_included(&out, put_exit);
	err = err ?: put_references(&out);
	err = err ?: for_each_included(&out, put_relocs);
	err = err ?: put_tables(&out);
	err = err ?: elf_model_write(out.elf, path, diag);
	elf_model_free(out.elf);
	return err;
}
