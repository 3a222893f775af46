// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A function walks through a table of constants:
 *
 *	mov    $table,%rbx
 *	mov    (%rbx),%rdi
 *	call   matches
 *	add    $0x18,%rbx
 *
 * The patched function may use a copy of the table if no code outside of it
 * has, or ever had, a pointer into the old one. So the pointer is followed
 * along all paths that continue from there: which registers may hold it, or a
 * value computed from it? The function may read what it points to, and compare
 * it. It must not store it, not even on the stack (other code may have the
 * stack's address), not return it, and pass it only to functions that do none
 * of that either: those that readers.c lists.
 *
 * An instruction that isn't in the table of arch-x86-64-flow.c is assumed to do
 * anything with a pointer that is in a register at that time.
 *
 * If the pointer is passed to a function of the same unit, that function is
 * looked at in the same way. It also has to be the same as in the running
 * kernel, where it was called with the old table. The same holds for a function
 * that is passed to bsearch() with the table, if it is certain which one that
 * is.
 */
#include <string.h>

#include "lib/text.h"
#include "create-diff-object/unit/arch-x86-64-flow.h"
#include "create-diff-object/unit/arch-x86-64-decode.h"
#include "create-diff-object/unit/arch-x86-64-passed.h"
#include "create-diff-object/unit/readers.h"
#include "create-diff-object/unit/arch-x86-64-reads.h"

/* System V ABI, section 3.2.3 and figure 3.4. */
static const uint8_t arguments[] = { RDI, RSI, RDX, RCX, 8, 9 };
#define RETURNED (IN(RAX) | IN(RDX))

/* The pointer is followed through so many nested calls. Except for recursion, more are rare. */
#define MAX_DEPTH 4

static bool take_step(struct flow *flow, struct part *part, uint64_t at);

static bool in_memory_operand(holders held, const cs_x86_op *operand)
{
	return operand->type == X86_OP_MEM &&
	       (x86_holds(held, operand->mem.base) || x86_holds(held, operand->mem.index));
}

/* `xor %eax,%eax` makes a zero. */
static bool makes_zero(const cs_insn *insn)
{
	const cs_x86_op *operands = insn->detail->x86.operands;

	return (insn->id == X86_INS_XOR || insn->id == X86_INS_SUB) &&
	       operands[0].type == X86_OP_REG && operands[1].type == X86_OP_REG &&
	       operands[0].reg == operands[1].reg;
}

/* Is the operand number @first, or a later one, a pointer: in a register, or by LEA? */
static bool has_pointer(const cs_insn *insn, unsigned int first, holders held)
{
	const cs_x86 *x86 = &insn->detail->x86;

	for (unsigned int i = first; i < x86->op_count; i++)
		if ((x86->operands[i].type == X86_OP_REG &&
		     x86_holds(held, x86->operands[i].reg)) ||
		    (insn->id == X86_INS_LEA && in_memory_operand(held, &x86->operands[i])))
			return true;
	return false;
}

enum written { ANOTHER_VALUE, THE_POINTER };

/* Write to the first operand. False if the pointer may get out of sight. */
static bool write_first(const cs_insn *insn, const struct rule *rule, enum written what,
			holders *held)
{
	const cs_x86_op *to = &insn->detail->x86.operands[0];
	int reg = to->type == X86_OP_REG ? x86_register_of(to->reg) : -1;

	if (reg < 0 || reg == RSP)
		return what != THE_POINTER && !in_memory_operand(*held, to);
	if (what == THE_POINTER)
		*held |= IN(reg);
	else if (rule->effect == SETS && to->size >= 4) /* a 32-bit write clears the upper half */
		*held &= ~IN(reg);
	return true;
}

static enum written value_of(const cs_insn *insn, unsigned int first, holders held)
{
	return has_pointer(insn, first, held) ? THE_POINTER : ANOTHER_VALUE;
}

/* Take an instruction that continues with the next one. */
static bool pass(const struct flow *flow, holders *held)
{
	const struct rule *rule = x86_rule_of(flow);
	const cs_insn *insn = flow->insn;

	if (!rule || *held & rule->implied)
		return false;
	switch (rule->effect) {
	case READS:
		return true;
	case SETS:
		return write_first(insn, rule, value_of(insn, 1, *held), held);
	case COMBINES:
	case CHOOSES:
		if (makes_zero(insn))
			*held &= ~IN(x86_register_of(insn->detail->x86.operands[0].reg));
		return write_first(insn, rule, value_of(insn, 0, *held), held);
	case ANSWERS:
		*held &= ~x86_written(flow);
		return write_first(insn, rule, ANOTHER_VALUE, held);
	case TOUCHES:
		for (unsigned int i = 0; i < insn->detail->x86.op_count; i++)
			if (in_memory_operand(*held, &insn->detail->x86.operands[i]))
				return false;
		return !has_pointer(insn, 0, *held);
	}
	return false;
}

static bool is_argument(holders held)
{
	for (size_t i = 0; i < sizeof(arguments); i++)
		if (held & IN(arguments[i]))
			return true;
	return false;
}

/* May the function @reader get what the registers hold? */
static bool may_have_arguments(const struct reader *reader, holders held)
{
	for (unsigned int i = 0; reader && i < reader->parameters; i++)
		if (held & IN(arguments[i]) && !(reader->read & 1 << i))
			return false;
	return reader;
}

static bool is_understood(const struct flow *flow)
{
	for (size_t i = 0; i < flow->n_parts; i++)
		if (flow->parts[i].atom->undecodable)
			return false;
	return true;
}

/*
 * Registers that the caller's compiler can't rely on after a call of the function: some path
 * through it changes them (-fipa-ra), though not every path.
 */
static holders changed_somewhere(struct flow *flow)
{
	holders changed = 0;

	for (size_t i = 0; i < flow->n_parts; i++) {
		const struct part *part = &flow->parts[i];
		uint64_t at = 0;

		while (at < part->atom->size && x86_decode(flow, part, at, &at)) {
			changed |= x86_written(flow);
			if (cs_insn_group(flow->unit->decoder, flow->insn, CS_GRP_CALL) &&
			    x86_clobbers(flow, part, at))
				changed |= ~CALLEE_SAVED;
		}
	}
	return changed & ~CALLEE_SAVED;
}

/*
 * Look at @function, which is called while the registers *@held hold the pointer, and set *@held to
 * those that hold it after its return. False if the pointer may get out of sight.
 */
static bool enter(const struct flow *caller, const struct atom *function, holders *held)
{
	struct flow flow;
	bool ok;

	if (caller->depth == MAX_DEPTH)
		return false;
	ok = x86_flow_open(&flow, caller->unit, function);
	flow.depth = caller->depth + 1;
	ok = ok && is_understood(&flow) &&
	     x86_go_on(&flow, &flow.parts[0], 0, *held & ~CALLEE_SAVED) &&
	     x86_flow_run(&flow, take_step);
	if (ok)
		*held = (*held & CALLEE_SAVED) |
			(flow.returned & (RETURNED | ~(CALLEE_SAVED | changed_somewhere(&flow))));
	x86_flow_close(&flow);
	return ok;
}

/* Tracers are called here, and they preserve all registers. */
static bool is_for_ftrace(const struct reloc *to)
{
	return to && to->symbol && !strcmp(to->symbol->name, "__fentry__");
}

/* Does the function that is passed to @reader, which is called @at bytes into @part, only read? */
static bool comparer_only_reads(struct flow *flow, const struct part *part, uint64_t at,
				const struct reader *reader)
{
	const struct atom *comparer = x86_function_in(flow, part, at, arguments[reader->comparer]);
	holders element = IN(RSI);

	return comparer && enter(flow, comparer, &element);
}

static bool call(struct flow *flow, const struct part *part, uint64_t next, holders *held)
{
	const cs_insn *insn = flow->insn;
	const struct reloc *to = x86_reloc_of(part, insn);
	const struct atom *local = x86_local_function(to);
	const struct reader *reader = to ? reader_of(to) : NULL;
	uint64_t at = insn->address - part->atom->offset;
	bool has_it = is_argument(*held);

	if (has_pointer(insn, 0, *held))
		return false;
	if (is_for_ftrace(to))
		return true;
	if (has_it && local)
		return enter(flow, local, held);
	if (has_it && !may_have_arguments(reader, *held))
		return false;
	if (x86_clobbers(flow, part, next))
		*held &= CALLEE_SAVED;
	if (has_it && reader->returns)
		*held |= IN(RAX);
	return !has_it || !reader->comparer || comparer_only_reads(flow, part, at, reader);
}

static bool leave(struct flow *flow, holders held)
{
	flow->returned |= held;
	return true;
}

/*
 * `jmp *%rax`, `jmp *table(,%rax,8)`, `jmp __x86_indirect_thunk_rax`; *@reg: the register, or -1.
 */
static bool jumps_indirectly(const struct flow *flow, const struct reloc *to, int *reg)
{
	static const char thunk[] = "__x86_indirect_thunk_";
	const cs_insn *insn = flow->insn;
	const char *name = to && to->symbol ? to->symbol->name : "";
	uint64_t target;

	*reg = -1;
	if (insn->id != X86_INS_JMP)
		return false;
	if (!x86_direct_branch(flow->unit->decoder, insn, &target)) {
		if (insn->detail->x86.operands[0].type == X86_OP_REG)
			*reg = x86_register_of(insn->detail->x86.operands[0].reg);
		return true;
	}
	if (!str_starts(name, thunk))
		return false;
	name += strlen(thunk);
	for (int i = X86_REG_INVALID + 1; i < X86_REG_ENDING && *reg < 0; i++)
		if (!strcmp(cs_reg_name(flow->unit->decoder, i), name))
			*reg = x86_register_of(i);
	return true;
}

/*
 * The jump may lead to any label whose address is taken, or to another function, which must not get
 * the pointer as an argument.
 */
static bool jump_to_labels(struct flow *flow, int reg, holders held)
{
	struct part *part;

	if (reg >= 0)
		flow->jumped_by |= IN(reg);
	if (is_argument(held & ~flow->jumped_by))
		return false;
	unit_for_each_reloc(flow->unit, at) {
		part = at.reloc->to ? x86_part_of(flow, at.reloc->to) : NULL;
		if (part && at.reloc->at && !at.from->owner &&
		    !x86_go_on(flow, part, at.reloc->at, held))
			return false;
	}
	return true;
}

static bool leave_by_jump(struct flow *flow, const struct reloc *to, holders held)
{
	const struct atom *local = x86_local_function(to);
	const struct reader *reader = reader_of(to);

	if (to->symbol && !strcmp(to->symbol->name, "__x86_return_thunk"))
		return leave(flow, held);
	if (!is_argument(held)) /* see x86_clobbers(), except that RAX has the result */
		return leave(flow, to->to ? held & ~IN(RAX) : 0);
	if (local)
		return enter(flow, local, &held) && leave(flow, held);
	return may_have_arguments(reader, held) && !reader->comparer &&
	       leave(flow, reader->returns ? IN(RAX) : 0);
}

/* The decoded instruction is a jump; @held: the registers at its target. */
static bool jump(struct flow *flow, struct part *part, holders held)
{
	const cs_insn *insn = flow->insn;
	const struct reloc *to = x86_reloc_of(part, insn);
	uint64_t target;
	int reg;

	if (flow->label && jumps_indirectly(flow, to, &reg))
		return jump_to_labels(flow, reg, held);
	if (to && !(to->to && x86_part_of(flow, to->to)))
		return x86_direct_branch(flow->unit->decoder, insn, &target) &&
		       leave_by_jump(flow, to, held);
	return x86_follow_jump(flow, part, held);
}

/* `test %rax,%rax`; *@reg: the register. */
static bool tests_for_null(const cs_insn *insn, int *reg)
{
	const cs_x86_op *operands = insn->detail->x86.operands;

	if (insn->id != X86_INS_TEST || operands[0].type != X86_OP_REG ||
	    operands[1].type != X86_OP_REG || operands[0].reg != operands[1].reg ||
	    operands[0].size != 8)
		return false;
	*reg = x86_register_of(operands[0].reg);
	return true;
}

/*
 *	call   hid_match_id
 *	test   %rax,%rax
 *	je     …
 * At the jump's target the register is 0, and so is no pointer. @next: the offset after the test,
 * where the jump may be.
 */
static bool pass_null_test(struct flow *flow, struct part *part, int reg, uint64_t next,
			   holders held)
{
	holders if_zero = held & ~IN(reg);
	uint64_t after;

	if (!x86_decode(flow, part, next, &after))
		return false;
	if (flow->insn->id == X86_INS_JE)
		return jump(flow, part, if_zero) && x86_go_on(flow, part, (int64_t)after, held);
	if (flow->insn->id == X86_INS_JNE)
		return jump(flow, part, held) && x86_go_on(flow, part, (int64_t)after, if_zero);
	return x86_go_on(flow, part, (int64_t)next, held);
}

static bool take_step(struct flow *flow, struct part *part, uint64_t at)
{
	csh decoder = flow->unit->decoder;
	holders held = part->before[at];
	const cs_insn *insn = flow->insn;
	uint64_t next;
	int reg;

	if (!x86_decode(flow, part, at, &next) || !x86_heed_entries(flow, part, at, next, held))
		return false;
	if (tests_for_null(insn, &reg))
		return pass_null_test(flow, part, reg, next, held);
	if (cs_insn_group(decoder, insn, CS_GRP_RET))
		return leave(flow, held);
	if (x86_never_returns(flow, part))
		return true;
	if (cs_insn_group(decoder, insn, CS_GRP_JUMP))
		return jump(flow, part, held) &&
		       (insn->id == X86_INS_JMP || x86_go_on(flow, part, (int64_t)next, held));
	if (cs_insn_group(decoder, insn, CS_GRP_CALL)) {
		if (!call(flow, part, next, &held))
			return false;
	} else if (!pass(flow, &held)) {
		return false;
	}
	return x86_go_on(flow, part, (int64_t)next, held);
}

/* Take the instruction with @reloc, which takes the address: it may compare it, or load it. */
static bool take_first_step(struct flow *flow, struct part *part, const struct reloc *reloc)
{
	uint64_t at, next;
	const struct rule *rule;
	holders held = 0;

	if (!x86_decode_with(flow, part, reloc, &at, &next))
		return false;
	rule = x86_rule_of(flow);
	if (!rule || rule->effect == TOUCHES)
		return false;
	if (rule->effect == READS)
		return true;
	return write_first(flow->insn, rule, THE_POINTER, &held) &&
	       x86_heed_entries(flow, part, at, next, held) &&
	       x86_go_on(flow, part, (int64_t)next, held);
}

/* sync_core(): `push $label`, `iretq`; or `jmp *table(,%rax,8)`. */
static bool jumps_at_once(struct flow *flow, struct part *part, const struct reloc *reloc)
{
	uint64_t at, next;
	int reg;

	if (!x86_decode_with(flow, part, reloc, &at, &next))
		return false;
	if (flow->insn->id == X86_INS_PUSH)
		return x86_decode(flow, part, next, &next) && flow->insn->id == X86_INS_IRETQ;
	return jumps_indirectly(flow, reloc->to == part->atom ? NULL : reloc, &reg);
}

enum followed { A_CONSTANT, A_LABEL };

static bool follow(struct unit *unit, const struct atom *from, const struct reloc *reloc,
		   enum followed what)
{
	bool label = what == A_LABEL;
	struct flow flow;
	bool ok = x86_flow_open(&flow, unit, from);

	flow.label = label;
	ok = ok && is_understood(&flow);
	if (!ok || !label || !jumps_at_once(&flow, x86_part_of(&flow, from), reloc))
		ok = ok && take_first_step(&flow, x86_part_of(&flow, from), reloc) &&
		     x86_flow_run(&flow, take_step) &&
		     !(flow.returned & RETURNED & ~flow.jumped_by);
	x86_flow_close(&flow);
	return ok;
}

bool x86_only_jumps_to(struct unit *unit, const struct atom *from, const struct reloc *reloc)
{
	return follow(unit, from, reloc, A_LABEL);
}

bool x86_only_reads(struct unit *unit, const struct atom *from, const struct reloc *reloc)
{
	return follow(unit, from, reloc, A_CONSTANT);
}
