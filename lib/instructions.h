/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The same function, compiled with and without -ffunction-sections, is the same
 * list of instructions but not always the same bytes: a jump to a neighbour gets
 * a longer encoding when the neighbour moves into a section of its own, and
 * everything after it moves. So code is compared as instructions, and offsets in
 * one function are translated to the other by counting instructions.
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
	bool replaced; /* objtool later replaces this jump by a no-operation: padding as well */
	bool unknown; /* bytes that the decoder doesn't know */
	bool final; /* the instruction after it isn't reached from here */
	bool branch; /* jump or call with a relative target */
	unsigned int id; /* the instruction; the same number for all its encodings */
	unsigned char field; /* branch: offset and width of the relative target */
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
 * Open capstone, with details, for the processor @machine (EM_…). Returns 0, -ENOMEM, or -ENOTSUP
 * if there is no decoder for it. Close the handle; 0 is none.
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
 * @code is @size bytes long and runs at @address. The number at @place (an address, too) could mean
 * @target, as an address or as a distance. Does an instruction use it so? Also true if the code
 * can't be decoded up to there, so that nobody can tell.
 */
bool instructions_may_mean(uint16_t machine, const unsigned char *code, uint64_t size,
			   uint64_t address, uint64_t place, uint64_t target);

/* One instruction as text ("jmp 0x12"). Caller frees; NULL: no decoder, or out of memory. */
char *instruction_text(uint16_t machine, const struct instructions *instructions, size_t i);

#endif
