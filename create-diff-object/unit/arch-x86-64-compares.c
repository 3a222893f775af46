// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finds out whether a function compares the address of a string. The comparison
 * is often not where the function takes the address:
 *
 *	mov    $.LC5,%rbx
 *	test   %eax,%eax
 *	jne    1f
 *	call   other_name
 *	mov    %rax,%rbx
 * 1:	cmp    %rbx,names(%rip)
 *
 * So the address is followed along all paths, from register to register, as
 * long as it is unchanged. A value computed from it is another place in the
 * string, as in a loop up to its end, and says nothing about where the string
 * is.
 *
 * Most strings are stored somewhere or passed to a function, and the path ends
 * there. Comparisons that are not found: those in the called function, those
 * after the address was on the stack for a while or was read from a table, and
 * those by other means than CMP and CMPXCHG (a difference that is 0). On the
 * other hand, a loop from the string's beginning to an end that is not a
 * constant (p != end) looks as if it compared the address.
 */
#include "lib/array.h"
#include "create-diff-object/unit/arch-x86-64-decode.h"
#include "create-diff-object/unit/arch-x86-64-flow.h"
#include "create-diff-object/unit/arch-x86-64-compares.h"

static bool is_register(const cs_x86_op *operand, holders held)
{
	return operand->type == X86_OP_REG && operand->size == 8 && x86_holds(held, operand->reg);
}

/* `cmp $-4096,%rax` is IS_ERR(): the operand is not a string. */
static bool is_number(const struct part *part, const cs_insn *insn, const cs_x86_op *operand)
{
	return operand->type == X86_OP_IMM && !x86_reloc_of(part, insn);
}

/* Does the decoded instruction compare the address, which the registers @held hold? */
static bool compares(const struct flow *flow, const struct part *part, holders held)
{
	const cs_insn *insn = flow->insn;
	const cs_x86_op *operands = insn->detail->x86.operands;

	if (insn->id == X86_INS_CMPXCHG)
		return operands[0].size == 8 && held & IN(RAX);
	return insn->id == X86_INS_CMP &&
	       ((is_register(&operands[0], held) && !is_number(part, insn, &operands[1])) ||
		is_register(&operands[1], held));
}

/* Which registers hold the address after an instruction that continues with the next one? */
static holders after_instruction(const struct flow *flow, holders held)
{
	const struct rule *rule = x86_rule_of(flow);
	const cs_x86 *x86 = &flow->insn->detail->x86;
	bool copies = x86->op_count == 2 && is_register(&x86->operands[1], held);
	holders written = x86_written(flow);

	if (rule && rule->effect == CHOOSES && x86->operands[0].size == 8)
		return copies ? held | written : held;
	if (flow->insn->id == X86_INS_MOV && copies)
		return held | written;
	return held & ~written;
}

/*
 * Instructions that ask which of two addresses is lower: that has a meaning only within one string.
 */
static const x86_insn orders[] = {
	X86_INS_JA,   X86_INS_JAE,   X86_INS_JB,    X86_INS_JBE,    X86_INS_SETA,  X86_INS_SETAE,
	X86_INS_SETB, X86_INS_SETBE, X86_INS_CMOVA, X86_INS_CMOVAE, X86_INS_CMOVB, X86_INS_CMOVBE,
};

static bool asks_for_order(const cs_insn *insn)
{
	for (size_t i = 0; i < ARRAY_SIZE(orders); i++)
		if (insn->id == orders[i])
			return true;
	return false;
}

/* Is the order all that the code asks of the comparison before @next? */
static bool orders_only(struct flow *flow, const struct part *part, uint64_t next)
{
	const cs_insn *insn = flow->insn;
	bool order = false;

	while (x86_decode(flow, part, next, &next)) {
		if (asks_for_order(insn))
			order = true;
		else if (insn->id != X86_INS_MOV && insn->id != X86_INS_LEA)
			break;
	}
	return order && insn->id != X86_INS_JE && insn->id != X86_INS_JNE;
}

static bool pass_on(struct flow *flow, struct part *part, uint64_t next, holders held)
{
	x86_go_on(flow, part, (int64_t)next, held);
	return true; /* nothing has been compared so far */
}

static bool take_step(struct flow *flow, struct part *part, uint64_t at)
{
	csh decoder = flow->unit->decoder;
	holders held = part->before[at];
	uint64_t next;

	if (!x86_decode(flow, part, at, &next))
		return true;
	x86_heed_entries(flow, part, at, next, held);
	if (compares(flow, part, held))
		return orders_only(flow, part, next) && pass_on(flow, part, next, held);
	if (cs_insn_group(decoder, flow->insn, CS_GRP_RET) || x86_never_returns(flow, part))
		return true;
	if (cs_insn_group(decoder, flow->insn, CS_GRP_JUMP)) {
		x86_follow_jump(flow, part, held);
		if (flow->insn->id == X86_INS_JMP)
			return true;
	} else if (cs_insn_group(decoder, flow->insn, CS_GRP_CALL)) {
		held &= x86_clobbers(flow, part, next) ? CALLEE_SAVED : ~IN(RAX);
	} else {
		held = after_instruction(flow, held);
	}
	return pass_on(flow, part, next, held);
}

/*
 * Take the instruction with @reloc, which compares the address or loads it. False if it compares
 * it.
 */
static bool take_first_step(struct flow *flow, struct part *part, const struct reloc *reloc)
{
	const cs_insn *insn = flow->insn;
	const cs_x86_op *to = insn->detail->x86.operands;
	uint64_t at, next;

	if (!x86_decode_with(flow, part, reloc, &at, &next))
		return true;
	if (insn->id == X86_INS_CMP && x86_is_immediate(insn, reloc))
		return orders_only(flow, part, next);
	if (x86_loads_address(insn, reloc) && to->type == X86_OP_REG && to->size == 8)
		x86_go_on(flow, part, (int64_t)next, IN(x86_register_of(to->reg)));
	return true;
}

bool x86_compares_address(struct unit *unit, const struct atom *from, const struct reloc *reloc)
{
	struct flow flow;
	struct part *part;
	bool compared = true; /* if there is not enough memory to find out */

	if (x86_flow_open(&flow, unit, from)) {
		part = x86_part_of(&flow, from);
		compared = !take_first_step(&flow, part, reloc) || !x86_flow_run(&flow, take_step);
	}
	x86_flow_close(&flow);
	return compared;
}
