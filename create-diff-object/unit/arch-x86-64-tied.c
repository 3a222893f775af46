// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The slow paths of inline assembler lie in one section, one after the other:
 *
 *	2:	mov	$7,%eax
 *		jmp	1b
 *
 * Nothing in the file says where one of them ends. It ends with its jump,
 * unless another jump leads past that one.
 */
#include "create-diff-object/unit/arch-x86-64.h"
#include "create-diff-object/unit/arch-x86-64-decode.h"
#include "create-diff-object/unit/arch-x86-64-tied.h"

struct pieces {
	const struct unit *unit;
	const struct unit_section *s;
	bool *tied;
};

static size_t piece_at(const struct pieces *pieces, uint64_t offset)
{
	return section_atom_at(pieces->s, offset) - pieces->s->atoms;
}

/* Everything from the piece of @a to that of @b is one piece. */
static void tie(struct pieces *pieces, uint64_t a, uint64_t b)
{
	size_t first = piece_at(pieces, a < b ? a : b), last = piece_at(pieces, a < b ? b : a);

	for (size_t i = first + 1; i <= last; i++)
		pieces->tied[i] = true;
}

static bool has_reloc(const struct unit_section *s, uint64_t start, uint64_t end)
{
	for (size_t i = 0; i < s->n_relocs; i++)
		if (s->relocs[i].offset >= start && s->relocs[i].offset < end)
			return true;
	return false;
}

/* The next instruction isn't reached from this one. */
static bool is_end(const cs_insn *insn)
{
	return insn->id == X86_INS_JMP || insn->id == X86_INS_RET || insn->id == X86_INS_IRETQ;
}

static bool is_filler(const cs_insn *insn)
{
	return insn->id == X86_INS_NOP || insn->id == X86_INS_INT3;
}

/*
 * @ended: the code before the instruction doesn't continue here; set to the same for the code after
 * it.
 */
static void pass(struct pieces *pieces, const cs_insn *insn, bool *ended)
{
	uint64_t next = insn->address + insn->size, target;

	tie(pieces, insn->address, next - 1);
	if (!has_reloc(pieces->s, insn->address, next) &&
	    x86_direct_branch(pieces->unit->decoder, insn, &target) &&
	    target < pieces->s->elf->size)
		tie(pieces, insn->address, target);
	*ended = is_end(insn) || (*ended && is_filler(insn));
	if (!*ended && next < pieces->s->elf->size)
		tie(pieces, insn->address, next);
}

bool x86_find_tied(const struct unit *unit, const struct unit_section *s, bool *tied)
{
	struct pieces pieces = { unit, s, tied };
	const uint8_t *code = s->elf->data;
	size_t left = s->elf->size;
	uint64_t address = 0;
	cs_insn *insn = cs_malloc(unit->decoder);
	bool ended = false;

	if (!insn)
		return false;
	while (left && x86_next_instruction(unit->decoder, &code, &left, &address, insn)) {
		pass(&pieces, insn, &ended);
		/* another path leads here */
		if (ended && address < s->elf->size &&
		    s->atoms[piece_at(&pieces, address)].offset == address)
			ended = false;
	}
	cs_free(insn, 1);
	return !left;
}
