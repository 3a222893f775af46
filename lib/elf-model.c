// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changes to the model. Whatever a pass adds, renames or removes, the lists stay
 * in order and the name indices stay right. Nothing has to be renumbered:
 * numbers exist only in files (elf-load.c, elf-write.c).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/elf-model.h"
#include "lib/elf-names.h"

int elf_model_new(const struct elf_model *like, struct elf_model **out, struct diag *diag)
{
	struct elf_model *model = calloc(1, sizeof(*model));

	if (!model)
		return diag_oom(diag);
	model->sections_tail = &model->sections;
	model->symbols_tail = &model->symbols;
	model->section_names = elf_names_new();
	model->symbol_names = elf_names_new();
	model->path = strdup(like && like->path ? like->path : "");
	if (!model->section_names || !model->symbol_names || !model->path) {
		elf_model_free(model);
		return diag_oom(diag);
	}
	if (like) {
		model->class = like->class;
		model->encoding = like->encoding;
		model->machine = like->machine;
		model->osabi = like->osabi;
		model->abiversion = like->abiversion;
		model->eflags = like->eflags;
	}
	*out = model;
	return 0;
}

static void section_free(struct elf_section *section)
{
	free(section->name);
	free(section->data);
	free(section->relas);
	free(section);
}

static void symbol_free(struct elf_symbol *symbol)
{
	free(symbol->name);
	free(symbol);
}

void elf_model_free(struct elf_model *model)
{
	struct elf_section *section, *next_section;
	struct elf_symbol *symbol, *next_symbol;

	if (!model)
		return;
	for (section = model->sections; section; section = next_section) {
		next_section = section->next;
		section_free(section);
	}
	for (symbol = model->symbols; symbol; symbol = next_symbol) {
		next_symbol = symbol->next;
		symbol_free(symbol);
	}
	elf_names_free(model->section_names);
	elf_names_free(model->symbol_names);
	free(model->path);
	free(model);
}

struct elf_section *elf_section_find(const struct elf_model *model, const char *name)
{
	return elf_names_find(model->section_names, name);
}

struct elf_symbol *elf_symbol_find(const struct elf_model *model, const char *name)
{
	return elf_names_find(model->symbol_names, name);
}

/*
 * No pass looks up a section symbol or a FILE symbol by name; in the index they
 * would only hide a function of the same name.
 */
static bool is_indexed(const struct elf_symbol *symbol)
{
	return symbol->type != STT_SECTION && symbol->type != STT_FILE && *symbol->name;
}

struct elf_section *elf_section_add(struct elf_model *model, const char *name, uint32_t type,
				    uint64_t flags, uint64_t align, const void *data, uint64_t size)
{
	struct elf_section *section = calloc(1, sizeof(*section));

	if (!section)
		return NULL;
	section->name = strdup(name);
	section->type = type;
	section->flags = flags;
	section->align = align;
	section->size = size;
	/* binutils sets SHF_INFO_LINK, and its tools find relocations by this flag */
	section->rela_flags = SHF_INFO_LINK;
	if (type != SHT_NOBITS && size) {
		section->data = data ? malloc(size) : calloc(1, size);
		if (data && section->data)
			memcpy(section->data, data, size);
	}
	if (!section->name || (type != SHT_NOBITS && size && !section->data) ||
	    !elf_names_add(model->section_names, section->name, section, 0)) {
		section_free(section);
		return NULL;
	}

	section->pprev = model->sections_tail;
	*model->sections_tail = section;
	model->sections_tail = &section->next;
	model->n_sections++;
	return section;
}

struct elf_symbol *elf_symbol_add(struct elf_model *model, const char *name, unsigned char bind,
				  unsigned char type, struct elf_section *section, uint64_t value,
				  uint64_t size)
{
	struct elf_symbol *symbol = calloc(1, sizeof(*symbol));

	if (!symbol)
		return NULL;
	symbol->name = strdup(name);
	symbol->bind = bind;
	symbol->type = type;
	symbol->section = section;
	symbol->value = value;
	symbol->size = size;
	if (!symbol->name ||
	    (is_indexed(symbol) && !elf_names_add(model->symbol_names, symbol->name, symbol, 0))) {
		symbol_free(symbol);
		return NULL;
	}
	if (type == STT_SECTION && section && !section->symbol)
		section->symbol = symbol;

	symbol->pprev = model->symbols_tail;
	*model->symbols_tail = symbol;
	model->symbols_tail = &symbol->next;
	model->n_symbols++;
	return symbol;
}

static int resize_relas(struct elf_section *section, size_t cap)
{
	struct elf_rela *relas = reallocarray(section->relas, cap, sizeof(*relas));

	if (!relas)
		return -ENOMEM;
	section->relas = relas;
	section->cap_relas = cap;
	return 0;
}

int elf_rela_reserve(struct elf_section *section, size_t n)
{
	return n > section->cap_relas - section->n_relas
		       ? resize_relas(section, section->n_relas + n)
		       : 0;
}

int elf_rela_add(struct elf_section *section, uint64_t offset, uint32_t type,
		 struct elf_symbol *symbol, int64_t addend)
{
	if (section->n_relas == section->cap_relas &&
	    resize_relas(section, section->cap_relas ? section->cap_relas * 2 : 16))
		return -ENOMEM;
	section->relas[section->n_relas++] = (struct elf_rela){
		.offset = offset,
		.type = type,
		.addend = addend,
		.symbol = symbol,
	};
	return 0;
}

int64_t elf_section_append(struct elf_section *section, const void *data, uint64_t size,
			   uint64_t align)
{
	uint64_t start = section->size, end;
	unsigned char *bytes;

	if (align > 1) {
		if (__builtin_add_overflow(start, align - 1, &start))
			return -ENOMEM;
		start -= start % align;
	}
	if (__builtin_add_overflow(start, size, &end) || end > INT64_MAX)
		return -ENOMEM;
	if (section->type != SHT_NOBITS && end) {
		bytes = realloc(section->data, end);
		if (!bytes)
			return -ENOMEM;
		section->data = bytes;
		memset(bytes + section->size, 0, end - section->size);
		if (data)
			memcpy(bytes + start, data, size);
	}
	section->size = end;
	if (align > section->align)
		section->align = align;
	return start;
}

void elf_symbol_remove(struct elf_model *model, struct elf_symbol *symbol)
{
	if (is_indexed(symbol))
		elf_names_remove(model->symbol_names, symbol->name, symbol);
	if (symbol->section && symbol->section->symbol == symbol)
		symbol->section->symbol = NULL;

	*symbol->pprev = symbol->next;
	if (symbol->next)
		symbol->next->pprev = symbol->pprev;
	else
		model->symbols_tail = symbol->pprev;
	model->n_symbols--;
	symbol_free(symbol);
}

void elf_section_remove(struct elf_model *model, struct elf_section *section)
{
	struct elf_symbol *symbol, *next;

	for (symbol = model->symbols; symbol; symbol = next) {
		next = symbol->next;
		if (symbol->section == section)
			elf_symbol_remove(model, symbol);
	}
	elf_names_remove(model->section_names, section->name, section);

	*section->pprev = section->next;
	if (section->next)
		section->next->pprev = section->pprev;
	else
		model->sections_tail = section->pprev;
	model->n_sections--;
	section_free(section);
}

int elf_symbol_rename(struct elf_model *model, struct elf_symbol *symbol, const char *name)
{
	char *copy = strdup(name), *old = symbol->name;
	size_t order = 0;

	if (!copy)
		return -ENOMEM;
	if (is_indexed(symbol))
		order = elf_names_remove(model->symbol_names, old, symbol);
	symbol->name = copy;
	if (is_indexed(symbol) && !elf_names_add(model->symbol_names, copy, symbol, order)) {
		/* the entry that was just freed makes room, so this can't fail */
		symbol->name = old;
		elf_names_add(model->symbol_names, old, symbol, order);
		free(copy);
		return -ENOMEM;
	}
	free(old);
	return 0;
}
