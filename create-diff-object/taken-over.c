// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Several functions share a variable, and a patch gives one of them a variable of its own, among
 * other changes:
 *
 *	 	mutex_lock(&lock);			 	mutex_lock(&lock);
 *	 	…					 	…
 *	-	list_add(&x->list, &all);		+	list_add(&x->list, &mine);
 *
 * The new variable starts at its initial value, so that the function no longer finds what the old
 * one holds, nor what other functions put there. This may be what the patch is about. So it is only
 * warned of, unless the author says that the variable starts anew (KLP_SPLIT_NEW_STATE()). A static
 * key or static call is refused: what was enabled or set in the running kernel is certainly lost.
 *
 * One use of the old variable has to be gone at a place, the function has to use it on fewer lines,
 * and a use of the new one has to be in the same function of the source. What counts as a use:
 *  - of an element or member as well, if the other variable, or a part of it, has the same type;
 *  - the address in a constant table;
 *  - a call of a function that uses the variable: the call of another function, or the use of
 *    another variable, may take its place. A copy of a function has its own static locals.
 *
 * The compiler merges several uses, so that the place of a use that is gone may not have been
 * visible. There the source tells: a hunk of the diffs has fewer mentions of the variable.
 */
#include <dwarf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/passes.h"
#include "create-diff-object/renamed-proof.h"
#include "create-diff-object/taken-over.h"
#include "create-diff-object/types-at.h"
#include "create-diff-object/unit/places.h"
#include "create-diff-object/unit/type-text.h"
#include "create-diff-object/unit/variables.h"
#include "create-diff-object/uses.h"
#include "lib/array.h"
#include "lib/text.h"

/* Types of jump_label.h and static_call_types.h begin like this. Their values are set at run time. */
static const char *const keys[] = { "struct static_key", "struct static_call_key" };

/* A member of an element is at level 2. Deeper, a spinlock contains an atomic_t, as does a counter. */
#define MAX_INNER 2

struct search {
	struct unit *original, *patched;
	const struct words *words;
	struct atom *new;
	/* of ->new, first its own uses, then calls of new functions that use it */
	struct uses now;
	size_t n_own;
	struct shared *checked; /* variables that were compared with it */
	size_t n_checked;
};

/* A variable that ->new may stand for. */
struct candidate {
	struct shared old, twin; /* in the original, and in the patched unit */
	Dwarf_Die die; /* its declaration in the original */
	bool alike; /* as a whole, not only in parts */
	/* uses of both; in ->was, calls of functions that use it follow after @n_own */
	struct uses was, still;
	size_t n_own;
};

static bool is_key(const char *type)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (type && str_starts(type, keys[i]))
			return true;
	return false;
}

/* Only another unit has the initial value of the old one: what has functions is a table of its own. */
static bool has_functions(const struct atom *new)
{
	const struct reloc *reloc;

	atom_for_each_reloc(new, reloc)
		if (!reloc->to || atom_is_code(reloc->to))
			return true;
	return false;
}

/* What the source of @unit says of the variable @name of another unit. */
static bool find_extern(struct unit *unit, const char *name, Dwarf_Die *die)
{
	Dwarf_Die *cu = NULL;

	while ((cu = next_cu(unit, cu))) {
		if (dwarf_child(cu, die))
			continue;
		do {
			if (dwarf_tag(die) == DW_TAG_variable && dwarf_diename(die) &&
			    !strcmp(dwarf_diename(die), name) &&
			    dwarf_hasattr(die, DW_AT_declaration))
				return true;
		} while (!dwarf_siblingof(die, die));
	}
	return false;
}

/* Could @reloc of the original be a use of a variable that ->new stands for? */
static bool find_candidate(struct search *search, const struct reloc *reloc, struct candidate *one)
{
	*one = (struct candidate){ .old.atom = reloc->to };
	if (!reloc->to) {
		if (!is_undefined(reloc) ||
		    !find_extern(search->original, reloc->symbol->name, &one->die))
			return false;
		one->old.elsewhere = one->twin.elsewhere = reloc->symbol->name;
		return true;
	}
	if (!atom_is_state(reloc->to) || !reloc->to->twin || !reloc->to->declared)
		return false;
	one->twin.atom = reloc->to->twin;
	one->die = reloc->to->declared->die;
	return true;
}

/* Also decide whether parts have to be compared. */
static bool may_be_alike(struct search *search, struct candidate *one)
{
	Dwarf_Die new = search->new->declared->die;
	const char *is = search->new->declared->type;
	struct atom *old = (struct atom *)one->old.atom;
	char *was = type_text(&one->die);

	one->alike = was && is &&
		     ((is_key(was) && is_key(is)) ||
		      (!strcmp(was, is) &&
		       (old ? starts_alike(search->original, search->patched, old, search->new)
			    : !has_functions(search->new))));
	free(was);
	return one->alike || !type_is_scalar(&one->die) || !type_is_scalar(&new);
}

/* Does the part start with the same bytes? An address in it is not compared. */
static bool starts_part_like(const struct atom *old, const struct part *was, const struct atom *new,
			     const struct part *is)
{
	const unsigned char *x = old ? atom_data(old) : NULL, *y = atom_data(new);

	if (!old || was->size != is->size || was->offset + was->size > old->size ||
	    is->offset + is->size > new->size)
		return !old;
	for (size_t i = 0; i < was->size; i++)
		if ((x ? x[was->offset + i] : 0) != (y ? y[is->offset + i] : 0))
			return false;
	return true;
}

/* Does the one use a part of the same type as the other? */
static bool parts_alike(const struct search *search, const struct candidate *one,
			const struct use *was, const struct use *is)
{
	Dwarf_Die old = one->die, new = search->new->declared->die;
	struct types_at x = { 0 }, y = { 0 };
	bool alike = false;

	types_at(&old, was->at, &x);
	types_at(&new, is->at, &y);
	for (size_t i = 0; i < x.n; i++)
		for (size_t k = 0; k < y.n; k++)
			alike |= (i || k) && i <= MAX_INNER && k <= MAX_INNER && x.parts[i].type &&
				 y.parts[k].type && !strcmp(x.parts[i].type, y.parts[k].type) &&
				 starts_part_like(one->old.atom, &x.parts[i], search->new,
						  &y.parts[k]);
	types_at_free(&x);
	types_at_free(&y);
	return alike;
}

static bool is_at(const struct use *use, const char *function, int line)
{
	for (size_t i = 0; i < use->n; i++)
		if (!strcmp(use->places[i].function, function) &&
		    (!line || use->places[i].line == line))
			return true;
	return false;
}

static size_t count_at(const struct uses *uses, const struct source_place *place)
{
	size_t n = 0;

	for (size_t i = 0; i < uses->n; i++)
		n += is_at(&uses->list[i], place->function, place->line);
	return n;
}

static size_t count_from(const struct uses *uses, const struct atom *from)
{
	size_t n = 0;

	for (size_t i = 0; i < uses->n; i++)
		n += uses->list[i].from == from;
	return n;
}

/* The number of lines of the function @name that have uses. */
static size_t count_lines(const struct uses *uses, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < uses->n; i++) {
		for (size_t k = 0; k < uses->list[i].n; k++) {
			const struct source_place *place = &uses->list[i].places[k];
			bool seen = strcmp(place->function, name);

			for (size_t before = 0; before < i && !seen; before++)
				seen = is_at(&uses->list[before], name, place->line);
			n += !seen;
		}
	}
	return n;
}

/*
 * @place is in the function of @is, which uses the new variable. Are the uses of the old one at
 * @place gone, and not only on another line now? Or are there fewer of them, and @is is there, too?
 */
static bool is_gone_at(const struct candidate *one, const struct source_place *place,
		       const struct use *is)
{
	size_t still = count_at(&one->still, place);

	if (!still)
		return count_lines(&one->still, place->function) <
		       count_lines(&one->was, place->function);
	return still < count_at(&one->was, place) && is_at(is, place->function, place->line);
}

/* "count" for "count.5" */
static bool is_mentioned_less(const struct words *words, const char *symbol)
{
	char *name = strndup(symbol, strcspn(symbol, "."));
	bool less = name && words_fewer(words, name);

	free(name);
	return less;
}

static const char *shared_name(const struct shared *shared)
{
	return shared->elsewhere ?: atom_name(shared->atom);
}

/* Is the use @was gone, and has @is taken its place? */
static bool takes_its_place(const struct search *search, const struct candidate *one,
			    const struct use *was, const struct use *is)
{
	bool less;

	if (!was->n)
		return was->from->twin && was->from->twin == is->from &&
		       count_from(&one->still, is->from) < count_from(&one->was, was->from);
	less = is_mentioned_less(search->words, shared_name(&one->old));
	for (size_t i = 0; i < was->n; i++) {
		if (is_at(is, was->places[i].function, 0) &&
		    (less || is_gone_at(one, &was->places[i], is)))
			return true;
		/* the next place calls this function, which is inlined there */
		less |= is_mentioned_less(search->words, was->places[i].function);
	}
	return false;
}

/* Calls count only for whole variables: functions have many members and numbers in common. */
static bool is_taken_over(const struct search *search, const struct candidate *one)
{
	size_t n_was = one->alike ? one->was.n : one->n_own;
	size_t n_now = one->alike ? search->now.n : search->n_own;

	for (size_t i = 0; i < n_was; i++)
		for (size_t k = 0; k < n_now; k++)
			if (takes_its_place(search, one, &one->was.list[i], &search->now.list[k]) &&
			    (one->alike ||
			     parts_alike(search, one, &one->was.list[i], &search->now.list[k])))
				return true;
	return false;
}

static bool was_before(const struct uses *uses, size_t n, const struct atom *group)
{
	while (n--)
		if (atom_group(uses->list[n].from) == group)
			return true;
	return false;
}

/* Add calls of the functions that use it. A call of @elsewhere's functions isn't known. */
static int add_calls(struct search *search, struct candidate *one)
{
	int err = 0;

	for (size_t i = 0; i < one->n_own && !err; i++) {
		const struct atom *group = atom_group(one->was.list[i].from);
		struct shared was = { .atom = group }, is = { .atom = group->twin };

		if (!atom_is_code(group) || was_before(&one->was, i, group))
			continue;
		err = uses_add(&one->was, search->original, &was);
		if (!err && group->twin)
			err = uses_add(&one->still, search->patched, &is);
	}
	return err;
}

static int compare_candidate(struct search *search, struct candidate *one)
{
	int err = uses_add(&one->was, search->original, &one->old);

	err = err ?: uses_add(&one->still, search->patched, &one->twin);
	one->n_own = one->was.n;
	if (!err && one->alike)
		err = add_calls(search, one);
	if (!err && is_taken_over(search, one))
		search->new->instead_of = shared_name(&one->old);
	uses_free(&one->was);
	uses_free(&one->still);
	return err;
}

static bool was_checked(const struct search *search, const struct reloc *reloc)
{
	for (size_t i = 0; i < search->n_checked; i++)
		if (search->checked[i].atom
			    ? search->checked[i].atom == reloc->to
			    : !reloc->to && reloc->symbol &&
				      !strcmp(search->checked[i].elsewhere, reloc->symbol->name))
			return true;
	return false;
}

static int check_reloc(struct search *search, const struct reloc *reloc)
{
	struct candidate one;
	struct shared *checked;

	if (search->new->instead_of || was_checked(search, reloc) ||
	    !find_candidate(search, reloc, &one))
		return 0;
	checked = reallocarray(search->checked, search->n_checked + 1, sizeof(*checked));
	if (!checked)
		return -ENOMEM;
	search->checked = checked;
	checked[search->n_checked++] = one.old;
	return may_be_alike(search, &one) ? compare_candidate(search, &one) : 0;
}

/* All that @from of the original uses, and, if @called, what functions that it calls use. */
static int check_atom(struct search *search, struct atom *from, bool called)
{
	const struct atom *part, *entry;
	const struct reloc *reloc;
	int err = 0;

	for (part = from; part; part = part->next_child) {
		atom_for_each_reloc(part, reloc) {
			if (!err)
				err = check_reloc(search, reloc);
			if (!err && called && reloc->to && atom_is_code(reloc->to))
				err = check_atom(search, atom_group(reloc->to), false);
		}
		atom_for_each_entry(part, entry)
			atom_for_each_reloc(entry, reloc)
				err = err ?: check_reloc(search, reloc);
	}
	return err;
}

/* Find uses of ->new, and of new functions that use it. */
static int find_uses(struct search *search)
{
	const struct shared new = { .atom = search->new };
	int err = uses_add(&search->now, search->patched, &new);

	search->n_own = search->now.n;
	for (size_t i = 0; i < search->now.n && !err; i++) {
		const struct shared function = { .atom = atom_group(search->now.list[i].from) };

		if (atom_is_code(function.atom) && !function.atom->twin &&
		    !was_before(&search->now, i, function.atom))
			err = uses_add(&search->now, search->patched, &function);
	}
	return err;
}

int find_taken_over(struct unit *original, struct unit *patched, const struct words *words,
		    struct atom *new)
{
	struct search search = {
		.original = original,
		.patched = patched,
		.words = words,
		.new = new,
	};
	int err;

	if (!new->declared)
		return 0;
	err = find_uses(&search);
	for (size_t i = 0; i < search.now.n && !err && !new->instead_of; i++) {
		struct atom *group = atom_group(search.now.list[i].from);

		if (group->twin && !group->moved_from && !was_before(&search.now, i, group))
			err = check_atom(&search, group->twin, true);
	}
	uses_free(&search.now);
	free(search.checked);
	return err;
}

int report_taken_over(struct unit *patched, struct diag *diag)
{
	struct unit_section *s;
	struct diag_place place;
	struct atom *atom;
	bool key;
	int err = 0;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom) {
			if (!atom->included || !atom->instead_of || atom->twin)
				continue;
			place = atom_place(patched, atom);
			/* DO_ONCE() has a key of its own in each function: what it guards may be new */
			key = is_key(atom->declared->type) && !atom->declared->function;
			if (key)
				err = diag_error(diag, "KS178", &place, "'%s' instead of '%s'",
						 atom_name(atom), atom->instead_of);
			else
				diag_warning(diag, "KS177", &place, "'%s' instead of '%s'",
					     atom_name(atom), atom->instead_of);
			tell_users(patched, atom, NULL, diag);
		}
	return err;
}
