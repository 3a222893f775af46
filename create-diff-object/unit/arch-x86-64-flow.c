// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Follows a value through code from register to register: arch-x86-64-flow.h.
 */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "create-diff-object/unit/arch-x86-64-flow.h"
#include "create-diff-object/unit/places.h"
#include "create-diff-object/unit/arch-x86-64-decode.h"
#include "create-diff-object/unit/readers.h"

#define LEGACY(x, l)                                                                  \
	{                                                                             \
		X86_REG_R##x, X86_REG_E##x, X86_REG_##x, X86_REG_##l, X86_REG_INVALID \
	}
#define LETTERED(x)                                                                              \
	{                                                                                        \
		X86_REG_R##x##X, X86_REG_E##x##X, X86_REG_##x##X, X86_REG_##x##L, X86_REG_##x##H \
	}
#define NUMBERED(n)                                                                              \
	{                                                                                        \
		X86_REG_R##n, X86_REG_R##n##D, X86_REG_R##n##W, X86_REG_R##n##B, X86_REG_INVALID \
	}

static const x86_reg names[N_REGISTERS][5] = {
	LETTERED(A),	 LETTERED(C),	  LETTERED(D),	   LETTERED(B),
	LEGACY(SP, SPL), LEGACY(BP, BPL), LEGACY(SI, SIL), LEGACY(DI, DIL),
	NUMBERED(8),	 NUMBERED(9),	  NUMBERED(10),	   NUMBERED(11),
	NUMBERED(12),	 NUMBERED(13),	  NUMBERED(14),	   NUMBERED(15),
};

/* The names are capstone's. Calls, jumps and returns are handled separately. */
static const struct rule rules[] = {
	{ "cmp", READS, 0, 2 },
	{ "test", READS, 0, 2 },
	{ "bt", READS, 0, 2 },
	{ "nop", READS, 0, 0 },
	{ "endbr64", READS, 0, 0 },
	{ "ud2", READS, 0, 0 }, /* WARN() continues after it */
	{ "int3", READS, 0, 0 },
	{ "pause", READS, 0, 0 },
	{ "[lms]fence", READS, 0, 0 },
	{ "prefetch*", READS, 0, 1 },
	{ "mov", SETS, 0, 2 },
	{ "movabs", SETS, 0, 2 },
	{ "movzx", SETS, 0, 2 },
	{ "movsx", SETS, 0, 2 },
	{ "movsxd", SETS, 0, 2 },
	{ "lea", SETS, 0, 2 },
	{ "pop", SETS, 0, 1 },
	{ "add", COMBINES, 0, 2 },
	{ "sub", COMBINES, 0, 2 },
	{ "adc", COMBINES, 0, 2 },
	{ "sbb", COMBINES, 0, 2 },
	{ "and", COMBINES, 0, 2 },
	{ "or", COMBINES, 0, 2 },
	{ "xor", COMBINES, 0, 2 },
	{ "imul", COMBINES, 0, 2 },
	{ "sh[lr]", COMBINES, 0, 1 },
	{ "sa[lr]", COMBINES, 0, 1 },
	{ "ro[lr]", COMBINES, 0, 1 },
	{ "inc", COMBINES, 0, 1 },
	{ "dec", COMBINES, 0, 1 },
	{ "neg", COMBINES, 0, 1 },
	{ "not", COMBINES, 0, 1 },
	{ "bts", COMBINES, 0, 2 },
	{ "btr", COMBINES, 0, 2 },
	{ "btc", COMBINES, 0, 2 },
	{ "bs[fr]", COMBINES, 0, 2 }, /* leaves the first operand unchanged if the source is 0 */
	{ "cmov*", CHOOSES, 0, 2 },
	{ "set*", ANSWERS, 0, 1 },
	{ "push", TOUCHES, 0, 1 },
	{ "cdqe", TOUCHES, IN(RAX), 0 },
	{ "c[dq][qo]", TOUCHES, IN(RAX) | IN(RDX), 0 },
	{ "mul", TOUCHES, IN(RAX) | IN(RDX), 1 },
	{ "div", TOUCHES, IN(RAX) | IN(RDX), 1 },
	{ "idiv", TOUCHES, IN(RAX) | IN(RDX), 1 },
	{ "stos[bdq]", TOUCHES, IN(RAX) | IN(RCX) | IN(RDI), 0 },
	{ "movs[bdq]", TOUCHES, IN(RCX) | IN(RSI) | IN(RDI), 0 },
	{ "cmpxchg", TOUCHES, IN(RAX), 2 },
};

int x86_register_of(x86_reg reg)
{
	for (int i = 0; i < N_REGISTERS && reg != X86_REG_INVALID; i++)
		for (size_t k = 0; k < ARRAY_SIZE(names[0]); k++)
			if (names[i][k] == reg)
				return i;
	return -1;
}

bool x86_holds(holders held, x86_reg reg)
{
	int i = x86_register_of(reg);

	return i >= 0 && held & IN(i);
}

const struct reloc *x86_reloc_of(const struct part *part, const cs_insn *insn)
{
	return x86_reloc_in(part->atom, insn->address, insn->address + insn->size);
}

const struct rule *x86_rule_of(const struct flow *flow)
{
	const char *name = cs_insn_name(flow->unit->decoder, flow->insn->id);

	for (size_t i = 0; name && i < ARRAY_SIZE(rules); i++)
		if (!fnmatch(rules[i].name, name, 0) &&
		    flow->insn->detail->x86.op_count >= rules[i].operands)
			return &rules[i];
	return NULL;
}

/*
 * A function of another unit may leave anything in the caller-saved registers, so the compiler
 * relies on none of them after a call of it. But code that is called by inline assembler may save
 * them, and of a function of this unit the compiler knows which registers it changes (-fipa-ra).
 */
bool x86_clobbers(const struct flow *flow, const struct part *part, uint64_t next)
{
	const struct reloc *to = x86_reloc_of(part, flow->insn);

	return to && !to->to &&
	       (reader_of(to) || source_calls_before(flow->unit, part->atom, next));
}

/* The most frequent functions of tools/objtool/noreturns.h (6.12), and their names in 6.1. */
static const char *const noreturns[] = {
	"__stack_chk_fail", /* at the end of each function with an array on the stack */
	"__fortify_panic",
	"__module_put_and_kthread_exit",
	"do_exit",
	"fortify_panic",
	"kthread_complete_and_exit",
	"kthread_exit",
	"make_task_dead",
	"panic",
	"usercopy_abort",
};

bool x86_never_returns(const struct flow *flow, const struct part *part)
{
	const struct reloc *to = x86_reloc_of(part, flow->insn);
	uint64_t target;

	if (!to || !to->symbol || !cs_insn_group(flow->unit->decoder, flow->insn, CS_GRP_CALL) ||
	    !x86_direct_branch(flow->unit->decoder, flow->insn, &target))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(noreturns); i++)
		if (!strcmp(to->symbol->name, noreturns[i]))
			return true;
	return false;
}

static holders written_by_unknown(const struct flow *flow)
{
	uint8_t n_read = 0, n_written = 0;
	cs_regs read, written;
	holders all = 0;

	if (cs_regs_access(flow->unit->decoder, flow->insn, read, &n_read, written, &n_written))
		return 0;
	for (uint8_t i = 0; i < n_written; i++)
		if (x86_register_of(written[i]) >= 0)
			all |= IN(x86_register_of(written[i]));
	return all;
}

holders x86_written(const struct flow *flow)
{
	const struct rule *rule = x86_rule_of(flow);
	const cs_x86_op *to = &flow->insn->detail->x86.operands[0];

	if (!rule || rule->effect == TOUCHES)
		return written_by_unknown(flow);
	if (rule->effect == READS || to->type != X86_OP_REG || x86_register_of(to->reg) < 0)
		return 0;
	return IN(x86_register_of(to->reg));
}

struct part *x86_part_of(struct flow *flow, const struct atom *atom)
{
	for (size_t i = 0; i < flow->n_parts; i++)
		if (flow->parts[i].atom == atom)
			return &flow->parts[i];
	return NULL;
}

bool x86_go_on(struct flow *flow, struct part *part, int64_t at, holders held)
{
	struct place *more;

	if (!held || (uint64_t)at == part->atom->size)
		return true; /* this is after a call that doesn't return */
	if (at < 0 || (uint64_t)at > part->atom->size)
		return false;
	if (!(held & ~part->before[at]))
		return true;
	part->before[at] |= held;
	if (flow->n_waiting == flow->capacity) {
		flow->capacity = 2 * flow->capacity + 16;
		more = reallocarray(flow->waiting, flow->capacity, sizeof(*more));
		flow->incomplete = !more;
		if (!more)
			return false;
		flow->waiting = more;
	}
	flow->waiting[flow->n_waiting++] = (struct place){ part, at };
	return true;
}

bool x86_follow_jump(struct flow *flow, struct part *part, holders held)
{
	const struct reloc *to = x86_reloc_of(part, flow->insn);
	struct part *other = to && to->to ? x86_part_of(flow, to->to) : NULL;
	uint64_t target;

	if (!x86_direct_branch(flow->unit->decoder, flow->insn, &target) || (to && !other))
		return false;
	return to ? x86_go_on(flow, other, to->at, held)
		  : x86_go_on(flow, part, (int64_t)(target - part->atom->offset), held);
}

bool x86_heed_entries(struct flow *flow, struct part *part, uint64_t at, uint64_t next,
		      holders held)
{
	const struct atom *entry;
	const struct reloc *reloc;
	bool ok = true;

	atom_for_each_entry(part->atom, entry) {
		bool here = false;

		atom_for_each_reloc(entry, reloc) {
			struct part *to = reloc->to ? x86_part_of(flow, reloc->to) : NULL;

			if (!here) {
				here = to == part && (uint64_t)reloc->at == at;
			} else if (to) {
				/* take both paths, even if one of them fails */
				ok = x86_go_on(flow, to, reloc->at, held) && ok;
				ok = x86_go_on(flow, part, (int64_t)next, held) && ok;
			} else if (reloc->to && reloc->to->kind == ATOM_FRAGMENT) {
				ok = false;
			}
		}
	}
	return ok;
}

bool x86_decode(struct flow *flow, const struct part *part, uint64_t at, uint64_t *next)
{
	const uint8_t *code = atom_data(part->atom) + at;
	uint64_t address = part->atom->offset + at;
	size_t left = part->atom->size - at;

	if (!x86_next_instruction(flow->unit->decoder, &code, &left, &address, flow->insn))
		return false;
	*next = address - part->atom->offset;
	return flow->insn->id != X86_INS_INVALID;
}

bool x86_decode_with(struct flow *flow, const struct part *part, const struct reloc *reloc,
		     uint64_t *at, uint64_t *next)
{
	uint64_t wanted = reloc->offset - part->atom->offset;

	*next = 0;
	while (*next <= wanted) {
		*at = *next;
		if (!x86_decode(flow, part, *at, next))
			return false;
	}
	return true;
}

static bool divide(struct flow *flow, const struct atom *head)
{
	const struct atom *child;
	size_t n = 1;

	for (child = head->next_child; child; child = child->next_child)
		n++;
	flow->parts = calloc(n, sizeof(*flow->parts));
	for (child = head; child && flow->parts; child = child->next_child) {
		struct part *part = &flow->parts[flow->n_parts++];

		part->atom = child;
		part->before = calloc(child->size + 1, sizeof(*part->before));
		if (!part->before || !atom_data(child))
			return false;
	}
	return flow->parts;
}

bool x86_flow_open(struct flow *flow, struct unit *unit, const struct atom *from)
{
	*flow = (struct flow){ .unit = unit, .insn = cs_malloc(unit->decoder) };
	return flow->insn && divide(flow, from->parent ?: from);
}

void x86_flow_close(struct flow *flow)
{
	for (size_t i = 0; i < flow->n_parts; i++)
		free(flow->parts[i].before);
	free(flow->parts);
	free(flow->waiting);
	if (flow->insn)
		cs_free(flow->insn, 1);
}

bool x86_flow_run(struct flow *flow,
		  bool (*step)(struct flow *flow, struct part *part, uint64_t at))
{
	while (flow->n_waiting) {
		struct place *place = &flow->waiting[--flow->n_waiting];

		if (!step(flow, place->part, place->at))
			return false;
	}
	return !flow->incomplete;
}
