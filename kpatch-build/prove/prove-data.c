// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A table of operations or a default value is part of what the source says, as
 * code is: a function may be the same while the table that it reads isn't.
 * Bytes must be the same apart from pointers, and a pointer must lead to the
 * same thing.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/arch.h"
#include "lib/files.h"
#include "kpatch-build/prove/prove-function.h"
#include "kpatch-build/prove/pair-symbols.h"
#include "kpatch-build/prove/shipped-code.h"
#include "lib/text.h"
#include "kpatch-build/prove/prove-data.h"

struct variable {
	const struct proof *proof;
	const struct elf_section *section;
	uint64_t start, size;
	bool entry; /* it is an entry of a table, which may refer to code without a name */
	uint64_t code; /* the size of that code */
	struct shipped_place place;
	const unsigned char *ours, *theirs; /* NULL: all zero, and not in the file */
	struct prove_result *result;
};

static enum prove_verdict differs(struct variable *v, uint64_t offset, const char *why)
{
	v->result->offset = offset;
	v->result->why = why;
	return PROVE_DIFFERENT;
}

static bool is_zero(const unsigned char *bytes, uint64_t size)
{
	for (uint64_t i = 0; i < size; i++)
		if (bytes[i])
			return false;
	return true;
}

static bool is_in(const struct variable *v, const struct elf_rela *rela)
{
	return rela->offset >= v->start && rela->offset - v->start < v->size;
}

/*
 * ".LC78", and "__kstrtab_printk" (include/linux/export.h), which kallsyms leaves out: only the
 * content counts.
 */
static bool is_label(const struct elf_symbol *symbol)
{
	return symbol->section &&
	       (str_starts(symbol->name, ".L") ||
		(symbol->type == STT_NOTYPE && symbol->section->flags & SHF_STRINGS));
}

static bool same_pointer(const struct variable *v, const struct elf_rela *rela, unsigned int width)
{
	const struct elf_symbol *symbol = rela->symbol;
	bool pc_relative = proof_is_pc_relative(v->proof, rela->type);
	struct shipped_function whole = {
		.bytes = v->theirs,
		.size = v->size,
		.place = v->place,
	};
	uint64_t at = rela->offset - v->start, offset;
	struct shipped_place place;

	if (!symbol || !shipped_reference(v->proof->code, &whole, at, width,
					  pc_relative ? PC_RELATIVE : ABSOLUTE, &place))
		return false;
	if (symbol->type != STT_SECTION && !is_label(symbol))
		return proof_same_symbol(v->proof, symbol, rela->addend, 0, &place, width);
	offset = symbol->value + rela->addend;
	symbol = proof_symbol_at(v->proof, rela->symbol->section, offset);
	if (symbol)
		return proof_same_symbol(v->proof, symbol, offset - symbol->value, 0, &place,
					 width);
	if (elf_section_is_code(rela->symbol->section))
		return v->entry &&
		       prove_nameless(v->proof, rela->symbol->section, offset, v->code, &place);
	return proof_same_content(v->proof, rela->symbol->section, offset, &place);
}

/* Each of our pointers must be one of theirs as well; @mask gets their places. */
static enum prove_verdict compare_pointers(struct variable *v, unsigned char *mask)
{
	const struct elf_section *section = v->section;
	const struct elf_rela *rela;
	size_t n = 0;

	elf_for_each_rela(section, rela) {
		uint64_t at = rela->offset - v->start;
		const struct arch_relocation *type;

		if (!is_in(v, rela))
			continue;
		type = arch_relocation(v->proof->unit->machine, rela->type);
		if (!type || type->width > v->size - at)
			return differs(v, at, "a relocation of a kind that isn't known");
		memset(mask + at, 1, type->width);
		n++;
		if (!same_pointer(v, rela, type->width))
			return differs(v, at, "it points to something else");
	}
	if (shipped_relocations(v->proof->code, &v->place, v->size, n))
		return PROVE_EQUAL;
	return differs(v, 0, "it has another number of pointers");
}

static enum prove_verdict compare_bytes(struct variable *v)
{
	unsigned char *mask = calloc(v->size, 1);
	enum prove_verdict verdict = mask ? compare_pointers(v, mask) : PROVE_ERROR;

	for (uint64_t i = 0; verdict == PROVE_EQUAL && i < v->size; i++) {
		if (mask[i] || v->ours[i] == v->theirs[i])
			continue;
		verdict = differs(v, i, "another value");
		v->result->ours = format("%#04x", v->ours[i]);
		v->result->shipped = format("%#04x", v->theirs[i]);
	}
	free(mask);
	return verdict;
}

enum prove_verdict prove_data(const struct proof *proof, const struct elf_symbol *symbol,
			      const struct object_symbol *shipped_symbol,
			      struct prove_result *result)
{
	struct variable v = {
		.proof = proof,
		.section = symbol->section,
		.start = symbol->value,
		.size = symbol->size,
		.result = result,
	};

	memset(result, 0, sizeof(*result));
	if (shipped_symbol->size != symbol->size) {
		result->ours = format("%lu bytes", symbol->size);
		result->shipped = format("%lu bytes", shipped_symbol->size);
		return differs(&v, 0, "another size");
	}
	v.place = shipped_place_of(proof->code, shipped_symbol);
	if (v.place.undefined) {
		result->why = "it isn't defined there";
		return PROVE_NOT_SHIPPED;
	}
	v.theirs = shipped_bytes(proof->code, &v.place, symbol->size);
	v.ours = symbol->section->data ? symbol->section->data + symbol->value : NULL;
	if (v.ours && v.theirs)
		return compare_bytes(&v);
	/*
	 * one has no initial value, which equals zeroes: linkers move such variables between
	 * sections
	 */
	if (!is_zero(v.ours ?: v.theirs, v.ours || v.theirs ? symbol->size : 0))
		return differs(&v, 0,
			       v.ours ? "it has no initial value there"
				      : "it has an initial value there");
	return PROVE_EQUAL;
}

enum prove_verdict prove_entry(const struct proof *proof, const struct elf_section *section,
			       uint64_t offset, uint64_t size, uint64_t code,
			       const struct shipped_place *place, struct prove_result *result)
{
	struct variable v = {
		.proof = proof,
		.section = section,
		.start = offset,
		.size = size,
		.entry = true,
		.code = code,
		.place = *place,
		.ours = section->data + offset,
		.theirs = shipped_bytes(proof->code, place, size),
		.result = result,
	};

	memset(result, 0, sizeof(*result));
	return v.theirs ? compare_bytes(&v) : differs(&v, 0, "it isn't there");
}
