// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two lists of parts are compared as diff(1) compares lines: parts that aren't in the
 * longest common subsequence have changed. A part that has moved is lost in one place
 * and gained in the other, and counts: a macro has its meaning only after its place
 * in the file. Conditions don't count by themselves: they are in the context of the parts
 * that they enclose.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/units/header-changes.h"

/* Cells of the table of the comparison. */
#define TABLE_MAX (4u << 20)

/* The parts that count. */
struct list {
	const struct header_part **parts;
	size_t n;
};

static int make_list(const struct header_parts *parts, struct list *list)
{
	list->n = 0;
	list->parts = calloc(parts->n + 1, sizeof(*list->parts));
	if (!list->parts)
		return -ENOMEM;
	for (size_t i = 0; i < parts->n; i++)
		if (parts->list[i].kind != PART_CONDITION)
			list->parts[list->n++] = &parts->list[i];
	return 0;
}

static bool same(const struct header_part *a, const struct header_part *b)
{
	return !strcmp(a->text, b->text) && !strcmp(a->context, b->context);
}

struct difference {
	int (*found)(const struct header_part *part, enum header_side side, void *arg);
	void *arg;
	bool *unknown;
};

static int report(const struct difference *difference, const struct header_part *part,
		  enum header_side side)
{
	if (part->kind == PART_FORWARD)
		return 0;
	if (part->name)
		return difference->found(part, side, difference->arg);
	*difference->unknown = true;
	return 0;
}

static int walk(const struct difference *difference, const struct header_part **a, size_t n_a,
		const struct header_part **b, size_t n_b)
{
	size_t width = n_b + 1, i = 0, j = 0;
	uint32_t *length;
	int err = 0;

	if ((n_a + 1) * width > TABLE_MAX) {
		*difference->unknown = true;
		return 0;
	}
	length = calloc((n_a + 1) * width, sizeof(*length));
	if (!length)
		return -ENOMEM;
	for (size_t x = n_a; x--;)
		for (size_t y = n_b; y--;) {
			uint32_t down = length[(x + 1) * width + y],
				 right = length[x * width + y + 1];

			length[x * width + y] = same(a[x], b[y])
							? length[(x + 1) * width + y + 1] + 1
						: down > right ? down
							       : right;
		}
	while ((i < n_a || j < n_b) && !err) {
		if (i < n_a && j < n_b && same(a[i], b[j])) {
			i++;
			j++;
		} else if (j == n_b ||
			   (i < n_a && length[(i + 1) * width + j] >= length[i * width + j + 1])) {
			err = report(difference, a[i++], HEADER_LOST);
		} else {
			err = report(difference, b[j++], HEADER_GAINED);
		}
	}
	free(length);
	return err;
}

int header_changes(const struct header_parts *old, const struct header_parts *new,
		   int (*found)(const struct header_part *part, enum header_side side, void *arg),
		   void *arg, bool *unknown)
{
	struct difference difference = { found, arg, unknown };
	struct list a = { 0 }, b = { 0 };
	size_t begin = 0, end = 0;
	int err = make_list(old, &a);

	*unknown = false;
	err = err ?: make_list(new, &b);
	while (!err && begin < a.n && begin < b.n && same(a.parts[begin], b.parts[begin]))
		begin++;
	while (!err && begin + end < a.n && begin + end < b.n &&
	       same(a.parts[a.n - end - 1], b.parts[b.n - end - 1]))
		end++;
	err = err
		      ?: walk(&difference, a.parts + begin, a.n - begin - end, b.parts + begin,
			      b.n - begin - end);
	free(a.parts);
	free(b.parts);
	return err;
}
