// SPDX-License-Identifier: GPL-2.0-or-later
/* Decoding by capstone, reduced to what a comparison needs; see instructions.h. */
#include <capstone/capstone.h>
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/instructions.h"

static const struct {
	uint16_t machine;
	cs_arch arch;
	cs_mode mode;
} decoders[] = {
	{ EM_X86_64, CS_ARCH_X86, CS_MODE_64 },
};

static int open_decoder(uint16_t machine, csh *handle)
{
	for (size_t i = 0; i < sizeof(decoders) / sizeof(*decoders); i++) {
		if (decoders[i].machine != machine)
			continue;
		if (cs_open(decoders[i].arch, decoders[i].mode, handle) != CS_ERR_OK)
			return -ENOMEM;
		cs_option(*handle, CS_OPT_DETAIL, CS_OPT_ON);
		return 0;
	}
	return -ENOTSUP;
}

static bool is_relative_branch(csh handle, const cs_insn *insn)
{
	return cs_insn_group(handle, insn, CS_GRP_BRANCH_RELATIVE) &&
	       insn->detail->x86.op_count == 1 && insn->detail->x86.operands[0].type == X86_OP_IMM;
}

static void fill(csh handle, const cs_insn *insn, struct instruction *out)
{
	const cs_x86 *x86 = &insn->detail->x86;

	out->offset = insn->address;
	out->size = insn->size;
	out->id = insn->id;
	out->padding = insn->id == X86_INS_NOP;
	out->final = insn->id == X86_INS_JMP || insn->id == X86_INS_RET;
	if (!is_relative_branch(handle, insn))
		return;
	out->branch = true;
	out->target = x86->operands[0].imm;
	out->field = x86->encoding.imm_offset;
	out->width = x86->encoding.imm_size;
	if (!out->field) { /* capstone doesn't always say: the target comes last */
		out->width = insn->size < 5 ? 1 : 4;
		out->field = insn->size - out->width;
	}
}

int instructions_decode(uint16_t machine, const unsigned char *bytes, uint64_t size,
			struct instructions *out)
{
	uint64_t address = 0;
	size_t left = size;
	const uint8_t *at = bytes;
	cs_insn *insn;
	csh handle;
	int err;

	memset(out, 0, sizeof(*out));
	err = open_decoder(machine, &handle);
	if (err)
		return err;
	out->list = calloc(size + 1, sizeof(*out->list));
	insn = cs_malloc(handle);
	if (!out->list || !insn)
		err = -ENOMEM;
	while (!err && left) {
		struct instruction *next = &out->list[out->n++];

		if (cs_disasm_iter(handle, &at, &left, &address, insn)) {
			fill(handle, insn, next);
			continue;
		}
		next->offset = address++;
		next->size = 1;
		next->unknown = true;
		at++;
		left--;
	}
	if (insn)
		cs_free(insn, 1);
	cs_close(&handle);
	out->bytes = bytes;
	out->size = size;
	if (err)
		instructions_free(out);
	return err;
}

void instructions_free(struct instructions *instructions)
{
	free(instructions->list);
	memset(instructions, 0, sizeof(*instructions));
}

bool instructions_count(const struct instructions *instructions, uint64_t offset, size_t *count)
{
	size_t n = 0, i;

	for (i = 0; i < instructions->n && instructions->list[i].offset < offset; i++)
		n += !instructions->list[i].padding;
	*count = n;
	return i < instructions->n ? instructions->list[i].offset == offset
				   : offset == instructions->size;
}

/* The displacement of an operand in memory is counted from %rip, or added to nothing or a register.
 */
static bool operand_means(const cs_insn *insn, const cs_x86_op *operand, uint64_t target)
{
	if (operand->type == X86_OP_IMM) /* capstone extends the sign of 32 bits, mostly */
		return (uint64_t)operand->imm == target ||
		       (uint64_t)(int64_t)(int32_t)operand->imm == target;
	if (operand->type != X86_OP_MEM)
		return false;
	return target ==
	       (uint64_t)operand->mem.disp +
		       (operand->mem.base == X86_REG_RIP ? insn->address + insn->size : 0);
}

static bool means(const cs_insn *insn, uint64_t target)
{
	for (unsigned int i = 0; i < insn->detail->x86.op_count; i++)
		if (operand_means(insn, &insn->detail->x86.operands[i], target))
			return true;
	return false;
}

bool instructions_may_mean(uint16_t machine, const unsigned char *code, uint64_t size,
			   uint64_t address, uint64_t place, uint64_t target)
{
	bool may = true;
	cs_insn *insn;
	csh handle;

	if (open_decoder(machine, &handle))
		return true;
	insn = cs_malloc(handle);
	while (insn && size && cs_disasm_iter(handle, &code, &size, &address, insn)) {
		if (address <= place)
			continue;
		may = means(insn, target);
		break;
	}
	if (insn)
		cs_free(insn, 1);
	cs_close(&handle);
	return may;
}

char *instruction_text(uint16_t machine, const struct instructions *instructions, size_t i)
{
	const struct instruction *one = &instructions->list[i];
	char *text = NULL;
	cs_insn *insn;
	csh handle;

	if (open_decoder(machine, &handle))
		return NULL;
	if (cs_disasm(handle, instructions->bytes + one->offset, one->size, one->offset, 1,
		      &insn) == 1) {
		if (asprintf(&text, "%s %s", insn->mnemonic, insn->op_str) < 0)
			text = NULL;
		cs_free(insn, 1);
	} else if (asprintf(&text, ".byte %#x", instructions->bytes[one->offset]) < 0) {
		text = NULL;
	}
	cs_close(&handle);
	return text;
}
