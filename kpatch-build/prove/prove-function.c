// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two lists of instructions are walked in parallel. Bytes must be the same
 * apart from references, and a reference must lead to the same thing: a symbol
 * of the same name, or the same content if there is no name (strings).
 * Differences that are legitimate are listed in one table.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "lib/array.h"
#include "lib/arch.h"
#include "lib/files.h"
#include "lib/instructions.h"
#include "kpatch-build/prove/prove-function.h"
#include "kpatch-build/prove/pair-symbols.h"
#include "kpatch-build/prove/shipped-code.h"

struct prover {
	const struct proof *proof;
	const struct elf_section *section; /* that of the original, with its relas */
	uint64_t start; /* offset of the function in it */
	struct instructions a, b; /* ours, shipped */
	struct shipped_function function;
	struct prove_result *result;
	bool nested; /* it is code without a name that a function jumps to */
};

/* --- legitimate differences --- */

static bool is_padding(const struct instruction *a, const struct instruction *b)
{
	return a->padding || b->padding;
}

static bool is_branch_of_other_length(const struct instruction *a, const struct instruction *b)
{
	return a->branch && b->branch && a->id == b->id && a->width != b->width;
}

static const struct {
	bool (*is)(const struct instruction *a, const struct instruction *b);
	const char *why;
} legitimate[] = {
	{ is_padding,
	  "alignment depends on where in a section the function lies; and objtool makes "
	  "no-operations of some jumps (pair-symbols.c: find_jumps())" },
	{ is_branch_of_other_length,
	  "-ffunction-sections: a neighbour is in another section, so that the assembler can't "
	  "know that a short jump reaches it; and jumps over a longer jump get longer" },
};

static bool is_legitimate(const struct instruction *a, const struct instruction *b)
{
	for (size_t i = 0; i < ARRAY_SIZE(legitimate); i++)
		if (legitimate[i].is(a, b))
			return true;
	return false;
}

/* --- references --- */

/* @rela is in instruction @a (its bytes), which corresponds to the shipped @b. */
static bool same_reference(const struct prover *p, const struct elf_rela *rela,
			   const struct instruction *a, const struct instruction *b)
{
	const struct arch_relocation *type = arch_relocation(p->proof->unit->machine, rela->type);
	bool pc_relative = proof_is_pc_relative(p->proof, rela->type);
	uint64_t site = rela->offset - p->start, shipped_site, offset;
	int64_t bias, shipped_bias, delta = rela->addend;
	const struct elf_symbol *symbol = rela->symbol;
	struct shipped_place place;
	unsigned int width;

	if (!type || !symbol || a->unknown)
		return false;
	width = type->width;
	shipped_site = b->offset + (site - a->offset);
	bias = shipped_bias = pc_relative ? a->offset + a->size - site : 0;
	if (a->branch && b->branch) {
		shipped_site = b->offset + b->field;
		width = b->width;
		shipped_bias = b->size - b->field;
	}
	if (!shipped_reference(p->proof->code, &p->function, shipped_site, width,
			       pc_relative ? PC_RELATIVE : ABSOLUTE, &place))
		return false;
	place.offset += shipped_bias - bias;
	/* ".LC78": a label that the assembler made for a constant without a name */
	if (symbol->type != STT_SECTION && (!symbol->section || !str_starts(symbol->name, ".L")))
		return proof_same_symbol(p->proof, symbol, delta, bias, &place, width);
	offset = symbol->value + delta + bias;
	symbol = proof_symbol_at(p->proof, rela->symbol->section, offset);
	if (symbol)
		return proof_same_symbol(p->proof, symbol, offset - symbol->value - bias, bias,
					 &place, width);
	place.offset += bias;
	if (elf_section_is_code(rela->symbol->section))
		return !p->nested && prove_nameless(p->proof, rela->symbol->section, offset,
						    PROVE_TO_FINAL, &place);
	return proof_same_content(p->proof, rela->symbol->section, offset, &place);
}

/* --- instructions --- */

static bool same_bytes(const struct prover *p, const struct instruction *a,
		       const struct instruction *b)
{
	const unsigned char *x = p->a.bytes + a->offset, *y = p->b.bytes + b->offset;
	unsigned char mask[256] = { 0 };
	const struct elf_rela *rela;

	elf_for_each_rela(p->section, rela) {
		const struct arch_relocation *type =
			arch_relocation(p->proof->unit->machine, rela->type);
		uint64_t at = rela->offset - p->start - a->offset;

		for (unsigned int i = 0; type && at < a->size && i < type->width; i++)
			mask[at + i] = 1;
	}
	for (unsigned int i = 0; i < a->size; i++)
		if (!mask[i] && x[i] != y[i])
			return false;
	return true;
}

/* A branch that the assembler resolved: within the function, or to a neighbour in its section. */
static bool same_branch(const struct prover *p, const struct instruction *a,
			const struct instruction *b)
{
	const struct elf_symbol *symbol;
	struct shipped_place place;
	size_t x, y;

	if (a->target <= p->a.size)
		return b->target <= p->b.size && instructions_count(&p->a, a->target, &x) &&
		       instructions_count(&p->b, b->target, &y) && x == y;
	/*
	 * The assembler can't resolve a branch out of its section. These are bytes that only look
	 * like a branch, such as "xen" after the ud2 of XEN_EMULATE_PREFIX
	 * (arch/x86/include/asm/emulate_prefix.h).
	 */
	if (a->target > p->section->size || p->start + a->target > p->section->size)
		return a->size == b->size && same_bytes(p, a, b);
	symbol = proof_symbol_at(p->proof, p->section, p->start + a->target);
	if (!symbol || !shipped_reference(p->proof->code, &p->function, b->offset + b->field,
					  b->width, PC_RELATIVE, &place))
		return false;
	place.offset += b->size - b->field;
	return proof_same_symbol(p->proof, symbol, p->start + a->target - symbol->value, 0, &place,
				 4);
}

static bool same_instruction(const struct prover *p, const struct instruction *a,
			     const struct instruction *b, const char **why)
{
	struct shipped_place place = p->function.place;
	const struct elf_rela *rela;
	size_t n = 0;

	*why = "another instruction";
	if (a->id != b->id || a->unknown != b->unknown || a->branch != b->branch)
		return false;
	if (a->size != b->size && !is_legitimate(a, b))
		return false;
	if (a->size == b->size && !a->branch && !same_bytes(p, a, b))
		return false;
	*why = "it refers to something else";
	elf_for_each_rela(p->section, rela) {
		if (rela->offset - p->start < a->offset ||
		    rela->offset - p->start >= a->offset + a->size)
			continue;
		n++;
		if (!same_reference(p, rela, a, b))
			return false;
	}
	if (a->branch) /* in a module, the assembler may have resolved theirs but not ours */
		return n || same_branch(p, a, b);
	place.offset += b->offset;
	return shipped_relocations(p->proof->code, &place, b->size, n);
}

static enum prove_verdict different(struct prover *p, size_t i, size_t j, const char *why)
{
	struct prove_result *result = p->result;

	result->why = why;
	result->offset = i < p->a.n ? p->a.list[i].offset : p->a.size;
	if (i < p->a.n)
		result->ours = instruction_text(p->proof->unit->machine, &p->a, i);
	if (j < p->b.n)
		result->shipped = instruction_text(p->proof->unit->machine, &p->b, j);
	return PROVE_DIFFERENT;
}

static enum prove_verdict walk(struct prover *p)
{
	const struct instruction *a = p->a.list, *b = p->b.list;
	size_t i = 0, j = 0, jumps, nops;
	const char *why;

	for (;;) {
		for (jumps = 0; i < p->a.n && a[i].padding; i++)
			jumps += a[i].replaced;
		for (nops = 0; j < p->b.n && b[j].padding; j++)
			nops += b[j].size == 2 || b[j].size == 5; /* the length of a jump */
		if (nops < jumps)
			return different(p, i, j, "a static branch less");
		if (i == p->a.n && j == p->b.n)
			return PROVE_EQUAL;
		if (i == p->a.n || j == p->b.n)
			return different(p, i, j, "one ends before the other");
		if (!same_instruction(p, &a[i], &b[j], &why))
			return different(p, i, j, why);
		i++;
		j++;
	}
}

/* Leave out everything after the final instruction. False if there is no final one. */
static bool end_at_final(struct instructions *instructions)
{
	size_t n = 0;

	while (n < instructions->n && !instructions->list[n].final)
		n++;
	if (n == instructions->n)
		return false;
	instructions->n = n + 1;
	instructions->size = instructions->list[n].offset + instructions->list[n].size;
	return true;
}

bool prove_nameless(const struct proof *proof, const struct elf_section *section, uint64_t offset,
		    uint64_t size, const struct shipped_place *place)
{
	struct prove_result ignored = { 0 };
	struct prover p = {
		.proof = proof,
		.section = section,
		.start = offset,
		.function.place = *place,
		.result = &ignored,
		.nested = true,
	};
	bool to_final = size == PROVE_TO_FINAL, same = false;

	if (!section->data || offset > section->size)
		return false;
	if (to_final)
		size = section->size - offset;
	if (size > section->size - offset || proof_decode(p.proof, section, offset, size, &p.a))
		return false;
	if (!to_final || end_at_final(&p.a)) {
		p.function.size = p.a.size;
		p.function.bytes = shipped_bytes(p.proof->code, place, p.a.size);
		same = p.function.bytes &&
		       !instructions_decode(p.proof->unit->machine, p.function.bytes, p.a.size,
					    &p.b) &&
		       walk(&p) == PROVE_EQUAL;
	}
	prove_result_free(&ignored);
	instructions_free(&p.a);
	instructions_free(&p.b);
	return same;
}

enum prove_verdict prove_function(const struct proof *proof, const struct elf_symbol *symbol,
				  const struct object_symbol *shipped_symbol,
				  struct prove_result *result)
{
	struct prover p = {
		.proof = proof,
		.section = symbol->section,
		.start = symbol->value,
		.result = result,
	};
	enum prove_verdict verdict;
	int err;

	memset(result, 0, sizeof(*result));
	if (!symbol->section || !symbol->section->data || !symbol->size) {
		result->why = "the original has no code of that name";
		return PROVE_UNKNOWN;
	}
	if (!shipped_function(proof->code, shipped_symbol, &p.function)) {
		result->why = "it has no code there";
		return PROVE_NOT_SHIPPED;
	}
	err = proof_decode(proof, symbol->section, symbol->value, symbol->size, &p.a);
	err = err
		      ?: instructions_decode(proof->unit->machine, p.function.bytes,
					     p.function.size, &p.b);
	if (err == -ENOTSUP) {
		result->why = "there is no decoder for this machine's instructions";
		verdict = PROVE_UNKNOWN;
	} else {
		verdict = err ? PROVE_ERROR : walk(&p);
	}
	instructions_free(&p.a);
	instructions_free(&p.b);
	return verdict;
}

void prove_result_free(struct prove_result *result)
{
	free(result->ours);
	free(result->shipped);
	memset(result, 0, sizeof(*result));
}
