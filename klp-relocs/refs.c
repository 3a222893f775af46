// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two units of a livepatch may refer to two different static functions by one
 * name, and a unit may have been compiled against other symbols than the rest.
 * Each undefined symbol must become exactly one symbol of the running kernel:
 * entries that agree are merged, entries that differ are an error.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/arch.h"
#include "lib/klp-format.h"
#include "klp-relocs/module.h"
#include "klp-relocs/refs.h"

/* An entry has four words; the first three are addresses, filled in by relocations. */
enum word { SYMBOL, OBJECT, NAME, SYMPOS, N_WORDS };

struct entry {
	const struct elf_rela *relas[SYMPOS];
};

static const char *const word_names[] = { "symbol", "object", "name", "position" };

static int malformed(const struct elf_model *model, size_t index, struct diag *diag,
		     const char *what)
{
	struct diag_place place = { .file = model->path };

	return diag_error(diag, "KS203", &place, "entry %zu: %s", index, what);
}

static int sort_relas(const struct elf_model *model, const struct elf_section *section,
		      struct entry *entries, struct diag *diag)
{
	const struct elf_rela *rela;
	int err = 0;

	elf_for_each_rela(section, rela) {
		size_t index = rela->offset / KLP_REFS_ENTRY_SIZE;
		size_t word = rela->offset % KLP_REFS_ENTRY_SIZE / 8;

		if (rela->offset % 8 || word >= SYMPOS ||
		    !arch_is_pointer(model->machine, rela->type) || entries[index].relas[word])
			err = malformed(model, index, diag, "unexpected relocation");
		else
			entries[index].relas[word] = rela;
	}
	return err;
}

static bool is_object_name(const char *name)
{
	size_t length = strlen(name);

	return length && length <= KLP_MODULE_NAME_MAX && !strpbrk(name, ".,-/ ");
}

static bool is_symbol_name(const char *name)
{
	size_t length = strlen(name);

	return length && length <= KLP_SYMBOL_NAME_MAX && !strpbrk(name, ", ");
}

int identity_add(struct identity **identities, struct elf_symbol *symbol, const char *object,
		 const char *name, unsigned long sympos)
{
	struct identity *identity = calloc(1, sizeof(*identity));

	if (!identity)
		return -ENOMEM;
	*identity = (struct identity){
		.next = *identities, .object = object, .name = name, .sympos = sympos
	};
	*identities = identity;
	symbol->identity = identity;
	return 0;
}

void identities_free(struct identity *identities)
{
	struct identity *next;

	for (; identities; identities = next) {
		next = identities->next;
		free(identities);
	}
}

static int contradiction(const struct elf_model *model, const struct elf_symbol *symbol,
			 const struct identity *a, const struct identity *b, struct diag *diag)
{
	struct diag_place place = { .file = model->path };

	diag_error(diag, "KS204", &place, "'%s'", symbol->name);
	diag_detail(diag, "one reference means %s:%s,%lu", a->object, a->name, a->sympos);
	diag_detail(diag, "another one means %s:%s,%lu", b->object, b->name, b->sympos);
	module_tell_uses(model, symbol, diag);
	return -EINVAL;
}

static int identify(const struct elf_model *model, struct identity **identities,
		    const struct identity *wanted, struct elf_symbol *symbol, struct diag *diag)
{
	const struct identity *known = symbol->identity;

	if (!known) {
		if (identity_add(identities, symbol, wanted->object, wanted->name, wanted->sympos))
			return diag_oom(diag);
		return 0;
	}
	if (strcmp(known->object, wanted->object) || strcmp(known->name, wanted->name) ||
	    known->sympos != wanted->sympos)
		return contradiction(model, symbol, known, wanted, diag);
	return 0;
}

static int read_entry(struct elf_model *model, struct elf_section *section, size_t index,
		      const struct entry *entry, struct identity **identities, struct diag *diag)
{
	struct identity wanted = { 0 };
	struct elf_symbol *symbol;

	for (size_t word = 0; word < SYMPOS; word++) {
		if (!entry->relas[word]) {
			malformed(model, index, diag, "a relocation is missing");
			diag_detail(diag, "the field for its %s has no relocation",
				    word_names[word]);
			return -EINVAL;
		}
	}
	symbol = entry->relas[SYMBOL]->symbol;
	if (!symbol || entry->relas[SYMBOL]->addend)
		return malformed(model, index, diag, "refers to no symbol");
	if (!symbol_is_undefined(symbol))
		return 0; /* another unit of the livepatch defines it */

	wanted.object = module_read_string(entry->relas[OBJECT]);
	wanted.name = module_read_string(entry->relas[NAME]);
	wanted.sympos =
		module_read_word(model, section->data + index * KLP_REFS_ENTRY_SIZE + 8 * SYMPOS);
	if (!wanted.object || !is_object_name(wanted.object))
		return malformed(model, index, diag, "not the name of an object");
	if (!wanted.name || !is_symbol_name(wanted.name))
		return malformed(model, index, diag, "not the name of a symbol");
	return identify(model, identities, &wanted, symbol, diag);
}

static int read_section(struct elf_model *model, struct elf_section *section,
			struct identity **identities, struct diag *diag)
{
	size_t n = section->size / KLP_REFS_ENTRY_SIZE;
	struct entry *entries;
	int err, one;

	if (section->size % KLP_REFS_ENTRY_SIZE || (section->size && !section->data))
		return malformed(model, n, diag, "it is cut off");
	entries = calloc(n + 1, sizeof(*entries));
	if (!entries)
		return diag_oom(diag);
	err = sort_relas(model, section, entries, diag);
	if (err)
		goto out;
	for (size_t i = 0; i < n && err != -ENOMEM; i++) {
		one = read_entry(model, section, i, &entries[i], identities, diag);
		err = one ?: err;
	}
out:
	free(entries);
	return err;
}

int refs_read(struct elf_model *model, struct identity **identities, struct diag *diag)
{
	struct elf_section *section;
	int err = 0, one;

	elf_for_each_section(model, section) {
		if (strcmp(section->name, KLP_REFS_SECTION))
			continue;
		one = read_section(model, section, identities, diag);
		err = one ?: err;
	}
	return err;
}

/* Debugging information describes the entries as variables, which the module no longer has. */
static size_t drop_relas_to(struct elf_section *section, const struct elf_section *to)
{
	size_t kept = 0, n = section->n_relas;

	for (size_t i = 0; i < n; i++) {
		const struct elf_symbol *symbol = section->relas[i].symbol;

		if (!symbol || symbol->section != to)
			section->relas[kept++] = section->relas[i];
	}
	section->n_relas = kept;
	return n - kept;
}

int refs_drop(struct elf_model *model, struct diag *diag)
{
	struct diag_place place = { .file = model->path };
	struct elf_section *refs, *section;

	while ((refs = elf_section_find(model, KLP_REFS_SECTION))) {
		elf_for_each_section(model, section) {
			if (section != refs && drop_relas_to(section, refs) &&
			    section_is_loaded(section))
				return diag_error(diag, "KS203", &place, "%s refers to its entries",
						  section->name);
		}
		elf_section_remove(model, refs);
	}
	return 0;
}
