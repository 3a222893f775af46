// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bsearch() calls a function that it is passed, with elements of the table that
 * it is passed. Whether that function only reads them can be said only if it is
 * certain which one it is: its address was loaded into the register in a row of
 * instructions that nothing else leads into.
 */
#include "create-diff-object/unit/arch-x86-64-flow.h"
#include "create-diff-object/unit/arch-x86-64-decode.h"
#include "create-diff-object/unit/arch-x86-64-passed.h"

const struct atom *x86_local_function(const struct reloc *to)
{
	const struct atom *atom = to ? to->to : NULL;

	if (!atom || to->at || atom->kind != ATOM_FUNCTION || atom->parent || !atom->symbol ||
	    atom->symbol->bind != STB_LOCAL)
		return NULL;
	return atom->twin && !atom->changed && !atom->ignored ? atom : NULL;
}

/* `mov $f,%r8`, `lea f(%rip),%r8` */
static bool loads_address(const cs_insn *insn)
{
	const cs_x86_op *from = &insn->detail->x86.operands[1];

	if (insn->id == X86_INS_LEA)
		return from->mem.index == X86_REG_INVALID &&
		       (from->mem.base == X86_REG_INVALID || from->mem.base == X86_REG_RIP);
	return insn->id == X86_INS_MOV && from->type == X86_OP_IMM;
}

/* An entry names another place, too: the code there may be replaced, or reached from elsewhere. */
static bool has_entry(const struct part *from, const struct part *part, uint64_t first,
		      uint64_t last)
{
	const struct atom *entry;
	const struct reloc *reloc;

	atom_for_each_entry(from->atom, entry) {
		bool here = false;
		int places = 0;

		atom_for_each_reloc(entry, reloc) {
			places += reloc->to && atom_is_code(reloc->to);
			here = here || (reloc->to == part->atom && (uint64_t)reloc->at >= first &&
					(uint64_t)reloc->at <= last);
		}
		if (here && places > 1)
			return true;
	}
	return false;
}

/* Does the decoded instruction, in @from, jump to a place from @first to @last of @part? */
static bool jumps_between(const struct flow *flow, const struct part *from, const struct part *part,
			  uint64_t first, uint64_t last)
{
	const struct reloc *to = x86_reloc_of(from, flow->insn);
	uint64_t target;

	if (!cs_insn_group(flow->unit->decoder, flow->insn, CS_GRP_JUMP))
		return false;
	if (!x86_direct_branch(flow->unit->decoder, flow->insn, &target))
		return true;
	if (to ? to->to != part->atom : from != part)
		return false;
	target = to ? (uint64_t)to->at : target - part->atom->offset;
	return target >= first && target <= last;
}

/* Are the instructions from @first to @last reached only from the one before them? */
static bool is_in_a_row(struct flow *flow, const struct part *part, uint64_t first, uint64_t last)
{
	for (size_t i = 0; i < flow->n_parts; i++) {
		const struct part *from = &flow->parts[i];
		uint64_t at = 0;

		if (has_entry(from, part, first, last))
			return false;
		while (at < from->atom->size)
			if (!x86_decode(flow, from, at, &at) ||
			    jumps_between(flow, from, part, first, last))
				return false;
	}
	return true;
}

const struct atom *x86_function_in(struct flow *flow, const struct part *part, uint64_t end,
				   int reg)
{
	const struct atom *function = NULL;
	uint64_t at = 0, loaded = 0;

	while (at < end) {
		if (!x86_decode(flow, part, at, &at))
			return NULL;
		if (cs_insn_group(flow->unit->decoder, flow->insn, CS_GRP_JUMP) ||
		    cs_insn_group(flow->unit->decoder, flow->insn, CS_GRP_CALL))
			function = NULL;
		if (!(x86_written(flow) & IN(reg)))
			continue;
		loaded = at;
		function = loads_address(flow->insn)
				   ? x86_local_function(x86_reloc_of(part, flow->insn))
				   : NULL;
	}
	return function && is_in_a_row(flow, part, loaded, end) ? function : NULL;
}
