// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * x86-64 instructions have any length from 1 to 15 bytes, and the meaning of a
 * relocation in an instruction depends on where the instruction ends. Only a
 * decoder knows that: capstone.
 */
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/unit/arch-x86-64.h"
#include "lib/arch.h"
#include "create-diff-object/unit/arch-x86-64-decode.h"
#include "create-diff-object/unit/arch-x86-64-compares.h"
#include "create-diff-object/unit/arch-x86-64-tied.h"
#include "create-diff-object/unit/arch-x86-64-jumps.h"
#include "create-diff-object/unit/arch-x86-64-gives.h"
#include "create-diff-object/unit/arch-x86-64-reads.h"

/* The memory operand that a relocation @at bytes into @insn belongs to. */
static const cs_x86_op *operand_at(const cs_insn *insn, uint64_t at)
{
	const cs_x86 *x86 = &insn->detail->x86;
	unsigned int i;

	if (insn->id == X86_INS_INVALID || insn->id == X86_INS_LEA || !x86->encoding.disp_offset ||
	    x86->encoding.disp_offset != at)
		return NULL;
	for (i = 0; i < x86->op_count; i++)
		if (x86->operands[i].type == X86_OP_MEM)
			return &x86->operands[i];
	return NULL;
}

static enum access access_of(const struct unit *unit, const struct atom *from,
			     const struct reloc *reloc)
{
	const uint8_t *code = atom_data(from);
	uint64_t address = from->offset;
	size_t left = from->size;
	const cs_x86_op *operand;
	enum access found = ACCESS_ADDRESS;
	cs_insn *insn;

	if (!code || !elf_section_is_code(from->section->elf))
		return ACCESS_ADDRESS;
	insn = cs_malloc(unit->decoder);
	if (!insn)
		return ACCESS_ADDRESS;
	while (left && x86_next_instruction(unit->decoder, &code, &left, &address, insn))
		if (address > reloc->offset)
			break;
	operand = address > reloc->offset && insn->address < reloc->offset
			  ? operand_at(insn, reloc->offset - insn->address)
			  : NULL;
	if (operand)
		found = operand->mem.index == X86_REG_INVALID &&
					(operand->mem.base == X86_REG_INVALID ||
					 operand->mem.base == X86_REG_RIP)
				? ACCESS_PLACE
				: ACCESS_ELEMENT;
	cs_free(insn, 1);
	return found;
}

/*
 * The assembler resolves a jump to a local function of the same section itself. Once the two are in
 * sections of their own, the jump needs a relocation again. A jump with a one-byte displacement has
 * no room for one.
 */
static int add_branch(struct unit_section *s, size_t *capacity, const cs_insn *insn,
		      uint64_t target, struct diag *diag)
{
	struct atom *from = section_atom_at(s, insn->address);
	struct atom *to = section_atom_at(s, target);
	const cs_x86_encoding *encoding = &insn->detail->x86.encoding;

	if (!from || !to || from == to)
		return 0;
	if (encoding->imm_size != 4 || target >= s->elf->size) {
		from->undecodable = true;
		return 0;
	}
	if (s->n_relocs == *capacity) {
		size_t more = *capacity ? 2 * *capacity : 16;
		struct reloc *relocs = realloc(s->relocs, more * sizeof(*relocs));

		if (!relocs)
			return diag_oom(diag);
		s->relocs = relocs;
		*capacity = more;
	}
	memset(s->elf->data + insn->address + encoding->imm_offset, 0, 4);
	s->relocs[s->n_relocs++] = (struct reloc){
		.offset = insn->address + encoding->imm_offset,
		.type = R_X86_64_PLT32,
		.bias = insn->size - encoding->imm_offset,
		.to = to,
		.at = (int64_t)(target - to->offset),
	};
	return 0;
}

static int by_offset(const void *a, const void *b)
{
	const struct reloc *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/*
 * Scan one run of code, which has to decode without a gap. *@next: the first reloc not yet passed.
 */
static int scan_run(struct unit *unit, struct unit_section *s, uint64_t start, uint64_t end,
		    size_t *next, size_t n, size_t *capacity, cs_insn *insn, struct diag *diag)
{
	const uint8_t *code = s->elf->data + start;
	size_t left = end - start;
	uint64_t address = start, target;
	int err;

	while (*next < n && s->relocs[*next].offset < start)
		(*next)++;
	while (left && x86_next_instruction(unit->decoder, &code, &left, &address, insn)) {
		bool relocated = false;

		for (; *next < n && s->relocs[*next].offset < address; (*next)++) {
			struct reloc *reloc = &s->relocs[*next];

			if (arch_is_pc_relative(EM_X86_64, reloc->type))
				reloc->bias = address - reloc->offset;
			relocated = true;
		}
		if (s->n_atoms > 1 && !relocated &&
		    x86_direct_branch(unit->decoder, insn, &target)) {
			err = add_branch(s, capacity, insn, target, diag);
			if (err)
				return err;
		}
	}
	if (left) {
		struct atom *atom = section_atom_at(s, address);

		if (atom)
			atom->undecodable = true;
	}
	return 0;
}

static int scan_code(struct unit *unit, struct unit_section *s, struct diag *diag)
{
	size_t next = 0, n = s->n_relocs, capacity = n, i;
	cs_insn *insn;
	int err = 0;

	if (!s->elf->data || (!n && s->n_atoms < 2))
		return 0;
	insn = cs_malloc(unit->decoder);
	if (!insn)
		return diag_oom(diag);
	if (!s->n_atoms)
		err = scan_run(unit, s, 0, s->elf->size, &next, n, &capacity, insn, diag);
	for (i = 0; i < s->n_atoms && !err; i++) {
		struct atom *atom = &s->atoms[i];
		uint64_t end = atom->offset + atom->size;

		if (i + 1 < s->n_atoms && end > s->atoms[i + 1].offset)
			end = s->atoms[i + 1].offset;
		err = scan_run(unit, s, atom->offset, end, &next, n, &capacity, insn, diag);
	}
	cs_free(insn, 1);
	if (s->n_relocs > n)
		qsort(s->relocs, s->n_relocs, sizeof(*s->relocs), by_offset);
	return err;
}

/*
 *	48 b9 ef cd ab 89 67 45 23 01	movabs $0x123456789abcdef,%rcx
 * becomes
 *	48 8b 0d 00 00 00 00		mov 0(%rip),%rcx
 *	0f 1f 00			nopl (%rax)
 */
static bool load_from_memory(unsigned char *code, uint64_t size, uint64_t at, uint64_t *field,
			     uint32_t *type, int64_t *addend)
{
	static const unsigned char number[] = { 0xef, 0xcd, 0xab, 0x89, 0x67, 0x45, 0x23, 0x01 };
	unsigned char *insn, reg, rex;

	if (at < 2 || at > size || size - at < sizeof(number) ||
	    memcmp(code + at, number, sizeof(number)) || (code[at - 2] & 0xfe) != 0x48 ||
	    (code[at - 1] & 0xf8) != 0xb8)
		return false;
	insn = code + at - 2;
	rex = insn[0] & 1 ? 0x4c : 0x48; /* the register's high bit: first REX.B, then REX.R */
	reg = insn[1] & 7;
	memcpy(insn, (unsigned char[]){ rex, 0x8b, 0x05 | reg << 3, 0, 0, 0, 0, 0x0f, 0x1f, 0 },
	       10);
	*field = at + 1;
	*type = R_X86_64_PC32;
	*addend = -4;
	return true;
}

/* NOPs of any length, and int3 where speculation must not continue. */
static bool is_padding(const unsigned char *code, size_t size)
{
	static const unsigned char nops[][9] = {
		{ 0x90 },
		{ 0x66, 0x90 },
		{ 0x0f, 0x1f, 0x00 },
		{ 0x0f, 0x1f, 0x40, 0x00 },
		{ 0x0f, 0x1f, 0x44, 0x00, 0x00 },
		{ 0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00 },
		{ 0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00 },
		{ 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00 },
		{ 0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00 },
	};
	size_t i = 0, length;

	while (i < size) {
		if (code[i] == 0xcc || code[i] == 0x00 || code[i] == 0x66 || code[i] == 0x2e) {
			i++; /* int3, zero, or one more prefix of a long NOP */
			continue;
		}
		for (length = 9; length; length--)
			if (i + length <= size && !memcmp(code + i, nops[length - 1], length))
				break;
		if (!length)
			return false;
		i += length;
	}
	return true;
}

const struct arch_ops arch_ops_x86_64 = {
	.machine = EM_X86_64,
	.access_of = access_of,
	.compares_address = x86_compares_address,
	.follow_address = x86_follow_address,
	.only_reads = x86_only_reads,
	.only_jumps_to = x86_only_jumps_to,
	.may_jump_anywhere = x86_may_jump_anywhere,
	.scan_code = scan_code,
	.find_tied = x86_find_tied,
	.load_from_memory = load_from_memory,
	.is_padding = is_padding,
};
