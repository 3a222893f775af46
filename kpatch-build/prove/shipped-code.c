// SPDX-License-Identifier: GPL-2.0-or-later
/* One interface for vmlinux and modules; shipped-code.h says why. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kpatch-build/kernel/shipped.h"
#include "lib/files.h"
#include "kpatch-build/prove/shipped-code.h"
#include "lib/text.h"

struct segment { /* an allocated section of vmlinux */
	uint64_t address, size;
	const unsigned char *bytes;
	bool code;
};

struct shipped_code {
	struct object_index *index;
	/* modules */
	struct elf_model *model;
	const struct elf_section **by_index; /* ELF section number → section */
	size_t n_by_index;
	/* vmlinux */
	Elf *elf;
	struct segment *segments;
	size_t n_segments;
};

static int load_segments(struct shipped_code *code, const char *path, struct diag *diag)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;
	size_t n;
	int err = shipped_open(path, &code->elf, diag);

	if (err)
		return err;
	if (elf_getshdrnum(code->elf, &n))
		return diag_error(diag, "KS910", NULL, "%s", path);
	code->segments = calloc(n + 1, sizeof(*code->segments));
	if (!code->segments)
		return diag_oom(diag);
	while ((scn = elf_nextscn(code->elf, scn))) {
		struct segment *segment = &code->segments[code->n_segments];
		Elf_Data *data;

		if (!gelf_getshdr(scn, &shdr) || !(shdr.sh_flags & SHF_ALLOC) ||
		    shdr.sh_type == SHT_NOBITS)
			continue;
		data = elf_rawdata(scn, NULL);
		if (!data || !data->d_buf)
			continue;
		*segment = (struct segment){ shdr.sh_addr, data->d_size, data->d_buf,
					     shdr.sh_flags & SHF_EXECINSTR };
		code->n_segments++;
	}
	return 0;
}

static int by_offset(const void *a, const void *b)
{
	const struct elf_rela *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static int load_model(struct shipped_code *code, const char *path, struct diag *diag)
{
	const struct elf_section *s;
	int err = elf_model_load(path, &code->model, diag);

	if (err)
		return err;
	elf_for_each_section(code->model, s)
		if (s->index >= code->n_by_index)
			code->n_by_index = s->index + 1;
	code->by_index = calloc(code->n_by_index + 1, sizeof(*code->by_index));
	if (!code->by_index)
		return diag_oom(diag);
	elf_for_each_section(code->model, s) {
		code->by_index[s->index] = s;
		/* assembler and linker write them in this order, but don't rely on that */
		if (s->n_relas)
			qsort(s->relas, s->n_relas, sizeof(*s->relas), by_offset);
	}
	return 0;
}

int shipped_code_load(const char *path, const char *object, struct shipped_code **out,
		      struct diag *diag)
{
	struct shipped_code *code = calloc(1, sizeof(*code));
	int err;

	if (!code)
		return diag_oom(diag);
	err = object_index_load(path, object, &code->index, diag);
	if (!err)
		err = object_index_is_module(code->index) ? load_model(code, path, diag)
							  : load_segments(code, path, diag);
	if (err)
		shipped_code_free(code);
	else
		*out = code;
	return err;
}

void shipped_code_free(struct shipped_code *code)
{
	if (!code)
		return;
	object_index_free(code->index);
	elf_model_free(code->model);
	free(code->by_index);
	elf_end(code->elf);
	free(code->segments);
	free(code);
}

const struct object_index *shipped_code_index(const struct shipped_code *code)
{
	return code->index;
}

struct shipped_place shipped_place_of(const struct shipped_code *code,
				      const struct object_symbol *symbol)
{
	struct shipped_place place = { .offset = symbol->value };

	if (code->model && symbol->shndx < code->n_by_index)
		place.section = code->by_index[symbol->shndx];
	if (code->model && symbol->shndx == SHN_UNDEF) {
		place.undefined = symbol->name;
		place.offset = 0;
	}
	return place;
}

const unsigned char *shipped_bytes(const struct shipped_code *code,
				   const struct shipped_place *place, uint64_t size)
{
	const struct elf_section *section = place->section;

	if (section)
		return section->data && place->offset <= section->size &&
				       size <= section->size - place->offset
			       ? section->data + place->offset
			       : NULL;
	for (size_t i = 0; i < code->n_segments; i++) {
		const struct segment *s = &code->segments[i];

		if (place->offset >= s->address && place->offset - s->address <= s->size &&
		    size <= s->size - (place->offset - s->address))
			return s->bytes + (place->offset - s->address);
	}
	return NULL;
}

bool shipped_function(const struct shipped_code *code, const struct object_symbol *symbol,
		      struct shipped_function *function)
{
	function->place = shipped_place_of(code, symbol);
	function->size = symbol->size;
	if (function->place.undefined || !symbol->size)
		return false;
	function->bytes = shipped_bytes(code, &function->place, symbol->size);
	return function->bytes;
}

/* The first relocation at or after @offset; ->relas + ->n_relas if there is none. */
static const struct elf_rela *rela_from(const struct elf_section *section, uint64_t offset)
{
	size_t low = 0, high = section->n_relas;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (section->relas[mid].offset < offset)
			low = mid + 1;
		else
			high = mid;
	}
	return section->relas + low;
}

static const struct elf_rela *rela_at(const struct elf_section *section, uint64_t offset)
{
	const struct elf_rela *rela = rela_from(section, offset);

	return rela < section->relas + section->n_relas && rela->offset == offset ? rela : NULL;
}

bool shipped_relocations(const struct shipped_code *code, const struct shipped_place *place,
			 uint64_t size, size_t n)
{
	const struct elf_section *section = place->section;

	return !code->model || (section && rela_from(section, place->offset + size) -
							   rela_from(section, place->offset) ==
						   (ptrdiff_t)n);
}

static bool module_reference(const struct shipped_function *function, uint64_t at, int64_t value,
			     enum addressing addressing, struct shipped_place *place)
{
	const struct elf_section *section = function->place.section;
	uint64_t offset = function->place.offset + at;
	const struct elf_rela *rela = rela_at(section, offset);

	if (!rela) {
		/* the assembler has resolved it: it stays in the section */
		if (addressing == ABSOLUTE)
			return false;
		*place = (struct shipped_place){ .section = section, .offset = offset + value };
		return true;
	}
	if (!rela->symbol)
		return false;
	*place = (struct shipped_place){ .section = rela->symbol->section,
					 .offset = rela->symbol->value + rela->addend };
	if (!place->section)
		place->undefined = rela->symbol->name;
	return true;
}

bool shipped_reference(const struct shipped_code *code, const struct shipped_function *function,
		       uint64_t at, unsigned int width, enum addressing addressing,
		       struct shipped_place *place)
{
	int64_t value;
	int32_t value32;

	if (at > function->size || width > function->size - at)
		return false;
	if (width == 8) {
		memcpy(&value, function->bytes + at, 8);
	} else if (width == 4) {
		memcpy(&value32, function->bytes + at, 4);
		value = value32;
	} else if (width == 1) {
		value = (int8_t)function->bytes[at];
	} else {
		return false;
	}
	if (code->model)
		return module_reference(function, at, value, addressing, place);
	*place = (struct shipped_place){
		.offset = value + (addressing == PC_RELATIVE ? function->place.offset + at : 0),
	};
	return true;
}

bool shipped_symbol_is(const struct shipped_code *code, const struct object_symbol *symbol,
		       int64_t delta, const struct shipped_place *place, unsigned int width)
{
	struct shipped_place have = shipped_place_of(code, symbol);

	have.offset += delta;
	if (!code->model)
		return width == 8 ? have.offset == place->offset
				  : (uint32_t)have.offset == (uint32_t)place->offset;
	if (have.offset != place->offset)
		return false;
	if (have.undefined || place->undefined)
		return have.undefined && place->undefined &&
		       !strcmp(have.undefined, place->undefined);
	return have.section && have.section == place->section;
}

bool shipped_table(const struct shipped_code *code, const char *section, const char *start,
		   const char *stop, struct shipped_function *whole)
{
	const struct object_symbol *first, *end;
	const struct elf_section *s;
	size_t n, m;

	if (code->model) {
		s = elf_section_find(code->model, section);
		if (!s || !s->data)
			return false;
		*whole = (struct shipped_function){ s->data, s->size, { .section = s } };
		return s->size;
	}
	first = object_index_find(code->index, start, &n);
	end = object_index_find(code->index, stop, &m);
	if (!n || !m || end->value <= first->value)
		return false;
	whole->place = (struct shipped_place){ .offset = first->value };
	whole->size = end->value - first->value;
	whole->bytes = shipped_bytes(code, &whole->place, whole->size);
	return whole->bytes;
}

bool shipped_is_code(const struct shipped_code *code, const struct shipped_place *place)
{
	if (code->model)
		return place->section && elf_section_is_code(place->section);
	for (size_t i = 0; i < code->n_segments; i++)
		if (place->offset >= code->segments[i].address &&
		    place->offset - code->segments[i].address < code->segments[i].size)
			return code->segments[i].code;
	return false;
}

static char *symbol_text(const char *name, uint64_t offset)
{
	return offset ? format("%s+%#lx", name, offset) : format("%s", name);
}

char *shipped_place_text(const struct shipped_code *code, const struct shipped_place *place)
{
	const struct elf_symbol *s;

	if (place->undefined)
		return symbol_text(place->undefined, place->offset);
	if (!place->section)
		return format("%#lx", place->offset);
	elf_for_each_symbol(code->model, s)
		if (s->section == place->section && s->type != STT_SECTION &&
		    place->offset >= s->value && place->offset - s->value < s->size)
			return symbol_text(s->name, place->offset - s->value);
	return symbol_text(place->section->name, place->offset);
}
