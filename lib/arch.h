/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the tools know of a processor: one struct arch each, in a file of its own, and a row in
 * arch.c. Code that needs a relocation type or an instruction looks it up here;
 * create-diff-object/unit/arch.h has what only create-diff-object needs.
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
	bool low; /* … but it only reaches below 4 GB: in the kernel only per-CPU offsets */
	bool pc_relative; /* writes the distance from its own position */
	bool address; /* writes an address, wide enough for all of the kernel */
};

enum arch_branch { ARCH_NO_BRANCH, ARCH_CALL, ARCH_JUMP, ARCH_CONDITIONAL_JUMP };

struct arch {
	uint16_t machine; /* EM_… */
	const char *folder; /* below the kernel's arch/ */
	const char *uname; /* as uname(2) names it */
	const char *triplet; /* as GCC does: "x86_64-linux-gnu" */
	const char *program_loader; /* the dynamic loader of its programs */
	uint32_t debug32, debug64; /* relocation types of numbers in debug information */

	/* The rest is empty if kernels of this processor can be read, but not livepatched. */

	const struct arch_relocation *relocations;
	size_t n_relocations;
	uint32_t pointer; /* relocation type of a plain pointer in data */

	/*
	 * The first bytes of a function that an indirect call may reach; size 0: any function may
	 * be reached.
	 */
	unsigned char landing[4], landing_size;

	/* Prefixes of names to which the compiler refers, not the source. */
	const char *const *compilers_names;

	/*
	 * CONFIG_HAVE_JUMP_LABEL_HACK: a static branch is assembled as a jump, and objtool replaces
	 * it by a no-operation.
	 */
	bool objtool_replaces_jumps;

	/*
	 * Is the relocation's field, at @code + @at, the target of a branch? *@opcode: the number
	 * of the instruction's bytes before the field.
	 */
	enum arch_branch (*branch_at)(const struct arch_relocation *type, const unsigned char *code,
				      uint64_t at, unsigned int *opcode);

	/*
	 * Is the value of the relocation's field, at @code + @at, loaded as the first argument of a
	 * call?
	 */
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

/* The processor of the running system; NULL if nothing is known of it. */
const struct arch *arch_of_system(void);

/* True if the relocation types of @machine are known, so that its modules can be read. */
bool arch_is_known(uint16_t machine);

/* NULL if the machine or the type isn't known. */
const struct arch_relocation *arch_relocation(uint16_t machine, uint32_t type);

bool arch_is_pc_relative(uint16_t machine, uint32_t type);

/* Is @type the relocation of a plain pointer (R_X86_64_64), or of an address in an instruction? */
bool arch_is_pointer(uint16_t machine, uint32_t type);
bool arch_is_address(uint16_t machine, uint32_t type);

/* The relocation type of a plain pointer; 0 if the machine isn't known. */
uint32_t arch_pointer(uint16_t machine);

/* The field of a relocation of @type is at @code + @at; @opcode may be NULL: see branch_at(). */
enum arch_branch arch_branch_at(uint16_t machine, uint32_t type, const unsigned char *code,
				uint64_t at, unsigned int *opcode);

/* "__fentry__": the compiler refers to this name, whatever the source says. */
bool arch_is_compilers_name(uint16_t machine, const char *name);

#endif
