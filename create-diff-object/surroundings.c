// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A function has two blocks with a `static bool done`, or one block that a
 * macro made, and the patch changes the function. Has it moved the blocks,
 * exchanged their content, or inserted a third one? The variables themselves
 * look the same. The code around them tells them apart:
 *
 * - what else the block refers to: the secret that get_random_once() fills, the
 *   function that DO_ONCE() calls;
 * - what the function refers to just before and just after;
 * - the instructions that use it.
 *
 * A variable of file scope whose name has a counter has no such block. There
 * the functions that use it have to be the same.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/arch.h"
#include "create-diff-object/unit/arch.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/surroundings.h"
#include "create-diff-object/unit/variables.h"

/* No block has so many references. If one does, it stays in doubt. */
#define MAX_THINGS 512

/* Something that code refers to. */
struct thing {
	const char *undefined; /* the name of something in another unit */
	const struct atom *atom;
	int64_t at; /* for a variable: the offset of the member */
};

struct use {
	struct thing before, after; /* empty: there is none in this function */
	uint32_t type;
	int64_t at;
	/* bytes of the instruction itself, and of the next one */
	unsigned char before_it[2], after_it[4];
};

struct surroundings {
	struct thing things[MAX_THINGS]; /* what its block refers to, apart from the variable */
	size_t n_things;
	struct use uses[MAX_THINGS];
	size_t n_uses;
	const char *functions[MAX_THINGS]; /* functions of the source that use it */
	size_t n_functions;
	bool too_many;
};

/* False: it has no name that would be the same in the other unit. */
static bool thing_of(const struct unit *unit, const struct reloc *reloc, struct thing *thing)
{
	const struct atom *to = reloc->to;

	*thing = (struct thing){ 0 };
	if (!to) {
		thing->undefined = reloc->symbol->name;
		thing->at = reloc->at;
		/* calls that the compiler adds to any function prove nothing */
		return !arch_is_compilers_name(unit->elf->machine, reloc->symbol->name);
	}
	if (!to->symbol || to->kind == ATOM_STRING || to->macro_made ||
	    (!to->twin && symbol_is_static_local(to->symbol)))
		return false;
	thing->atom = to;
	thing->at = to->kind == ATOM_DATA ? reloc->at : 0;
	return true;
}

static bool is_nothing(const struct thing *thing)
{
	return !thing->undefined && !thing->atom;
}

static bool same_thing(const struct thing *a, const struct thing *b)
{
	if (a->at != b->at || !a->undefined != !b->undefined || !a->atom != !b->atom)
		return false;
	if (a->undefined)
		return !strcmp(a->undefined, b->undefined);
	return !a->atom || a->atom->twin == b->atom;
}

static void add_function(struct surroundings *of, const char *name)
{
	size_t i;

	for (i = 0; i < of->n_functions; i++)
		if (!strcmp(of->functions[i], name))
			return;
	if (of->n_functions == MAX_THINGS)
		of->too_many = true;
	else
		of->functions[of->n_functions++] = name;
}

static void add_use(const struct unit *unit, struct surroundings *of, const struct atom *code,
		    const struct reloc *reloc, const struct thing *before)
{
	const unsigned char *data = atom_data(code);
	uint64_t offset = reloc->offset - code->offset;
	uint64_t end = offset + reloc_width(unit, reloc->type);
	struct use *use;

	if (of->n_uses == MAX_THINGS) {
		of->too_many = true;
		return;
	}
	use = &of->uses[of->n_uses++];
	*use = (struct use){ .before = *before, .type = reloc->type, .at = reloc->at };
	if (data && offset >= sizeof(use->before_it))
		memcpy(use->before_it, data + offset - sizeof(use->before_it),
		       sizeof(use->before_it));
	if (data && end + sizeof(use->after_it) <= code->size)
		memcpy(use->after_it, data + end, sizeof(use->after_it));
}

static void look_at_code(struct unit *unit, const struct atom *variable, const struct atom *code,
			 struct surroundings *of)
{
	size_t first = of->n_uses, i;
	struct thing before = { 0 }, thing;
	const struct reloc *reloc;

	atom_for_each_reloc(code, reloc) {
		if (reloc->to == variable) {
			add_use(unit, of, code, reloc, &before);
			add_function(of, source_function(unit, code, reloc->offset - code->offset));
			continue;
		}
		if (!thing_of(unit, reloc, &thing))
			continue;
		before = thing;
		for (i = first; i < of->n_uses; i++)
			if (is_nothing(&of->uses[i].after))
				of->uses[i].after = thing;
		if (!variable->declared || !variable->declared->function ||
		    !is_in_block_of(unit, variable->declared, code, reloc->offset - code->offset))
			continue;
		if (of->n_things == MAX_THINGS)
			of->too_many = true;
		else
			of->things[of->n_things++] = thing;
	}
}

static struct surroundings *look_around(struct unit *unit, const struct atom *variable)
{
	struct surroundings *of = calloc(1, sizeof(*of));
	struct unit_section *s;
	struct atom *code;

	if (!of)
		return NULL;
	unit_for_each_section(unit, s)
		section_for_each_atom(s, code)
			if (atom_is_code(code))
				look_at_code(unit, variable, code, of);
	return of;
}

/* Does @a of the original have a thing that @b doesn't have? */
static bool loses_thing(const struct surroundings *a, const struct surroundings *b)
{
	size_t i, k;

	for (i = 0; i < a->n_things; i++) {
		for (k = 0; k < b->n_things; k++)
			if (same_thing(&a->things[i], &b->things[k]))
				break;
		if (k == b->n_things)
			return true;
	}
	return false;
}

/* Does @b have a thing that @a of the original doesn't have? */
static bool gains_thing(const struct surroundings *a, const struct surroundings *b)
{
	size_t i, k;

	for (k = 0; k < b->n_things; k++) {
		for (i = 0; i < a->n_things; i++)
			if (same_thing(&a->things[i], &b->things[k]))
				break;
		if (i == a->n_things)
			return true;
	}
	return false;
}

static bool shares_neighbour(const struct surroundings *a, const struct surroundings *b)
{
	size_t i, k;

	for (i = 0; i < a->n_uses; i++)
		for (k = 0; k < b->n_uses; k++)
			if (same_thing(&a->uses[i].before, &b->uses[k].before) ||
			    same_thing(&a->uses[i].after, &b->uses[k].after))
				return true;
	return !a->n_uses && !b->n_uses; /* static keys: only lists about the code refer to them */
}

static bool same_use(const struct use *a, const struct use *b)
{
	return a->type == b->type && a->at == b->at &&
	       !memcmp(a->before_it, b->before_it, sizeof(a->before_it)) &&
	       !memcmp(a->after_it, b->after_it, sizeof(a->after_it));
}

static bool is_used_alike(const struct surroundings *a, const struct surroundings *b)
{
	bool taken[MAX_THINGS] = { false };
	size_t i, k;

	if (a->n_uses != b->n_uses)
		return false;
	for (i = 0; i < a->n_uses; i++) {
		for (k = 0; k < b->n_uses; k++)
			if (!taken[k] && same_use(&a->uses[i], &b->uses[k]))
				break;
		if (k == b->n_uses)
			return false;
		taken[k] = true;
	}
	return true;
}

/* How many functions of the source use both? */
static size_t shared_functions(const struct surroundings *a, const struct surroundings *b)
{
	size_t n = 0, i, k;

	for (i = 0; i < a->n_functions; i++)
		for (k = 0; k < b->n_functions; k++)
			n += !strcmp(a->functions[i], b->functions[k]);
	return n;
}

static enum likeness compare_users(const struct surroundings *a, const struct surroundings *b)
{
	size_t n = shared_functions(a, b);

	if (!n)
		return UNLIKE;
	return n == a->n_functions && n == b->n_functions ? ALIKE : SIMILAR;
}

static enum likeness compare_surroundings(const struct surroundings *a,
					  const struct surroundings *b)
{
	bool gone = loses_thing(a, b), new = gains_thing(a, b);

	if ((gone && new) || !shares_neighbour(a, b))
		return UNLIKE;
	return gone || new || !is_used_alike(a, b) ? SIMILAR : ALIKE;
}

static bool same_type(const struct atom *a, const struct atom *b)
{
	return a->declared && b->declared && a->declared->type && b->declared->type &&
	       !strcmp(a->declared->type, b->declared->type) && a->size == b->size &&
	       atom_section_kind(a) == atom_section_kind(b);
}

int compare_places(struct unit *original, const struct atom *a, struct unit *patched,
		   const struct atom *b, enum likeness *out)
{
	struct surroundings *of_a, *of_b;
	int err = 0;

	if (!same_type(a, b)) {
		*out = UNLIKE;
		return 0;
	}
	of_a = look_around(original, a);
	of_b = look_around(patched, b);
	if (!of_a || !of_b)
		err = -ENOMEM;
	else if (of_a->too_many || of_b->too_many)
		*out = UNLIKE;
	else if (a->declared->function && b->declared->function)
		*out = compare_surroundings(of_a, of_b);
	else
		*out = compare_users(of_a, of_b);
	free(of_a);
	free(of_b);
	return err;
}

int share_source_functions(struct unit *original, const struct atom *a, struct unit *patched,
			   const struct atom *b, bool *out)
{
	struct surroundings *of_a = look_around(original, a), *of_b = look_around(patched, b);
	int err = of_a && of_b ? 0 : -ENOMEM;

	if (!err)
		*out = shared_functions(of_a, of_b) || of_a->too_many || of_b->too_many;
	free(of_a);
	free(of_b);
	return err;
}

bool all_users_are_same(struct unit *original, struct unit *patched, const struct atom *atom)
{
	struct unit_section *s;
	struct atom *from;
	struct reloc *reloc;
	bool any = false;

	unit_for_each_section(original, s) {
		if (s->rule->kind == SECTION_BUILD)
			continue;
		section_for_each_atom(s, from) {
			atom_for_each_reloc(from, reloc)
				if (reloc->to == atom)
					break;
			if (reloc == from->relocs + from->n_relocs)
				continue;
			if (!same_as_twin(original, patched, atom_group(from)))
				return false;
			any = true;
		}
	}
	return any;
}
