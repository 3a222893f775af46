/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tools know of a processor: one struct arch each, in a file of its own, and a row in
 * arch.c. Who needs to know of a relocation or an instruction asks here; what only
 * create-diff-object asks is in create-diff-object/unit/arch.h.
 */
#ifndef KLP_SPLIT_ARCH_H
#define KLP_SPLIT_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cs_insn;
struct instruction;

struct arch_relocation {
	uint32_t type;
	const char *name; /* "R_X86_64_PC32" */
	unsigned char width; /* bytes written */
	bool loader; /* the kernel's module loader applies it … */
	bool low; /* … but only to what lies below 4 GB: nothing of the kernel but per-CPU offsets */
	bool pc_relative; /* writes the distance from its own place */
	bool address; /* writes an address that reaches all of the kernel */
};

enum arch_branch { ARCH_NO_BRANCH, ARCH_CALL, ARCH_JUMP, ARCH_CONDITIONAL_JUMP };

struct arch {
	uint16_t machine; /* EM_… */
	const char *folder; /* below the kernel's arch/ */
	uint32_t debug32, debug64; /* relocations of numbers in debug information */

	/* The rest is empty if kernels of this processor can be read, but not be livepatched. */

	const struct arch_relocation *relocations;
	size_t n_relocations;
	uint32_t pointer; /* relocation of a plain pointer in data */

	/* What a function begins with that an indirect call may lead to; size 0: anything. */
	unsigned char landing[4], landing_size;

	/* Beginnings of names that the compiler, not the source, refers to. */
	const char *const *compilers_names;

	/*
	 * CONFIG_HAVE_JUMP_LABEL_HACK: objtool makes a no-operation of a static branch that is
	 * assembled as a jump.
	 */
	bool objtool_replaces_jumps;

	/*
	 * @code + @at is the field of a relocation. Is it the target of a branch? *@opcode: how many
	 * bytes of the instruction come before the field.
	 */
	enum arch_branch (*branch_at)(const struct arch_relocation *type, const unsigned char *code,
				      uint64_t at, unsigned int *opcode);

	/* @code + @at is the field of a relocation: is its value loaded as first argument of a call? */
	bool (*loads_first_argument)(const unsigned char *code, uint64_t at);

	/* How to decode (lib/instructions.c): capstone's cs_arch and cs_mode, … */
	int decoder, decoder_mode;
	/* … what an instruction is (@out is zero, but for place and size), … */
	void (*describe)(size_t decoder, const struct cs_insn *insn, struct instruction *out);
	/* … and whether one of its operands means @target, absolute or as a distance. */
	bool (*may_mean)(const struct cs_insn *insn, uint64_t target);
};

/* NULL if nothing is known of @machine. */
const struct arch *arch_find(uint16_t machine);

/* True if its relocations are known: its modules can be read. */
bool arch_is_known(uint16_t machine);

/* NULL if the machine or the type isn't known. */
const struct arch_relocation *arch_relocation(uint16_t machine, uint32_t type);

bool arch_is_pc_relative(uint16_t machine, uint32_t type);

/* Is it the relocation of a plain pointer (R_X86_64_64), or of an address in an instruction? */
bool arch_is_pointer(uint16_t machine, uint32_t type);
bool arch_is_address(uint16_t machine, uint32_t type);

/* The relocation of a plain pointer; 0 if the machine isn't known. */
uint32_t arch_pointer(uint16_t machine);

/* The field of a relocation of @type is at @code + @at; @opcode may be NULL: see branch_at(). */
enum arch_branch arch_branch_at(uint16_t machine, uint32_t type, const unsigned char *code,
				uint64_t at, unsigned int *opcode);

/* "__fentry__": a name that is in any code, whatever the source says. */
bool arch_is_compilers_name(uint16_t machine, const char *name);

#endif
