/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where may a value get to that an instruction loads into a register? The value
 * is followed along all paths that continue from there: jumps, the .cold part,
 * the targets of a static key or of a fault. The users of this file decide what
 * to look for on the way: arch-x86-64-reads.c, arch-x86-64-compares.c,
 * arch-x86-64-gives.c.
 */
#ifndef CDO_ARCH_X86_64_FLOW_H
#define CDO_ARCH_X86_64_FLOW_H

#include "create-diff-object/unit/arch-x86-64.h"

/* Bit n: register n may hold the value that is followed. */
typedef uint16_t holders;

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, N_REGISTERS = 16 };

#define IN(reg) (1 << (reg))

/* System V ABI, section 3.2.3. */
#define CALLEE_SAVED (IN(RBX) | IN(RSP) | IN(RBP) | IN(12) | IN(13) | IN(14) | IN(15))

enum effect {
	READS, /* writes nothing but flags */
	SETS, /* writes the first operand, computed from the others */
	COMBINES, /* writes the first operand, computed from all operands */
	CHOOSES, /* sets the first operand to one of both operands */
	ANSWERS, /* sets the first operand to a bool, and no code reads more of that register */
	TOUCHES, /* uses all its operands, in any way */
};

/* What is known about an instruction. */
struct rule {
	const char *name; /* a pattern for fnmatch() */
	enum effect effect;
	holders implied; /* registers that it uses though no operand names them */
	unsigned int operands; /* at least so many; forms with fewer aren't known */
};

/* One part of the function (foo, foo.cold), and what is known before each of its bytes. */
struct part {
	const struct atom *atom;
	holders *before;
};

struct place {
	struct part *part;
	uint64_t at; /* offset in the part's atom */
};

struct flow {
	struct unit *unit;
	cs_insn *insn;
	struct part *parts;
	size_t n_parts;
	struct place *waiting; /* places that have to be looked at (again) */
	size_t n_waiting, capacity;
	bool label; /* the value is the address of a label: x86_only_jumps_to() */
	holders jumped_by; /* registers that a jump to the label went through, free afterwards */
	bool incomplete; /* there was not enough memory for all places */
	int depth; /* number of calls on the way to this function */
	holders returned; /* registers that may hold the value when the function returns */
};

/* Start to follow a value through the function of @from. False if there is not enough memory. */
bool x86_flow_open(struct flow *flow, struct unit *unit, const struct atom *from);
void x86_flow_close(struct flow *flow);

/*
 * Call @step for each place that is reached, until none is left. @step finds the registers in
 * ->before[@at], and continues from there with x86_go_on(). False as soon as @step returns false,
 * and if there was not enough memory for some of the places.
 */
bool x86_flow_run(struct flow *flow,
		  bool (*step)(struct flow *flow, struct part *part, uint64_t at));

/* Decode the instruction @at bytes into @part into ->insn; *@next: the offset after it. */
bool x86_decode(struct flow *flow, const struct part *part, uint64_t at, uint64_t *next);
/* The same for the instruction that contains @reloc; *@at: its offset. */
bool x86_decode_with(struct flow *flow, const struct part *part, const struct reloc *reloc,
		     uint64_t *at, uint64_t *next);

/* The registers @held may hold the value @at bytes into @part. False if there is no such place. */
bool x86_go_on(struct flow *flow, struct part *part, int64_t at, holders held);
/* The decoded instruction is a jump: follow it. False if it leaves the function. */
bool x86_follow_jump(struct flow *flow, struct part *part, holders held);
/*
 * Table entries that name a second place in the code lead there as well: those of a static branch,
 * whose instruction may be a jump or a NOP, and those of an access that may fault. False if the
 * instruction there may be replaced: the entries of an alternative stand for instructions that
 * aren't part of this code.
 */
bool x86_heed_entries(struct flow *flow, struct part *part, uint64_t at, uint64_t next,
		      holders held);

/* May the decoded call change the caller-saved registers? */
bool x86_clobbers(const struct flow *flow, const struct part *part, uint64_t next);

/*
 * Is the decoded instruction a call that doesn't return? The code after it belongs to other paths.
 */
bool x86_never_returns(const struct flow *flow, const struct part *part);

/* The registers that the decoded instruction writes to. */
holders x86_written(const struct flow *flow);

/* NULL: nothing is known about the decoded instruction. */
const struct rule *x86_rule_of(const struct flow *flow);
/* The number of @reg, whichever part of the register it names, or -1. */
int x86_register_of(x86_reg reg);
bool x86_holds(holders held, x86_reg reg);
struct part *x86_part_of(struct flow *flow, const struct atom *atom);
const struct reloc *x86_reloc_of(const struct part *part, const cs_insn *insn);

#endif
