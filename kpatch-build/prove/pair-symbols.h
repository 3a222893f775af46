/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The data for the proof of one unit: the original as it was compiled here, the
 * object that is shipped, and which symbol of the one corresponds to which of
 * the other.
 *
 * A name isn't enough for that: vmlinux has hundreds of `__func__.5`. A static
 * symbol corresponds to the one of that name in the unit's own FILE block.
 * References have to agree with this pairing, so two functions can't mean two
 * different variables.
 */
#ifndef KPATCH_BUILD_PROOF_H
#define KPATCH_BUILD_PROOF_H

#include "lib/elf-model.h"
#include "lib/instructions.h"
#include "kpatch-build/prove/shipped-code.h"

struct proof {
	const struct elf_model *unit;
	const struct shipped_code *code;
	/*
	 * the object, or its twin that still has FILE symbols, with the same symbols in the same
	 * order
	 */
	const struct object_index *blocks;
	uint32_t block; /* 0: not known, any symbol of that name is accepted */
	const struct elf_symbol **named; /* functions and variables, by section and place */
	size_t n_named;
	/* for each of ->named the symbol that was found equal, or NULL */
	const struct object_symbol **pairs;
	struct proof_site *jumps; /* jumps that objtool makes NOPs, by section and place */
	size_t n_jumps;
	/* the last pair of functions: tables refer to many places in one function */
	struct proof_decoded *decoded;
};

struct proof_site {
	const struct elf_section *section;
	uint64_t offset;
};

/* @proof keeps the pointers. 0 or -ENOMEM; call proof_free() in any case. */
int proof_init(struct proof *proof, const struct elf_model *unit, const struct shipped_code *code,
	       const struct object_index *blocks);
void proof_free(struct proof *proof);

/* May @theirs correspond to @ours, by binding and FILE block? */
bool proof_may_pair(const struct proof *proof, const struct elf_symbol *ours,
		    const struct object_symbol *theirs);

/*
 * The function or variable of the unit that covers a place, or ends there (the end of an array).
 * The compiler folds constants into addresses, which may then be anywhere nearby. In data, the
 * first variable of the section is enough to identify such a place, as the linker moves sections as
 * a whole.
 */
const struct elf_symbol *proof_symbol_at(const struct proof *proof,
					 const struct elf_section *section, uint64_t offset);

/*
 * Is @place of the shipped object the same as @symbol + @delta of ours? Both are without the bias
 * of a PC-relative field; add @bias to get the real target. @width: of the field.
 */
bool proof_same_symbol(const struct proof *proof, const struct elf_symbol *symbol, int64_t delta,
		       int64_t bias, const struct shipped_place *place, unsigned int width);

/* Are the bytes of a string, or of a constant without a name, the same? */
bool proof_same_content(const struct proof *proof, const struct elf_section *section,
			uint64_t offset, const struct shipped_place *place);

/* Decode our instructions from @start on, like instructions_decode(). */
int proof_decode(const struct proof *proof, const struct elf_section *section, uint64_t start,
		 uint64_t size, struct instructions *out);

/* Are relocations of @type relative to their own place? */
bool proof_is_pc_relative(const struct proof *proof, uint32_t type);

#endif
