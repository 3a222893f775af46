/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where may what an instruction loads into a register get to? It is followed along all ways that
 * lead on from there: jumps, the .cold part, what a static key or a fault leads to. What is asked
 * about it is up to the files that include this one: arch-x86-64-reads.c,
 * arch-x86-64-compares.c.
 */
#ifndef CDO_ARCH_X86_64_FLOW_H
#define CDO_ARCH_X86_64_FLOW_H

#include "create-diff-object/unit/arch-x86-64.h"

/* Bit n: register n may hold what is followed. */
typedef uint16_t holders;

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, N_REGISTERS = 16 };

#define IN(reg) (1 << (reg))

/* System V ABI, 3.2.3. */
#define CALLEE_SAVED (IN(RBX) | IN(RSP) | IN(RBP) | IN(12) | IN(13) | IN(14) | IN(15))

enum effect {
	READS, /* writes nothing but flags */
	SETS, /* the first operand, from the others */
	COMBINES, /* the first operand, from all of them */
	CHOOSES, /* the first operand is one of both */
	ANSWERS, /* the first operand is a bool, and nobody reads more of that register */
	TOUCHES, /* all its operands, in some way */
};

/* What is known of an instruction. */
struct rule {
	const char *name; /* as for fnmatch() */
	enum effect effect;
	holders implied; /* registers that it touches though no operand names them */
	unsigned int operands; /* it has at least as many; other forms aren't known */
};

/* One part of the function (foo, foo.cold) and what is known before each of its bytes. */
struct part {
	const struct atom *atom;
	holders *before;
};

struct place {
	struct part *part;
	uint64_t at; /* in its atom */
};

struct flow {
	struct unit *unit;
	cs_insn *insn;
	struct part *parts;
	size_t n_parts;
	struct place *waiting; /* to be looked at (again) */
	size_t n_waiting, capacity;
	bool label; /* what is followed is the address of a label: x86_only_jumps_to() */
	holders jumped_by; /* registers whose label was jumped to, so that they are free by then */
	bool incomplete; /* there was no memory for all of them */
	int depth; /* through how many calls it came here */
	holders returned; /* registers that may hold it where the function returns */
};

/* Follow something through the function of @from. False if there is no memory. */
bool x86_flow_open(struct flow *flow, struct unit *unit, const struct atom *from);
void x86_flow_close(struct flow *flow);

/*
 * Call @step for each place that was come to, until none is left. False as soon as it says so,
 * and if there was no memory for some of them.
 * It finds ->before[@at], and goes on from there by x86_go_on().
 */
bool x86_flow_run(struct flow *flow,
		  bool (*step)(struct flow *flow, struct part *part, uint64_t at));

/* Decode what is @at bytes into @part into ->insn; *@next: what lies behind it. */
bool x86_decode(struct flow *flow, const struct part *part, uint64_t at, uint64_t *next);
/* The same for the instruction that has @reloc; *@at: where it is. */
bool x86_decode_with(struct flow *flow, const struct part *part, const struct reloc *reloc,
		     uint64_t *at, uint64_t *next);

/* The registers @held may hold it @at bytes into @part. False if there is no such place. */
bool x86_go_on(struct flow *flow, struct part *part, int64_t at, holders held);
/* The instruction that was decoded is a jump: go where it leads. False if out of the function. */
bool x86_follow_jump(struct flow *flow, struct part *part, holders held);
/*
 * Entries that name a second place in the code are ways to go, too: of a static branch, whose
 * instruction may be a jump or none, and of an access that may fault. False if what is there may
 * be replaced: the entries of an alternative stand for instructions that aren't here.
 */
bool x86_heed_entries(struct flow *flow, struct part *part, uint64_t at, uint64_t next,
		      holders held);

/* May the call that was decoded change the registers that are the caller's to save? */
bool x86_clobbers(const struct flow *flow, const struct part *part, uint64_t next);

/* Is the instruction that was decoded a call that doesn't come back? What lies behind is elsewhere.
 */
bool x86_never_returns(const struct flow *flow, const struct part *part);

/* The registers that the instruction that was decoded writes to. */
holders x86_written(const struct flow *flow);

/* NULL: nothing is known of the instruction that was decoded. */
const struct rule *x86_rule_of(const struct flow *flow);
/* The number of @reg, whichever part of it is named, or -1. */
int x86_register_of(x86_reg reg);
bool x86_holds(holders held, x86_reg reg);
struct part *x86_part_of(struct flow *flow, const struct atom *atom);
const struct reloc *x86_reloc_of(const struct part *part, const cs_insn *insn);

#endif
