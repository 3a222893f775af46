// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Static locals get a number from the compiler (count.5, count.7), and the
 * number moves when an unrelated variable is added. A livepatch must keep using
 * the variable that the running kernel has: pairing the wrong two, or copying
 * one, gives the kernel two counters where it had one.
 *
 * So the number is ignored, and the code decides: if two functions are the same
 * function, and refer to one "count" each, it is the same variable. With several
 * of one name in a function the pattern of references has to be the same, and the order
 * of their numbers. What is not proved that way stays alone, and is refused if new code needs it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "passes.h"

/* More static locals of one function than any has; the rest would stay alone. */
#define MAX_LOCALS 256

/* The references of one atom (with its entries) to static locals, in order. */
struct uses {
	struct atom *of[MAX_LOCALS];
	size_t n;
};

struct queue {
	struct atom **atoms; /* of the patched unit, with a twin */
	size_t n, capacity;
};

static bool is_local(const struct atom *atom)
{
	return atom && atom->kind == ATOM_DATA && atom->symbol &&
	       symbol_is_static_local(atom->symbol) && !name_never_correlated(atom->symbol->name);
}

static void add_uses_of(const struct atom *atom, struct uses *uses)
{
	const struct reloc *reloc;

	atom_for_each_reloc(atom, reloc)
		if (is_local(reloc->to) && !reloc->to->twin && uses->n < MAX_LOCALS)
			uses->of[uses->n++] = reloc->to;
}

static void find_uses(const struct atom *atom, struct uses *uses)
{
	const struct atom *entry;

	uses->n = 0;
	add_uses_of(atom, uses);
	atom_for_each_entry(atom, entry)
		if (!entry->section->rule->derived)
			add_uses_of(entry, uses);
}

static int push(struct queue *queue, struct atom *atom)
{
	if (queue->n == queue->capacity) {
		size_t more = queue->capacity ? 2 * queue->capacity : 1024;
		struct atom **atoms = realloc(queue->atoms, more * sizeof(*atoms));

		if (!atoms)
			return -ENOMEM;
		queue->atoms = atoms;
		queue->capacity = more;
	}
	queue->atoms[queue->n++] = atom;
	return 0;
}

static bool could_be_same(const struct atom *a, const struct atom *b)
{
	return a->size == b->size && atom_section_kind(a) == atom_section_kind(b) &&
	       !name_compare(a->symbol->name, b->symbol->name);
}

/* The uses of variables called like uses->of[first], as numbers of distinct variables. */
static size_t pattern_of(const struct uses *uses, const char *name, struct atom **distinct,
			 unsigned short *pattern, size_t *length)
{
	size_t n = 0, i, k;

	*length = 0;
	for (i = 0; i < uses->n; i++) {
		if (name_compare(uses->of[i]->symbol->name, name))
			continue;
		for (k = 0; k < n && distinct[k] != uses->of[i]; k++)
			;
		if (k == n)
			distinct[n++] = uses->of[i];
		pattern[(*length)++] = k;
	}
	return n;
}

static long number_of(const struct atom *atom)
{
	return strtol(strrchr(atom->symbol->name, '.') + 1, NULL, 10);
}

/* The compiler numbers in the order of declaration (or against it): that has to agree as well. */
static bool same_order_of_numbers(struct atom *const *a, struct atom *const *b, size_t n)
{
	size_t i;

	for (i = 1; i < n; i++)
		if ((number_of(a[i - 1]) < number_of(a[i])) !=
		    (number_of(b[i - 1]) < number_of(b[i])))
			return false;
	return true;
}

/*
 * One variable of a name on both sides: that's it. Several: only if they are used
 * in the same order throughout, and were declared in the same order.
 */
static int pair_name(const struct uses *a, const struct uses *b, const char *name,
		     struct queue *queue)
{
	struct atom *of_a[MAX_LOCALS], *of_b[MAX_LOCALS];
	unsigned short pattern_a[MAX_LOCALS], pattern_b[MAX_LOCALS];
	size_t length_a, length_b, n, i;

	n = pattern_of(a, name, of_a, pattern_a, &length_a);
	if (n != pattern_of(b, name, of_b, pattern_b, &length_b))
		return 0;
	if (n > 1 &&
	    (length_a != length_b || memcmp(pattern_a, pattern_b, length_a * sizeof(*pattern_a)) ||
	     !same_order_of_numbers(of_a, of_b, n)))
		return 0;
	for (i = 0; i < n; i++)
		if (!could_be_same(of_a[i], of_b[i]))
			return 0;
	for (i = 0; i < n; i++) {
		of_a[i]->twin = of_b[i];
		of_b[i]->twin = of_a[i];
		if (push(queue, of_b[i]))
			return -ENOMEM;
	}
	return 0;
}

/* @original and @patched are the same function (or variable that refers to others). */
static int pair_uses(const struct atom *original, const struct atom *patched, struct queue *queue)
{
	struct uses a, b;
	size_t i;
	int err = 0;

	find_uses(patched, &b);
	if (!b.n)
		return 0;
	find_uses(original, &a);
	if (a.n == MAX_LOCALS || b.n == MAX_LOCALS)
		return 0;
	for (i = 0; i < b.n && !err; i++)
		if (!b.of[i]->twin)
			err = pair_name(&a, &b, b.of[i]->symbol->name, queue);
	return err;
}

static bool is_alone(const struct atom *atom)
{
	return is_local(atom) && !atom->twin;
}

static int by_name(const void *a, const void *b)
{
	return name_compare((*(struct atom *const *)a)->symbol->name,
			    (*(struct atom *const *)b)->symbol->name);
}

static int list_alone(const struct unit *unit, struct queue *list)
{
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(unit, s)
		section_for_each_atom(s, atom)
			if (is_alone(atom) && push(list, atom))
				return -ENOMEM;
	if (list->n)
		qsort(list->atoms, list->n, sizeof(*list->atoms), by_name);
	return 0;
}

/* A variable that stayed alone on both sides may be one: nobody knows. */
static int mark_doubtful(struct unit *original, struct unit *patched)
{
	struct queue a = { 0 }, b = { 0 };
	size_t i = 0, k = 0;
	int err;

	err = list_alone(original, &a);
	err = err ?: list_alone(patched, &b);
	while (!err && i < a.n && k < b.n) {
		int order = by_name(&a.atoms[i], &b.atoms[k]);

		if (order < 0) {
			i++;
			continue;
		}
		/* a constant can be copied, whichever it is */
		if (!order && atom_is_writable(b.atoms[k])) {
			b.atoms[k]->doubtful = true;
			b.atoms[k]->namesake = a.atoms[i];
		}
		k++;
	}
	free(a.atoms);
	free(b.atoms);
	return err;
}

/* Also what is pushed meanwhile, if @end is the end now. */
static int follow_queue(struct queue *queue, size_t i, size_t end)
{
	bool all = end == queue->n;
	int err = 0;

	for (; i < (all ? queue->n : end) && !err; i++)
		err = pair_uses(queue->atoms[i]->twin, queue->atoms[i], queue);
	return err;
}

static int by_source_name(const void *a, const void *b)
{
	const char *x = (*(struct atom *const *)a)->symbol->name;
	const char *y = (*(struct atom *const *)b)->symbol->name;
	size_t n_x = strcspn(x, "."), n_y = strcspn(y, ".");

	return strncmp(x, y, n_x > n_y ? n_x : n_y);
}

static int list_functions_alone(const struct unit *unit, struct queue *list)
{
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(unit, s)
		section_for_each_atom(s, atom)
			if (atom->kind == ATOM_FUNCTION && atom->symbol && !atom->twin &&
			    !atom->parent && push(list, atom))
				return -ENOMEM;
	if (list->n)
		qsort(list->atoms, list->n, sizeof(*list->atoms), by_source_name);
	return 0;
}

static bool is_only_one(const struct queue *list, size_t i)
{
	return (!i || by_source_name(&list->atoms[i - 1], &list->atoms[i])) &&
	       (i + 1 == list->n || by_source_name(&list->atoms[i], &list->atoms[i + 1]));
}

/*
 * foo became foo.isra.0, or the reverse: other code, but one function of the source, as a file
 * has one of a name. If there is one version of it on each side its variables are the same.
 */
static int pair_clones(struct unit *original, struct unit *patched, struct queue *queue)
{
	struct queue a = { 0 }, b = { 0 };
	size_t i = 0, k = 0, start = queue->n;
	int err;

	err = list_functions_alone(original, &a);
	err = err ?: list_functions_alone(patched, &b);
	while (!err && i < a.n && k < b.n) {
		int order = by_source_name(&a.atoms[i], &b.atoms[k]);

		if (!order && is_only_one(&a, i) && is_only_one(&b, k))
			err = pair_uses(a.atoms[i], b.atoms[k], queue);
		if (order <= 0)
			i++;
		if (order >= 0)
			k++;
	}
	free(a.atoms);
	free(b.atoms);
	return err ?: follow_queue(queue, start, queue->n);
}

int correlate_static_locals(struct unit *original, struct unit *patched, struct diag *diag)
{
	struct queue queue = { 0 };
	struct unit_section *s;
	struct atom *atom;
	size_t sure;
	int err = 0;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom)
			if (!err && atom->twin)
				err = push(&queue, atom);
	/* A second time: what one function couldn't tell apart another one may have. */
	sure = queue.n;
	err = err ?: follow_queue(&queue, 0, queue.n);
	err = err ?: follow_queue(&queue, 0, sure);
	err = err ?: pair_clones(original, patched, &queue);
	err = err ?: mark_doubtful(original, patched);
	free(queue.atoms);
	return err ? diag_oom(diag) : 0;
}
