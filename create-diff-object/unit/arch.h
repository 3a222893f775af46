/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What create-diff-object, and nobody else, asks of a processor: how an instruction uses a
 * relocation's field, and where an address goes from there. What others ask as well is in
 * lib/arch.h. A new processor is a new struct arch_ops.
 */
#ifndef CDO_ARCH_H
#define CDO_ARCH_H

#include "create-diff-object/unit/unit.h"

enum access {
	ACCESS_ADDRESS, /* takes its address, or calls it */
	ACCESS_ELEMENT, /* reads or writes there, plus what is in a register */
	ACCESS_PLACE, /* reads or writes exactly there */
};

/* What a function does with an address that it takes. */
enum gift_kind {
	GIFT_ARGUMENT, /* a function is called with it */
	GIFT_STORED, /* it is written to memory that isn't the function's stack */
	GIFT_RETURNED,
};

struct gift {
	enum gift_kind kind;
	struct atom *from; /* the code that does it */
	/* GIFT_ARGUMENT: what is called; GIFT_STORED: where, if that is a variable. NULL: by a pointer */
	const struct reloc *to;
	unsigned int argument; /* GIFT_ARGUMENT: which one it may be, from 0 on */
};

struct arch_ops {
	uint16_t machine; /* EM_… */
	/*
	 * What does the instruction of @from that has @reloc do with its target? What isn't
	 * known for sure is an address taken.
	 */
	enum access (*access_of)(const struct unit *unit, const struct atom *from,
				 const struct reloc *reloc);

	/*
	 * The code of @from takes an address by @reloc, and compares it with another one: at once, or
	 * from a register that it got to.
	 */
	bool (*compares_address)(struct unit *unit, const struct atom *from,
				 const struct reloc *reloc);

	/*
	 * The code of @from takes the address of a constant by @reloc. True if it surely only reads
	 * from there, or compares it, and leaves it nowhere: not in memory, and with nobody it calls
	 * but those of reader_of(), and unchanged functions of @unit that do no more either.
	 */
	bool (*only_reads)(struct unit *unit, const struct atom *from, const struct reloc *reloc);

	/*
	 * The code of @from takes an address by @reloc. Call @found for each use of it that can be
	 * followed. False if there is no memory.
	 */
	bool (*follow_address)(struct unit *unit, const struct atom *from,
			       const struct reloc *reloc,
			       void (*found)(const struct gift *gift, void *arg), void *arg);

	/*
	 * The code of @from takes the address of a label in its function by @reloc, or loads one from
	 * a table. True if it surely does no more with it than compare it and jump there: it is left
	 * nowhere, as only_reads() says it.
	 */
	bool (*only_jumps_to)(struct unit *unit, const struct atom *from,
			      const struct reloc *reloc);

	/*
	 * False if each jump in @function and its parts surely leads to a fixed place: it has no
	 * `goto *`, and no tail call through a pointer, which looks the same.
	 */
	bool (*may_jump_anywhere)(const struct unit *unit, const struct atom *function);

	/*
	 * Decode the code of @s, whose atoms have their extent and whose relocs have
	 * what the file says (->symbol, ->at with the addend), and
	 * - set ->bias: x86-64 counts from the end of the instruction, the relocation
	 *   from its own place. In `cmpl $0, x(%rip)` five bytes lie between the two:
	 *   the relocation says x-5, and may so name another variable;
	 * - add a reloc for each jump from one atom into another for which the assembler
	 *   needed none, as both lie in one section.
	 * Atoms that resist get ->undecodable.
	 */
	int (*scan_code)(struct unit *unit, struct unit_section *s, struct diag *diag);

	/*
	 * The code of @s has no symbols, and atoms where something refers to. Set @tied[i] if atom i is
	 * tied to the one before it: that goes on there, or one jumps into the other. False if the code
	 * can't be decoded.
	 */
	bool (*find_tied)(const struct unit *unit, const struct unit_section *s, bool *tied);

	/*
	 * @at bytes into @code is the number of an instruction that loads it into a register: let it
	 * load from memory instead. *@type at *@field is the relocation that says from where;
	 * *@addend: what it has to be, to mean the place itself. False if there is no such number.
	 */
	bool (*load_from_memory)(unsigned char *code, uint64_t size, uint64_t at, uint64_t *field,
				 uint32_t *type, int64_t *addend);

	/* True if this is what the assembler puts between functions. */
	bool (*is_padding)(const unsigned char *code, size_t size);
};

extern const struct arch_ops arch_ops_x86_64;

/* NULL if the machine is not supported. */
const struct arch_ops *arch_of(uint16_t machine);

/* A direct call or jump, as against taking the address. */
bool reloc_is_call(const struct unit *unit, const struct atom *from, const struct reloc *reloc);

/* How many bytes a relocation writes; 0: the kernel's module loader can't apply it. */
unsigned int reloc_width(const struct unit *unit, uint32_t type);

/* --- readers.c --- */

/* A function of the kernel that reads where its arguments point, and keeps no pointer to it. */
struct reader {
	const char *name;
	unsigned int parameters; /* how many it has: at most those in registers */
	unsigned int read; /* bit n: argument n (0-based) is such a pointer */
	bool returns; /* returns a pointer to what one of these points to */
	unsigned int comparer; /* if not 0: argument that is called with a key and such a pointer */
};

#endif
