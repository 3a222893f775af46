// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A function walks through a table of constants:
 *	mov    $table,%rbx
 *	mov    (%rbx),%rdi
 *	call   matches
 *	add    $0x18,%rbx
 * It may get a copy with another table, if nothing outside has, or had, a pointer
 * into the old one. So the pointer is followed along all ways that lead on from
 * there: which registers may hold it, or something reckoned from it? Reading what
 * it points to is fine, and so is comparing it. It must not be stored, not even on
 * the stack (whose address others may have), not returned, and given to nobody but
 * the functions of readers.c.
 *
 * Whatever an instruction does that isn't in the table below, it may do with the
 * pointer, if there is one in a register at that time.
 */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "arch-x86-64.h"
#include "places.h"

/* Bit n: register n may hold the pointer. */
typedef uint16_t holders;

enum { RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, N_REGISTERS = 16 };

#define IN(reg) (1 << (reg))

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

/* System V ABI, 3.2.3 and figure 3.4. */
static const uint8_t arguments[] = { RDI, RSI, RDX, RCX, 8, 9 };
#define CALLEE_SAVED (IN(RBX) | IN(RSP) | IN(RBP) | IN(12) | IN(13) | IN(14) | IN(15))
#define RETURNED (IN(RAX) | IN(RDX))

enum effect {
	READS, /* writes nothing but flags */
	SETS, /* the first operand, from the others */
	COMBINES, /* the first operand, from all of them */
	TOUCHES, /* all its operands, in some way */
};

/* The names are capstone's; calls, jumps and returns are looked at by themselves. */
static const struct rule {
	const char *name; /* as for fnmatch() */
	enum effect effect;
	holders implied; /* registers that it touches though no operand names them */
	unsigned int operands; /* it has at least as many; other forms aren't known */
} rules[] = {
	{ "cmp", READS, 0, 2 },
	{ "test", READS, 0, 2 },
	{ "bt", READS, 0, 2 },
	{ "nop", READS, 0, 0 },
	{ "endbr64", READS, 0, 0 },
	{ "ud2", READS, 0, 0 }, /* WARN() goes on behind it */
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
	{ "bs[fr]", COMBINES, 0, 2 }, /* leaves it as it is, if the source is 0 */
	{ "cmov*", COMBINES, 0, 2 },
	{ "set*", COMBINES, 0, 1 },
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
};

static int register_of(x86_reg reg)
{
	for (int i = 0; i < N_REGISTERS && reg != X86_REG_INVALID; i++)
		for (size_t k = 0; k < sizeof(names[0]) / sizeof(names[0][0]); k++)
			if (names[i][k] == reg)
				return i;
	return -1;
}

static bool holds(holders held, x86_reg reg)
{
	int i = register_of(reg);

	return i >= 0 && held & IN(i);
}

static bool in_memory_operand(holders held, const cs_x86_op *operand)
{
	return operand->type == X86_OP_MEM &&
	       (holds(held, operand->mem.base) || holds(held, operand->mem.index));
}

static const struct reloc *reloc_of(const struct part *part, const cs_insn *insn)
{
	return x86_reloc_in(part->atom, insn->address, insn->address + insn->size);
}

static const struct rule *find_rule(const struct flow *flow)
{
	const char *name = cs_insn_name(flow->unit->decoder, flow->insn->id);

	for (size_t i = 0; name && i < sizeof(rules) / sizeof(rules[0]); i++)
		if (!fnmatch(rules[i].name, name, 0) &&
		    flow->insn->detail->x86.op_count >= rules[i].operands)
			return &rules[i];
	return NULL;
}

/* `xor %eax,%eax` is how a zero is made. */
static bool makes_zero(const cs_insn *insn)
{
	const cs_x86_op *operands = insn->detail->x86.operands;

	return (insn->id == X86_INS_XOR || insn->id == X86_INS_SUB) &&
	       operands[0].type == X86_OP_REG && operands[1].type == X86_OP_REG &&
	       operands[0].reg == operands[1].reg;
}

/* Its operand number @first or a later one is a pointer: in a register, or by LEA. */
static bool has_pointer(const cs_insn *insn, unsigned int first, holders held)
{
	const cs_x86 *x86 = &insn->detail->x86;

	for (unsigned int i = first; i < x86->op_count; i++)
		if ((x86->operands[i].type == X86_OP_REG && holds(held, x86->operands[i].reg)) ||
		    (insn->id == X86_INS_LEA && in_memory_operand(held, &x86->operands[i])))
			return true;
	return false;
}

/* Write to the first operand: @pointer, or something else. False if that is too much. */
static bool write_first(const cs_insn *insn, const struct rule *rule, bool pointer, holders *held)
{
	const cs_x86_op *to = &insn->detail->x86.operands[0];
	int reg = to->type == X86_OP_REG ? register_of(to->reg) : -1;

	if (reg < 0 || reg == RSP)
		return !pointer && !in_memory_operand(*held, to);
	if (pointer)
		*held |= IN(reg);
	else if (rule->effect == SETS && to->size >= 4) /* a 32-bit write clears the rest */
		*held &= ~IN(reg);
	return true;
}

/* An instruction that goes on to the next one. */
static bool pass(const struct flow *flow, holders *held)
{
	const struct rule *rule = find_rule(flow);
	const cs_insn *insn = flow->insn;

	if (!rule || *held & rule->implied)
		return false;
	switch (rule->effect) {
	case READS:
		return true;
	case SETS:
		return write_first(insn, rule, has_pointer(insn, 1, *held), held);
	case COMBINES:
		if (makes_zero(insn))
			*held &= ~IN(register_of(insn->detail->x86.operands[0].reg));
		return write_first(insn, rule, has_pointer(insn, 0, *held), held);
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

/* May the function of @call have what the registers hold? */
static bool may_have_arguments(const struct reader *reader, holders held)
{
	for (unsigned int i = 0; reader && i < reader->parameters; i++)
		if (held & IN(arguments[i]) && !(reader->read & 1 << i))
			return false;
	return reader;
}

/*
 * A function of another unit may leave anything in the registers that are the caller's to save,
 * so nothing counts on these behind a call of it. But what assembler in the source calls may save
 * them, and what a function of this unit leaves alone the compiler knows (-fipa-ra).
 */
static bool clobbers(const struct flow *flow, const struct part *part, const struct reloc *to,
		     uint64_t next)
{
	return to && !to->to &&
	       (reader_of(to) || source_calls_before(flow->unit, part->atom, next));
}

static bool call(const struct flow *flow, const struct part *part, uint64_t next, holders *held)
{
	const cs_insn *insn = flow->insn;
	const struct reloc *to = reloc_of(part, insn);
	const struct reader *reader = to ? reader_of(to) : NULL;
	bool has_it = is_argument(*held);

	if (has_pointer(insn, 0, *held) || (has_it && !may_have_arguments(reader, *held)))
		return false;
	if (clobbers(flow, part, to, next))
		*held &= CALLEE_SAVED;
	if (has_it && reader->returns)
		*held |= IN(RAX);
	return true;
}

static bool leave_by_jump(const struct reloc *to, holders held)
{
	const struct reader *reader;

	if (!to)
		return false;
	if (to->symbol && !strcmp(to->symbol->name, "__x86_return_thunk"))
		return !(held & RETURNED);
	reader = reader_of(to);
	return !is_argument(held) || (may_have_arguments(reader, held) && !reader->returns);
}

static struct part *part_of(const struct flow *flow, const struct atom *atom)
{
	for (size_t i = 0; i < flow->n_parts; i++)
		if (flow->parts[i].atom == atom)
			return &flow->parts[i];
	return NULL;
}

/* The registers @held may hold it @at bytes into @part. False if there is no such place. */
static bool go_on(struct flow *flow, struct part *part, int64_t at, holders held)
{
	struct place *more;

	if (!held || (uint64_t)at == part->atom->size)
		return true; /* behind a call that doesn't return */
	if (at < 0 || (uint64_t)at > part->atom->size)
		return false;
	if (!(held & ~part->before[at]))
		return true;
	part->before[at] |= held;
	if (flow->n_waiting == flow->capacity) {
		flow->capacity = 2 * flow->capacity + 16;
		more = reallocarray(flow->waiting, flow->capacity, sizeof(*more));
		if (!more)
			return false;
		flow->waiting = more;
	}
	flow->waiting[flow->n_waiting++] = (struct place){ part, at };
	return true;
}

/* The instruction that was decoded is a jump; @held: where it leads. */
static bool jump(struct flow *flow, struct part *part, holders held)
{
	const cs_insn *insn = flow->insn;
	const struct reloc *to = reloc_of(part, insn);
	struct part *other = to && to->to ? part_of(flow, to->to) : NULL;
	uint64_t target;

	if (!x86_direct_branch(flow->unit->decoder, insn, &target))
		return false;
	if (to && !other)
		return leave_by_jump(to, held);
	return to ? go_on(flow, other, to->at, held)
		  : go_on(flow, part, (int64_t)(target - part->atom->offset), held);
}

/*
 * Entries that name a second place in the code are ways to go, too: of a static branch, whose
 * instruction may be a jump or none, and of an access that may fault. Those of an alternative
 * stand for instructions that aren't here.
 */
static bool heed_entries(struct flow *flow, struct part *part, uint64_t at, uint64_t next,
			 holders held)
{
	const struct atom *entry;
	const struct reloc *reloc;
	bool ok = true;

	atom_for_each_entry(part->atom, entry) {
		bool here = false;

		atom_for_each_reloc(entry, reloc) {
			struct part *to = reloc->to ? part_of(flow, reloc->to) : NULL;

			if (!here)
				here = to == part && (uint64_t)reloc->at == at;
			else if (to)
				ok = ok && go_on(flow, to, reloc->at, held) &&
				     go_on(flow, part, (int64_t)next, held);
			else if (reloc->to && reloc->to->kind == ATOM_FRAGMENT)
				ok = false;
		}
	}
	return ok;
}

/* Decode what is @at bytes into @part; *@next: what lies behind it. */
static bool decode(struct flow *flow, const struct part *part, uint64_t at, uint64_t *next)
{
	const uint8_t *code = atom_data(part->atom) + at;
	uint64_t address = part->atom->offset + at;
	size_t left = part->atom->size - at;

	if (!x86_next_instruction(flow->unit->decoder, &code, &left, &address, flow->insn))
		return false;
	*next = address - part->atom->offset;
	return flow->insn->id != X86_INS_INVALID;
}

/* `test %rax,%rax`; *@reg: which register. */
static bool tests_for_null(const cs_insn *insn, int *reg)
{
	const cs_x86_op *operands = insn->detail->x86.operands;

	if (insn->id != X86_INS_TEST || operands[0].type != X86_OP_REG ||
	    operands[1].type != X86_OP_REG || operands[0].reg != operands[1].reg ||
	    operands[0].size != 8)
		return false;
	*reg = register_of(operands[0].reg);
	return true;
}

/*
 *	call   hid_match_id
 *	test   %rax,%rax
 *	je     …
 * There it holds 0, and so no pointer. @next: where the jump is, if there is one.
 */
static bool pass_null_test(struct flow *flow, struct part *part, int reg, uint64_t next,
			   holders held)
{
	holders if_zero = held & ~IN(reg);
	uint64_t behind;

	if (!decode(flow, part, next, &behind))
		return false;
	if (flow->insn->id == X86_INS_JE)
		return jump(flow, part, if_zero) && go_on(flow, part, (int64_t)behind, held);
	if (flow->insn->id == X86_INS_JNE)
		return jump(flow, part, held) && go_on(flow, part, (int64_t)behind, if_zero);
	return go_on(flow, part, (int64_t)next, held);
}

static bool take_step(struct flow *flow, struct part *part, uint64_t at)
{
	csh decoder = flow->unit->decoder;
	holders held = part->before[at];
	const cs_insn *insn = flow->insn;
	uint64_t next;
	int reg;

	if (!decode(flow, part, at, &next) || !heed_entries(flow, part, at, next, held))
		return false;
	if (tests_for_null(insn, &reg))
		return pass_null_test(flow, part, reg, next, held);
	if (cs_insn_group(decoder, insn, CS_GRP_RET))
		return !(held & RETURNED);
	if (cs_insn_group(decoder, insn, CS_GRP_JUMP))
		return jump(flow, part, held) &&
		       (insn->id == X86_INS_JMP || go_on(flow, part, (int64_t)next, held));
	if (cs_insn_group(decoder, insn, CS_GRP_CALL)) {
		if (!call(flow, part, next, &held))
			return false;
	} else if (!pass(flow, &held)) {
		return false;
	}
	return go_on(flow, part, (int64_t)next, held);
}

/* The instruction with @reloc, which takes the address: it may compare it, or load it. */
static bool take_first_step(struct flow *flow, struct part *part, const struct reloc *reloc)
{
	uint64_t wanted = reloc->offset - part->atom->offset, at = 0, next = 0;
	const struct rule *rule;
	holders held = 0;

	while (next <= wanted) {
		at = next;
		if (!decode(flow, part, at, &next))
			return false;
	}
	rule = find_rule(flow);
	if (!rule || rule->effect == TOUCHES)
		return false;
	if (rule->effect == READS)
		return true;
	return write_first(flow->insn, rule, true, &held) &&
	       heed_entries(flow, part, at, next, held) && go_on(flow, part, (int64_t)next, held);
}

static bool divide(struct flow *flow, struct atom *head)
{
	struct atom *child;
	size_t n = 1;

	for (child = head->next_child; child; child = child->next_child)
		n++;
	flow->parts = calloc(n, sizeof(*flow->parts));
	for (child = head; child && flow->parts; child = child->next_child) {
		struct part *part = &flow->parts[flow->n_parts++];

		part->atom = child;
		part->before = calloc(child->size + 1, sizeof(*part->before));
		if (!part->before || !atom_data(child) || child->undecodable)
			return false;
	}
	return flow->parts;
}

static bool is_operand(const cs_insn *insn, int reg)
{
	const cs_x86 *x86 = &insn->detail->x86;

	for (unsigned int i = 0; i < x86->op_count; i++)
		if (x86->operands[i].type == X86_OP_REG && x86->operands[i].size == 8 &&
		    register_of(x86->operands[i].reg) == reg)
			return true;
	return false;
}

/* The register that an instruction writes to without having read it, or -1. */
static int written_register(const cs_insn *insn)
{
	const cs_x86_op *to = &insn->detail->x86.operands[0];

	if (!insn->detail->x86.op_count || to->type != X86_OP_REG ||
	    (insn->id != X86_INS_MOV && insn->id != X86_INS_MOVABS && insn->id != X86_INS_LEA))
		return -1;
	return register_of(to->reg);
}

bool x86_compares_address(const struct unit *unit, const struct atom *from,
			  const struct reloc *reloc)
{
	const uint8_t *code = atom_data(from);
	uint64_t address = from->offset;
	size_t left = code ? from->size : 0;
	cs_insn *insn = cs_malloc(unit->decoder);
	bool compares = false;
	int holder = -1;

	while (insn && x86_next_instruction(unit->decoder, &code, &left, &address, insn)) {
		if (insn->id == X86_INS_INVALID || address <= reloc->offset)
			continue;
		if (insn->address <= reloc->offset) { /* the one that has it */
			const cs_x86_encoding *encoding = &insn->detail->x86.encoding;

			compares = insn->id == X86_INS_CMP && encoding->imm_offset &&
				   insn->address + encoding->imm_offset == reloc->offset;
			holder = written_register(insn);
			if (compares || holder < 0)
				break;
			continue;
		}
		compares = insn->id == X86_INS_CMP && is_operand(insn, holder);
		if (compares || written_register(insn) == holder ||
		    cs_insn_group(unit->decoder, insn, CS_GRP_JUMP) ||
		    cs_insn_group(unit->decoder, insn, CS_GRP_RET) ||
		    (cs_insn_group(unit->decoder, insn, CS_GRP_CALL) &&
		     !(CALLEE_SAVED & IN(holder))))
			break;
	}
	if (insn)
		cs_free(insn, 1);
	return compares;
}

bool x86_only_reads(struct unit *unit, const struct atom *from, const struct reloc *reloc)
{
	struct flow flow = { .unit = unit, .insn = cs_malloc(unit->decoder) };
	struct part *part;
	bool ok = flow.insn && divide(&flow, from->parent ?: (struct atom *)from);

	part = ok ? part_of(&flow, from) : NULL;
	ok = part && take_first_step(&flow, part, reloc);
	while (ok && flow.n_waiting) {
		struct place *place = &flow.waiting[--flow.n_waiting];

		ok = take_step(&flow, place->part, place->at);
	}
	for (size_t i = 0; i < flow.n_parts; i++)
		free(flow.parts[i].before);
	free(flow.parts);
	free(flow.waiting);
	if (flow.insn)
		cs_free(flow.insn, 1);
	return ok;
}
