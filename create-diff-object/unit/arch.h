/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The questions about a processor that only create-diff-object asks: how an
 * instruction uses a relocation's field, and where an address goes from there.
 * Questions that other programs ask as well are in lib/arch.h. A new processor
 * is a new struct arch_ops.
 */
#ifndef CDO_ARCH_H
#define CDO_ARCH_H

#include "create-diff-object/unit/unit.h"

enum access {
	ACCESS_ADDRESS, /* takes its address, or calls it */
	ACCESS_ELEMENT, /* reads or writes there, plus the value of a register */
	ACCESS_PLACE, /* reads or writes exactly there */
};

/* What a function does with an address that it takes. */
enum gift_kind {
	GIFT_ARGUMENT, /* passes it to a function */
	GIFT_STORED, /* writes it to memory other than the function's stack */
	GIFT_RETURNED,
};

struct gift {
	enum gift_kind kind;
	struct atom *from; /* the code that does it */
	/* GIFT_ARGUMENT: the called function; GIFT_STORED: the variable. NULL: through a pointer */
	const struct reloc *to;
	unsigned int argument; /* GIFT_ARGUMENT: which argument it may be, from 0 on */
};

struct arch_ops {
	uint16_t machine; /* EM_… */
	/*
	 * What does the instruction of @from that has @reloc do with its target? If that isn't
	 * known for sure, the address is taken.
	 */
	enum access (*access_of)(const struct unit *unit, const struct atom *from,
				 const struct reloc *reloc);

	/*
	 * The code of @from takes an address by @reloc. Does it compare it with another one: at
	 * once, or in a register that the address got to?
	 */
	bool (*compares_address)(struct unit *unit, const struct atom *from,
				 const struct reloc *reloc);

	/*
	 * The code of @from takes the address of a constant by @reloc. True if it certainly does no
	 * more than read from there or compare the address, and keeps it nowhere: it doesn't store
	 * it, and passes it only to functions of reader_of(), and to unchanged functions of @unit
	 * of which the same is true.
	 */
	bool (*only_reads)(struct unit *unit, const struct atom *from, const struct reloc *reloc);

	/*
	 * The code of @from takes an address by @reloc. Call @found for each use of it that can be
	 * followed. False if there is not enough memory.
	 */
	bool (*follow_address)(struct unit *unit, const struct atom *from,
			       const struct reloc *reloc,
			       void (*found)(const struct gift *gift, void *arg), void *arg);

	/*
	 * The code of @from takes the address of a label in its function by @reloc, or loads one
	 * from a table. True if it certainly does no more with it than compare it and jump there,
	 * and keeps it nowhere, as in only_reads().
	 */
	bool (*only_jumps_to)(struct unit *unit, const struct atom *from,
			      const struct reloc *reloc);

	/*
	 * False if each jump in @function and its parts certainly leads to a fixed place: there is
	 * no `goto *`, and no tail call through a pointer, which looks the same.
	 */
	bool (*may_jump_anywhere)(const struct unit *unit, const struct atom *function);

	/*
	 * Decode the code of @s, whose atoms have their extent and whose relocs have the values of
	 * the file (->symbol, ->at with the addend), and
	 *
	 * - set ->bias: x86-64 counts from the end of the instruction, the relocation from its own
	 *   place. In `cmpl $0, x(%rip)` five bytes lie between the two: the relocation says
	 *   x-5, and so may name another variable;
	 * - add a reloc for each jump from one atom to another for which the assembler needed none,
	 *   as both are in one section.
	 *
	 * Atoms that can't be decoded get ->undecodable.
	 */
	int (*scan_code)(struct unit *unit, struct unit_section *s, struct diag *diag);

	/*
	 * The code of @s has no symbols, and an atom starts wherever a reference leads. Set
	 * @tied[i] if atom i is tied to the one before it: that one continues in it, or one jumps
	 * into the other. False if the code can't be decoded.
	 */
	bool (*find_tied)(const struct unit *unit, const struct unit_section *s, bool *tied);

	/*
	 * @at bytes into @code is the immediate operand of an instruction that loads it into a
	 * register: make it a load from memory. *@type at *@field is the relocation of that memory
	 * operand; *@addend is the addend with which it refers to its symbol exactly. False if
	 * there is no such operand.
	 */
	bool (*load_from_memory)(unsigned char *code, uint64_t size, uint64_t at, uint64_t *field,
				 uint32_t *type, int64_t *addend);

	/* Is this the padding that the assembler puts between functions? */
	bool (*is_padding)(const unsigned char *code, size_t size);
};

extern const struct arch_ops arch_ops_x86_64;

/* NULL if the machine is not supported. */
const struct arch_ops *arch_of(uint16_t machine);

/* Is it a direct call or jump, rather than taking the address? */
bool reloc_is_call(const struct unit *unit, const struct atom *from, const struct reloc *reloc);

/* How many bytes a relocation writes; 0: the kernel's module loader can't apply it. */
unsigned int reloc_width(const struct unit *unit, uint32_t type);

/* --- readers.c --- */

/* A function of the kernel that reads what its arguments point to, and keeps no pointer to it. */
struct reader {
	const char *name;
	unsigned int parameters; /* how many it has, at most those in registers */
	unsigned int read; /* bit n: argument n (0-based) is such a pointer */
	bool returns; /* it returns a pointer into what one of these points to */
	unsigned int comparer; /* if not 0: the argument called with a key and such a pointer */
};

#endif
