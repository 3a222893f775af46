/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The same function, compiled with and without -ffunction-sections, is the same
 * list of instructions but not always the same bytes: a jump to a neighbour gets
 * a longer encoding when the neighbour moves into a section of its own, and all
 * behind it moves. So code is compared as instructions; offsets in one function
 * are translated to the other by counting instructions.
 */
#ifndef KPATCH_BUILD_INSTRUCTIONS_H
#define KPATCH_BUILD_INSTRUCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct instruction {
	uint64_t offset;
	unsigned char size;
	bool padding; /* a no-operation */
	bool replaced; /* a jump that objtool makes a no-operation later; then padding as well */
	bool unknown; /* bytes that the decoder doesn't know */
	bool final; /* what stands behind it isn't run from here */
	bool branch; /* jump or call with a relative target */
	unsigned int id; /* which instruction; the same for all its encodings */
	unsigned char field; /* branch: where the relative target stands, and how wide it is */
	unsigned char width;
	uint64_t target; /* branch: offset in the function, or beyond it */
};

struct instructions {
	struct instruction *list;
	size_t n;
	const unsigned char *bytes;
	uint64_t size;
};

/*
 * capstone's handle, with details, for the processor @machine (EM_…). 0, -ENOMEM, -ENOTSUP: nobody
 * here knows its instructions. Close it; 0 is none.
 */
int instructions_open_decoder(uint16_t machine, size_t *decoder);
void instructions_close_decoder(size_t decoder);

/* 0, -ENOMEM, -ENOTSUP: no decoder for @machine (EM_…). Free with instructions_free(). */
int instructions_decode(uint16_t machine, const unsigned char *bytes, uint64_t size,
			struct instructions *out);
void instructions_free(struct instructions *instructions);

/*
 * The number of instructions before @offset, padding left out; false if no
 * instruction begins there (the end counts as one).
 */
bool instructions_count(const struct instructions *instructions, uint64_t offset, size_t *count);

/*
 * @code, which runs at @address and is @size bytes long, has a number at @place (an address, too)
 * that could mean @target, absolute or as a distance. Is there an instruction that takes it so? True
 * also if that can't be told: the code doesn't decode up to there.
 */
bool instructions_may_mean(uint16_t machine, const unsigned char *code, uint64_t size,
			   uint64_t address, uint64_t place, uint64_t target);

/* One instruction as text ("jmp 0x12"). Caller frees; NULL if it can't be. */
char *instruction_text(uint16_t machine, const struct instructions *instructions, size_t i);

#endif
