// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reduces capstone's description of an x86-64 instruction to what a comparison needs: see arch.h.
 */
#include <capstone/capstone.h>

#include "lib/arch-x86-64-decode.h"
#include "lib/instructions.h"

static bool is_relative_branch(csh decoder, const cs_insn *insn)
{
	return cs_insn_group(decoder, insn, CS_GRP_BRANCH_RELATIVE) &&
	       insn->detail->x86.op_count == 1 && insn->detail->x86.operands[0].type == X86_OP_IMM;
}

void x86_64_describe(size_t decoder, const struct cs_insn *insn, struct instruction *out)
{
	const cs_x86 *x86 = &insn->detail->x86;

	out->padding = insn->id == X86_INS_NOP;
	out->final = insn->id == X86_INS_JMP || insn->id == X86_INS_RET;
	if (!is_relative_branch(decoder, insn))
		return;
	out->branch = true;
	out->target = x86->operands[0].imm;
	out->field = x86->encoding.imm_offset;
	out->width = x86->encoding.imm_size;
	if (!out->field) { /* capstone doesn't always know: the target is the last field */
		out->width = insn->size < 5 ? 1 : 4;
		out->field = insn->size - out->width;
	}
}

/* A memory operand's displacement is relative to %rip, is absolute, or is added to a register. */
static bool operand_means(const cs_insn *insn, const cs_x86_op *operand, uint64_t target)
{
	if (operand->type == X86_OP_IMM) /* capstone mostly sign-extends 32 bits */
		return (uint64_t)operand->imm == target ||
		       (uint64_t)(int64_t)(int32_t)operand->imm == target;
	if (operand->type != X86_OP_MEM)
		return false;
	return target ==
	       (uint64_t)operand->mem.disp +
		       (operand->mem.base == X86_REG_RIP ? insn->address + insn->size : 0);
}

bool x86_64_may_mean(const struct cs_insn *insn, uint64_t target)
{
	for (unsigned int i = 0; i < insn->detail->x86.op_count; i++)
		if (operand_means(insn, &insn->detail->x86.operands[i], target))
			return true;
	return false;
}
