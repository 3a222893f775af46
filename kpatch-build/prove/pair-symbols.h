/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a proof about one unit works on: the original as it was compiled here,
 * the object that is shipped, and which symbol of the one is which of the other.
 *
 * A name isn't enough for that: vmlinux has hundreds of `__func__.5`. A static
 * symbol is the one of that name in the unit's own FILE block; references are
 * held to the same pairing, so that two functions can't mean two variables.
 */
#ifndef KPATCH_BUILD_PROOF_H
#define KPATCH_BUILD_PROOF_H

#include "lib/elf-model.h"
#include "lib/instructions.h"
#include "kpatch-build/prove/shipped-code.h"

struct proof {
	const struct elf_model *unit;
	const struct shipped_code *code;
	/* the object, or its twin that still has FILE symbols; the same symbols in the same order */
	const struct object_index *blocks;
	uint32_t block; /* 0: not known, any symbol of that name will do */
	const struct elf_symbol **named; /* functions and variables, by section and place */
	size_t n_named;
	const struct object_symbol **pairs; /* of ->named: what was found equal, or NULL */
	struct proof_site *jumps; /* that objtool makes no-operations, by section and place */
	size_t n_jumps;
	struct proof_decoded *decoded; /* tables lead to many places in one function */
};

struct proof_site {
	const struct elf_section *section;
	uint64_t offset;
};

/* @proof keeps the pointers. 0 or -ENOMEM; proof_free() in any case. */
int proof_init(struct proof *proof, const struct elf_model *unit, const struct shipped_code *code,
	       const struct object_index *blocks);
void proof_free(struct proof *proof);

/* Whether @theirs can be what @ours is there, by binding and FILE block. */
bool proof_may_pair(const struct proof *proof, const struct elf_symbol *ours,
		    const struct object_symbol *theirs);

/*
 * The function or variable of the unit that covers a place, or ends there (the end of an array).
 * The compiler folds constants into addresses, which then lie anywhere near: in data, the first
 * variable of the section will do to say where that is, as the linker moves sections as a whole.
 */
const struct elf_symbol *proof_symbol_at(const struct proof *proof,
					 const struct elf_section *section, uint64_t offset);

/*
 * Whether @place of the shipped object is @symbol + @delta of ours. Both are without the bias of
 * a PC-relative field; @bias is to be added for the real target. @width: of the field.
 */
bool proof_same_symbol(const struct proof *proof, const struct elf_symbol *symbol, int64_t delta,
		       int64_t bias, const struct shipped_place *place, unsigned int width);

/* A string, or a constant that has no name: the same bytes. */
bool proof_same_content(const struct proof *proof, const struct elf_section *section,
			uint64_t offset, const struct shipped_place *place);

/* The instructions of ours from @start on; as instructions_decode(). */
int proof_decode(const struct proof *proof, const struct elf_section *section, uint64_t start,
		 uint64_t size, struct instructions *out);

/* Whether relocations of @type count from the place that they are in. */
bool proof_is_pc_relative(const struct proof *proof, uint32_t type);

#endif
