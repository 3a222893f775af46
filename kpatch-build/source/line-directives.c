// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A comment of four lines moves each __LINE__ after it: WARN_ON() in unchanged
 * functions becomes different. A comparison that ignores such numbers would
 * also ignore a 28 that became 32.
 *
 * So #line after each hunk tells the compiler that unchanged lines are where
 * they were. The number of a line is:
 *	unchanged	its number in the original;
 *	changed		the number of the line that it replaces: if a hunk makes five lines
 *			from three, the first three have the numbers of these;
 *	added		10000 + its line in the patched file, so that 10412 is line 412.
 *			20000, 30000 and so on if either file is longer than that.
 * No two lines have the same number, so a number leads back to its line.
 *
 * If no directive fits (directive-places.c), all lines up to the next possible
 * place are one group: unless their numbers are consecutive, they count as
 * added.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/source/directive-places.h"
#include "kpatch-build/source/line-directives.h"

#define ROUND 10000
/* struct bug_entry has 16 bits for a line. */
#define MAX_NUMBER 65535

struct numbering {
	const struct directive_places *places;
	const struct hunk *hunks;
	size_t n_hunks;
	unsigned int base; /* added lines begin after it */
	bool by_line; /* base + line; otherwise consecutive */
	unsigned int n_added;
	FILE *out;
	struct numbered_text *result;
};

/* Is @line, counted from 1, one of those that @hunk adds or changes? */
static bool hunk_has(const struct hunk *hunk, size_t line)
{
	return hunk->n_new && line >= hunk->new &&line < (size_t)hunk->new + hunk->n_new;
}

/* The number that @line should have; 0: it is added. */
static unsigned int wanted_number(const struct numbering *n, size_t line)
{
	long moved = 0;

	for (size_t i = 0; i < n->n_hunks; i++) {
		const struct hunk *hunk = &n->hunks[i];
		size_t after = hunk->new + (hunk->n_new ? hunk->n_new : 1);

		if (hunk_has(hunk, line))
			return line - hunk->new < hunk->n_old ? hunk->old + (line - hunk->new) : 0;
		if (line >= after)
			moved += (long)hunk->n_new - (long)hunk->n_old;
	}
	return line - moved;
}

/*
 * The number for lines @first to @end - 1, between which nothing can be put. 0: they count as
 * added.
 */
static unsigned int number_of_lines(const struct numbering *n, size_t first, size_t end)
{
	unsigned int number = wanted_number(n, first);

	for (size_t line = first; line < end; line++)
		if (wanted_number(n, line) != number + (line - first))
			return 0;
	return number;
}

static unsigned int added_number(struct numbering *n, size_t first, size_t end)
{
	unsigned int number = n->base + (n->by_line ? first : n->n_added + 1);

	n->n_added += end - first;
	return number;
}

static int add_range(struct numbered_text *result, unsigned int number, unsigned int n,
		     unsigned int line)
{
	struct numbered_range *last = result->n_ranges ? &result->ranges[result->n_ranges - 1]
						       : NULL;
	struct numbered_range *ranges;

	if (last && last->number + last->n == number && last->line + last->n == line) {
		last->n += n;
		return 0;
	}
	ranges = reallocarray(result->ranges, result->n_ranges + 1, sizeof(*ranges));
	if (!ranges)
		return -ENOMEM;
	result->ranges = ranges;
	ranges[result->n_ranges++] = (struct numbered_range){ number, n, line };
	return 0;
}

static const char *skip_lines(const char *at, const char *end, size_t n)
{
	for (; n; n--) {
		const char *feed = memchr(at, '\n', end - at);

		at = feed ? feed + 1 : end;
	}
	return at;
}

static int write_lines(struct numbering *n, const char *text, const char *end)
{
	const struct directive_places *places = n->places;
	unsigned int current = 1; /* the number that the compiler assumes for the next line */
	bool told = false;
	/* a branch has ended, and its directives count only if it is compiled */
	bool uncertain = false;
	int err = 0;

	for (size_t first = 1, next; first <= places->n && !err; first = next) {
		const char *after;
		unsigned int number;

		for (next = first + 1; next <= places->n && !places->lines[next - 1].fits; next++)
			;
		number = number_of_lines(n, first, next) ?: added_number(n, first, next);
		uncertain |= told && places->lines[first - 1].after_condition;
		if (number != current || uncertain) {
			fprintf(n->out, "#line %u\n", number);
			told = true;
			uncertain = false;
		}
		for (size_t line = first + 1; line < next; line++)
			uncertain |= told && places->lines[line - 1].after_condition;
		after = skip_lines(text, end, next - first);
		fwrite(text, 1, after - text, n->out);
		text = after;
		current = number + (next - first);
		err = add_range(n->result, number, next - first, first);
	}
	return err;
}

static bool hunks_fit(const struct hunk *hunks, size_t n_hunks, size_t n_original, size_t n_lines)
{
	size_t old = 0, new = 0; /* the last line that has been accounted for */

	for (size_t i = 0; i < n_hunks; i++) {
		size_t before_old = hunks[i].n_old ? (size_t)hunks[i].old - 1 : hunks[i].old;
		size_t before_new = hunks[i].n_new ? (size_t)hunks[i].new - 1 : hunks[i].new;

		if (before_old < old || before_new < new || before_old - old != before_new - new)
			return false;
		old = before_old + hunks[i].n_old;
		new = before_new + hunks[i].n_new;
	}
	return old <= n_original && new <= n_lines &&n_original - old == n_lines - new;
}

static void choose_base(struct numbering *n, size_t n_original, size_t n_lines)
{
	size_t longer = n_original > n_lines ? n_original : n_lines;

	n->base = (longer / ROUND + 1) * ROUND;
	n->by_line = n->base + n_lines <= MAX_NUMBER;
	if (!n->by_line)
		n->base = n_original;
}

int number_lines(const char *text, size_t size, size_t n_original, const struct hunk *hunks,
		 size_t n_hunks, struct numbered_text *result)
{
	struct directive_places places;
	struct numbering n = {
		.places = &places, .hunks = hunks, .n_hunks = n_hunks, .result = result
	};
	int err = directive_places_find(text, size, &places);

	memset(result, 0, sizeof(*result));
	if (err)
		return err;
	if (!hunks_fit(hunks, n_hunks, n_original, places.n))
		err = -EINVAL;
	if (!err && !places.has_own) {
		choose_base(&n, n_original, places.n);
		n.out = open_memstream(&result->text, &result->size);
		err = n.out ? write_lines(&n, text, text + size) : -ENOMEM;
		if (n.out && fclose(n.out)) /* this fails only if there is not enough memory */
			err = -ENOMEM;
	}
	directive_places_free(&places);
	if (err)
		numbered_text_free(result);
	return err;
}

void numbered_text_free(struct numbered_text *numbered)
{
	free(numbered->text);
	free(numbered->ranges);
	memset(numbered, 0, sizeof(*numbered));
}
