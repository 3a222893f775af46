// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Pairs the symbols of a unit with those of the shipped object; pair-symbols.h
 * says why.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/arch.h"
#include "lib/special-sections.h"
#include "kpatch-build/prove/pair-symbols.h"
#include "kpatch-build/prove/shipped-code.h"

static int by_place(const void *a, const void *b)
{
	const struct elf_symbol *x = *(const struct elf_symbol *const *)a;
	const struct elf_symbol *y = *(const struct elf_symbol *const *)b;

	if (x->section != y->section)
		return x->section->index < y->section->index ? -1 : 1;
	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static int compare_sites(const void *a, const void *b)
{
	const struct proof_site *x = a, *y = b;

	if (x->section != y->section)
		return x->section->index < y->section->index ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/*
 * CONFIG_HAVE_JUMP_LABEL_HACK (x86): a static branch that isn't taken initially is assembled as a
 * jump, and objtool makes a NOP of the same length from it. It may do so when everything is linked
 * (CONFIG_X86_KERNEL_IBT), so our unit still has the jump. The entry says which jumps: bit 1 of the
 * key's address (tools/objtool/special.c: get_alt_entry(), 6.1).
 */
#define JUMP_IS_REPLACED 2

static int find_jumps(struct proof *proof)
{
	const struct section_rule *rule = section_named("__jump_table");
	const struct elf_section *table = elf_section_find(proof->unit, rule->name);
	const struct arch *arch = arch_find(proof->unit->machine);
	const struct elf_rela *rela, *site = NULL;

	if (!table || !arch || !arch->objtool_replaces_jumps)
		return 0;
	proof->jumps = calloc(table->n_relas + 1, sizeof(*proof->jumps));
	if (!proof->jumps)
		return -ENOMEM;
	elf_for_each_rela(table, rela) {
		uint64_t place = rela->offset % rule->sizes[0];

		if (place == 0)
			site = rela;
		if (place == rule->key_at && rela->addend & JUMP_IS_REPLACED && site &&
		    site->symbol && site->symbol->section &&
		    rela->offset - site->offset == rule->key_at)
			proof->jumps[proof->n_jumps++] = (struct proof_site){
				site->symbol->section,
				site->symbol->value + site->addend,
			};
	}
	qsort(proof->jumps, proof->n_jumps, sizeof(*proof->jumps), compare_sites);
	return 0;
}

int proof_decode(const struct proof *proof, const struct elf_section *section, uint64_t start,
		 uint64_t size, struct instructions *out)
{
	int err = instructions_decode(proof->unit->machine, section->data + start, size, out);

	for (size_t i = 0; !err && proof->n_jumps && i < out->n; i++) {
		struct instruction *one = &out->list[i];
		struct proof_site site = { section, start + one->offset };

		if (!one->branch ||
		    !bsearch(&site, proof->jumps, proof->n_jumps, sizeof(site), compare_sites))
			continue;
		one->replaced = one->padding = true;
	}
	return err;
}

/* The last pair of functions that was decoded. */
struct proof_decoded {
	const struct elf_symbol *symbol;
	const struct object_symbol *shipped;
	struct instructions a, b;
};

static void forget_decoded(struct proof_decoded *decoded)
{
	instructions_free(&decoded->a);
	instructions_free(&decoded->b);
	*decoded = (struct proof_decoded){ 0 };
}

int proof_init(struct proof *proof, const struct elf_model *unit, const struct shipped_code *code,
	       const struct object_index *blocks)
{
	const struct elf_symbol *s;

	*proof = (struct proof){ .unit = unit, .code = code, .blocks = blocks };
	proof->named = calloc(unit->n_symbols + 1, sizeof(*proof->named));
	proof->pairs = calloc(unit->n_symbols + 1, sizeof(*proof->pairs));
	proof->decoded = calloc(1, sizeof(*proof->decoded));
	if (!proof->named || !proof->pairs || !proof->decoded)
		return -ENOMEM;
	elf_for_each_symbol(unit, s)
		if (s->section && (s->type == STT_FUNC || s->type == STT_OBJECT))
			proof->named[proof->n_named++] = s;
	qsort(proof->named, proof->n_named, sizeof(*proof->named), by_place);
	return find_jumps(proof);
}

void proof_free(struct proof *proof)
{
	if (proof->decoded)
		forget_decoded(proof->decoded);
	free(proof->decoded);
	free(proof->named);
	free(proof->pairs);
	free(proof->jumps);
	*proof = (struct proof){ 0 };
}

/* The FILE block of a symbol of the shipped object, looked up in the twin. */
static uint32_t block_of(const struct proof *proof, const struct object_symbol *theirs)
{
	const struct object_symbol *twin;
	size_t n;

	twin = object_index_find(proof->blocks, theirs->name, &n);
	return theirs->sympos <= n ? twin[theirs->sympos - 1].file : 0;
}

bool proof_may_pair(const struct proof *proof, const struct elf_symbol *ours,
		    const struct object_symbol *theirs)
{
	bool local = theirs->bind == STB_LOCAL;

	if (ours->bind == STB_LOCAL)
		return local && (!proof->block || block_of(proof, theirs) == proof->block);
	/* the linker makes hidden symbols local */
	return !local || GELF_ST_VISIBILITY(ours->other) != STV_DEFAULT || !ours->section;
}

/* The index of the first one in ->named that is in @section at or after @offset. */
static size_t first_named(const struct proof *proof, const struct elf_section *section,
			  uint64_t offset)
{
	size_t low = 0, high = proof->n_named;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct elf_symbol *s = proof->named[mid];

		if (s->section->index < section->index ||
		    (s->section == section && s->value < offset))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct elf_symbol *proof_symbol_at(const struct proof *proof,
					 const struct elf_section *section, uint64_t offset)
{
	const struct elf_symbol *end = NULL, *s;
	size_t first = first_named(proof, section, 0), at = first_named(proof, section, offset + 1);

	/* don't look only at the nearest one: one may lie within another */
	for (size_t i = at; i > first; i--) {
		s = proof->named[i - 1];
		if (offset >= s->value && offset - s->value < s->size)
			return s;
		if (offset == s->value + s->size)
			end = s;
	}
	if (end || elf_section_is_code(section))
		return end;
	return first < proof->n_named && proof->named[first]->section == section
		       ? proof->named[first]
		       : NULL;
}

static bool decode_pair(const struct proof *proof, const struct elf_symbol *symbol,
			const struct object_symbol *shipped,
			const struct shipped_function *function)
{
	struct proof_decoded *decoded = proof->decoded;

	if (decoded->symbol == symbol && decoded->shipped == shipped)
		return true;
	forget_decoded(decoded);
	if (proof_decode(proof, symbol->section, symbol->value, symbol->size, &decoded->a) ||
	    instructions_decode(proof->unit->machine, function->bytes, function->size, &decoded->b))
		return false;
	decoded->symbol = symbol;
	decoded->shipped = shipped;
	return true;
}

/* The same offset in a function: after the same number of instructions. */
static bool same_place_in_function(const struct proof *proof, const struct elf_symbol *symbol,
				   uint64_t delta, const struct object_symbol *shipped,
				   const struct shipped_place *place)
{
	struct shipped_function function;
	size_t x = 0, y = 1;

	return symbol->section->data && shipped_function(proof->code, shipped, &function) &&
	       place->section == function.place.section &&
	       place->offset - function.place.offset <= function.size &&
	       decode_pair(proof, symbol, shipped, &function) &&
	       instructions_count(&proof->decoded->a, delta, &x) &&
	       instructions_count(&proof->decoded->b, place->offset - function.place.offset, &y) &&
	       x == y;
}

bool proof_same_symbol(const struct proof *proof, const struct elf_symbol *symbol, int64_t delta,
		       int64_t bias, const struct shipped_place *place, unsigned int width)
{
	const struct object_symbol *found;
	struct shipped_place target = *place;
	size_t n;

	target.offset += bias;
	found = object_index_find(shipped_code_index(proof->code), symbol->name, &n);
	for (size_t i = 0; i < n; i++) {
		if (!proof_may_pair(proof, symbol, &found[i]))
			continue;
		if (shipped_symbol_is(proof->code, &found[i], delta, place, width))
			return true;
		if (symbol->type == STT_FUNC && symbol->section && delta + bias != 0 &&
		    same_place_in_function(proof, symbol, delta + bias, &found[i], &target))
			return true;
	}
	/* vmlinux: the linker resolves a weak symbol without a definition to 0 */
	if (!n && symbol->bind == STB_WEAK && !symbol->section && !place->section &&
	    !place->undefined)
		return (uint32_t)place->offset == (uint32_t)delta;
	/*
	 * modules: symbols that the module doesn't define are not in the index, but in relocations
	 */
	return !symbol->section && place->undefined && !strcmp(place->undefined, symbol->name) &&
	       (int64_t)place->offset == delta;
}

bool proof_same_content(const struct proof *proof, const struct elf_section *section,
			uint64_t offset, const struct shipped_place *place)
{
	const unsigned char *bytes;
	const struct elf_rela *rela;
	uint64_t size;

	if (!section->data || offset >= section->size)
		return false;
	if (section->flags & SHF_STRINGS)
		size = strnlen((const char *)section->data + offset, section->size - offset) + 1;
	else if (section->entsize)
		size = section->entsize;
	else
		size = section->size - offset;
	if (size > section->size - offset)
		return false;
	elf_for_each_rela(section, rela)
		if (rela->offset >= offset && rela->offset < offset + size)
			return false;
	bytes = shipped_bytes(proof->code, place, size);
	return bytes && !memcmp(bytes, section->data + offset, size);
}

bool proof_is_pc_relative(const struct proof *proof, uint32_t type)
{
	return arch_is_pc_relative(proof->unit->machine, type);
}
