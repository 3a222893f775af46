// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where does the address go that a function takes?
 *
 *	mov    $.LC5,%rcx
 *	call   request_threaded_irq
 *	movq   $table,0x48(%rbx)
 *
 * The address is followed from register to register along all paths, as long as
 * it is unchanged. The caller is told of each call that may get it as an
 * argument, each place in memory that it is written to, and each return of it.
 *
 * Writes to the stack are left out, as that memory is gone when the function
 * returns. So an address is missed if another function reads it from the stack:
 * as a member of a structure there, or as a seventh argument.
 */
#include <string.h>

#include "create-diff-object/unit/arch-x86-64-decode.h"
#include "create-diff-object/unit/arch-x86-64-flow.h"
#include "create-diff-object/unit/arch-x86-64-jumps.h"
#include "create-diff-object/unit/arch-x86-64-gives.h"

/* System V ABI, section 3.2.3. */
static const uint8_t arguments[] = { RDI, RSI, RDX, RCX, 8, 9 };

/* The address is also followed into static functions of the unit, to this depth. */
#define MAX_DEPTH 3

struct giving {
	struct flow flow; /* the first member, as take_step() gets only this pointer */
	void (*found)(const struct gift *gift, void *arg);
	void *arg;
};

static void tell(struct flow *flow, const struct part *part, enum gift_kind kind,
		 const struct reloc *to, unsigned int argument)
{
	const struct giving *giving = (const struct giving *)flow;
	struct gift gift = {
		.kind = kind,
		.from = (struct atom *)part->atom,
		.to = to,
		.argument = argument,
	};

	giving->found(&gift, giving->arg);
}

static bool run(struct giving *giving, struct unit *unit, const struct atom *function, holders held,
		int depth);

/* A function of this unit that no other definition overrides in the kernel: it can be followed. */
static const struct atom *function_here(const struct reloc *to)
{
	const struct atom *atom = to ? to->to : NULL;

	return atom && !to->at && atom->kind == ATOM_FUNCTION && !atom->parent && atom->symbol &&
			       atom->symbol->bind != STB_WEAK
		       ? atom
		       : NULL;
}

static bool is_for_ftrace(const struct reloc *to)
{
	return to && to->symbol && !strcmp(to->symbol->name, "__fentry__");
}

/* The decoded instruction is a call, or a jump out of the function. */
static void give_arguments(struct flow *flow, const struct part *part, holders held)
{
	const struct reloc *to = x86_reloc_of(part, flow->insn);
	const struct atom *here = function_here(to);
	struct giving *giving = (struct giving *)flow;
	holders given = 0;

	if (is_for_ftrace(to)) /* tracers are called here, and they preserve all registers */
		return;
	for (size_t i = 0; i < sizeof(arguments); i++)
		given |= held & IN(arguments[i]);
	if (!given)
		return;
	if (here && flow->depth < MAX_DEPTH &&
	    run(giving, flow->unit, here, given, flow->depth + 1))
		return;
	for (size_t i = 0; i < sizeof(arguments); i++)
		if (held & IN(arguments[i]))
			tell(flow, part, GIFT_ARGUMENT, x86_is_thunk(to) ? NULL : to, i);
}

static bool is_on_stack(const cs_x86_op *operand)
{
	return x86_register_of(operand->mem.base) == RSP;
}

static bool is_register(const cs_x86_op *operand, holders held)
{
	return operand->type == X86_OP_REG && operand->size == 8 && x86_holds(held, operand->reg);
}

/* Which registers hold the address after an instruction that continues with the next one? */
static holders pass(struct flow *flow, const struct part *part, holders held)
{
	const struct rule *rule = x86_rule_of(flow);
	const cs_x86 *x86 = &flow->insn->detail->x86;
	const cs_x86_op *to = &x86->operands[0];
	bool copies = x86->op_count == 2 && is_register(&x86->operands[1], held);
	holders written = x86_written(flow);

	if (rule && rule->effect == READS)
		return held;
	if (copies && to->type == X86_OP_MEM && !is_on_stack(to))
		tell(flow, part, GIFT_STORED, x86_reloc_of(part, flow->insn), 0);
	if (rule && rule->effect == CHOOSES && to->size == 8)
		return copies ? held | written : held;
	if (flow->insn->id == X86_INS_MOV && copies)
		return held | written;
	return held & ~written;
}

static void give_result(struct flow *flow, const struct part *part, holders held)
{
	if (held & IN(RAX) && !flow->depth)
		tell(flow, part, GIFT_RETURNED, NULL, 0);
}

/* The decoded instruction is a jump. */
static void leave_or_jump(struct flow *flow, struct part *part, holders held)
{
	const struct reloc *to = x86_reloc_of(part, flow->insn);

	if (to && to->symbol && !strcmp(to->symbol->name, "__x86_return_thunk"))
		give_result(flow, part, held);
	else if (to && !(to->to && x86_part_of(flow, to->to)))
		give_arguments(flow, part, held);
	else
		x86_follow_jump(flow, part, held);
}

static bool take_step(struct flow *flow, struct part *part, uint64_t at)
{
	csh decoder = flow->unit->decoder;
	holders held = part->before[at];
	const cs_insn *insn = flow->insn;
	uint64_t next;

	if (!x86_decode(flow, part, at, &next))
		return true;
	x86_heed_entries(flow, part, at, next, held);
	if (x86_never_returns(flow, part))
		return true;
	if (cs_insn_group(decoder, insn, CS_GRP_RET)) {
		give_result(flow, part, held);
		return true;
	}
	if (cs_insn_group(decoder, insn, CS_GRP_JUMP)) {
		leave_or_jump(flow, part, held);
		if (insn->id == X86_INS_JMP)
			return true;
	} else if (cs_insn_group(decoder, insn, CS_GRP_CALL)) {
		give_arguments(flow, part, held);
		if (!is_for_ftrace(x86_reloc_of(part, insn)))
			held &= CALLEE_SAVED;
	} else {
		held = pass(flow, part, held);
	}
	x86_go_on(flow, part, (int64_t)next, held);
	return true;
}

/* Follow the address into another function. The state of the calling function is kept apart. */
static bool run(struct giving *giving, struct unit *unit, const struct atom *function, holders held,
		int depth)
{
	struct giving inner = { .found = giving->found, .arg = giving->arg };
	bool ok = x86_flow_open(&inner.flow, unit, function);

	inner.flow.depth = depth;
	ok = ok && x86_go_on(&inner.flow, &inner.flow.parts[0], 0, held) &&
	     x86_flow_run(&inner.flow, take_step);
	x86_flow_close(&inner.flow);
	return ok;
}

static void take_first_step(struct flow *flow, struct part *part, const struct reloc *reloc)
{
	const cs_insn *insn = flow->insn;
	const cs_x86_op *to = insn->detail->x86.operands;
	const struct reloc *where; /* the memory operand is encoded before the immediate operand */
	uint64_t at, next;

	if (!x86_decode_with(flow, part, reloc, &at, &next) || !x86_loads_address(insn, reloc))
		return;
	where = x86_reloc_of(part, insn);
	if (to->type == X86_OP_REG && to->size == 8)
		x86_go_on(flow, part, (int64_t)next, IN(x86_register_of(to->reg)));
	else if (to->type == X86_OP_MEM && !is_on_stack(to))
		tell(flow, part, GIFT_STORED, where == reloc ? NULL : where, 0);
}

bool x86_follow_address(struct unit *unit, const struct atom *from, const struct reloc *reloc,
			void (*found)(const struct gift *gift, void *arg), void *arg)
{
	struct giving giving = { .found = found, .arg = arg };
	struct part *part;
	bool ok = x86_flow_open(&giving.flow, unit, from);

	part = ok ? x86_part_of(&giving.flow, from) : NULL;
	if (part) {
		take_first_step(&giving.flow, part, reloc);
		ok = x86_flow_run(&giving.flow, take_step);
	}
	x86_flow_close(&giving.flow);
	return ok;
}
