// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * patch(1) only says "Hunk #3 FAILED at 412.", and the user has to find the difference in twenty
 * lines of two files. So this code finds the place in the file where most lines of the hunk match,
 * and shows the first line there that differs.
 *
 * A hunk also fails if the kernel, or an earlier diff, already contains its change. This is
 * detected first, since the remedy is another one: to leave out the diff.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/source/diff.h"
#include "kpatch-build/source/misfits.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "lib/text.h"

/* More details than these wouldn't help the user. */
#define DETAILS_MAX 12
/* Comparisons of one line with another. If more are needed, only the failure is reported. */
#define EFFORT_MAX 500000000UL

struct line {
	const char *at;
	size_t n;
	unsigned int hash;
};

struct lines {
	struct line *list;
	size_t n;
};

/* The two sides of a hunk. */
struct sides {
	struct lines old, new;
	unsigned int first; /* the line of the old file where the hunk begins */
	size_t before, after; /* the numbers of context lines before and after the change */
};

static int add_line(struct lines *lines, const char *at, size_t n)
{
	struct line *list;

	if (!(lines->n & (lines->n - 1))) { /* the list is full: at 0 and each power of two */
		list = reallocarray(lines->list, lines->n ? 2 * lines->n : 1, sizeof(*list));
		if (!list)
			return -ENOMEM;
		lines->list = list;
	}
	if (n && at[n - 1] == '\r')
		n--;
	lines->list[lines->n] = (struct line){ at, n, 5381 };
	for (size_t i = 0; i < n; i++)
		lines->list[lines->n].hash = lines->list[lines->n].hash * 33 + (unsigned char)at[i];
	lines->n++;
	return 0;
}

static int split(const char *text, struct lines *lines)
{
	int err = 0;

	for (size_t n; *text && !err; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		err = add_line(lines, text, n);
	}
	return err;
}

static bool are_equal(const struct line *a, const struct line *b)
{
	return a->hash == b->hash && a->n == b->n && !memcmp(a->at, b->at, a->n);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool differ_in_blanks(const struct line *a, const struct line *b)
{
	size_t i = 0, j = 0;

	for (;;) {
		while (i < a->n && is_blank(a->at[i]))
			i++;
		while (j < b->n && is_blank(b->at[j]))
			j++;
		if (i == a->n || j == b->n)
			return i == a->n && j == b->n;
		if (a->at[i++] != b->at[j++])
			return false;
	}
}

/* Read the hunk at @at. diff_parse() has checked that it is complete. *@next: the end of it. */
static int read_hunk(const char *at, const char *end, struct sides *sides, const char **next)
{
	bool changes = false;
	int err = 0;

	memset(sides, 0, sizeof(*sides));
	sscanf(at, "@@ -%u", &sides->first);
	for (at = strchr(at, '\n') + 1; at < end && !str_starts(at, "@@ ") && !err;) {
		size_t n = strcspn(at, "\n"), skip = n && *at != '\r';
		bool old = *at != '+' && *at != '\\', new = *at != '-' && *at != '\\';

		err = old ? add_line(&sides->old, at + skip, n - skip) : 0;
		err = err ?: new ? add_line(&sides->new, at + skip, n - skip) : 0;
		if (old != new) {
			changes = true;
			sides->after = 0;
		} else if (old) {
			sides->before += !changes;
			sides->after++;
		}
		at += n + (at[n] == '\n');
	}
	*next = at;
	return err;
}

static void free_sides(struct sides *sides)
{
	free(sides->old.list);
	free(sides->new.list);
}

static size_t count_equal(const struct lines *file, size_t at, const struct lines *side)
{
	size_t n = 0;

	for (size_t i = 0; i < side->n && at + i < file->n; i++)
		n += are_equal(&file->list[at + i], &side->list[i]);
	return n;
}

static size_t distance(size_t a, size_t b)
{
	return a > b ? a - b : b - a;
}

/*
 * The line of @file where most lines match @side, and of several such lines the nearest one to
 * @first. *@equal: the number of lines that match there.
 */
static size_t best_place(const struct lines *file, const struct lines *side, size_t first,
			 size_t *equal)
{
	size_t best = 0;

	*equal = 0;
	for (size_t at = 0; at < file->n; at++) {
		size_t n = count_equal(file, at, side);

		if (n > *equal || (n == *equal && distance(at, first) < distance(best, first))) {
			*equal = n;
			best = at;
		}
	}
	return best;
}

static bool has_lines(const struct lines *file, const struct lines *side)
{
	size_t equal;

	best_place(file, side, 0, &equal);
	return side->n && equal == side->n;
}

/* A file that the diffs change: the kernel's version, and the version after the earlier diffs. */
struct versions {
	char *kernel_text, *text;
	struct lines kernel, now;
};

static int read_version(const char *tree, const char *path, char **text, struct lines *lines)
{
	char *full = path_join(tree, path, NULL);
	size_t size;
	int err = full ? read_file(full, text, &size) : -ENOMEM;

	free(full);
	if (err)
		return err == -ENOMEM ? err : 0; /* a missing file has no lines */
	return split(*text, lines);
}

/*
 * The line to show: the first one that differs after a line that matches. If there is none, the
 * last line that differs.
 */
static size_t telling_line(const struct lines *file, size_t at, const struct lines *side)
{
	size_t last = 0;
	bool equal = false;

	for (size_t i = 0; i < side->n; i++) {
		bool same = at + i < file->n && are_equal(&file->list[at + i], &side->list[i]);

		if (!same && equal)
			return i;
		if (!same)
			last = i;
		equal = same;
	}
	return last;
}

static int show_line(const struct lines *file, const struct sides *sides, size_t at,
		     const char *path, unsigned int hunk_line, struct misfits *misfits)
{
	size_t i = telling_line(file, at, &sides->old);
	const struct line *expected = &sides->old.list[i];
	const struct line *found = at + i < file->n ? &file->list[at + i] : NULL;
	int err = strvec_addf(
		&misfits->details, "the hunk in line %u doesn't fit %s:%zu%s", hunk_line, path,
		at + i + 1,
		found && differ_in_blanks(expected, found) ? ", where only blanks differ" : "");

	err = err
		      ?: strvec_addf(&misfits->details, "  expected: %.*s", (int)expected->n,
				     expected->at);
	if (found)
		return err
			       ?: strvec_addf(&misfits->details, "  found:    %.*s", (int)found->n,
					      found->at);
	return err ?: strvec_addf(&misfits->details, "  found:    the end of the file");
}

static int compare_hunk(const struct versions *file, const struct sides *sides, const char *path,
			unsigned int hunk_line, struct misfits *misfits)
{
	size_t equal,
		at = best_place(&file->now, &sides->old, sides->first - !!sides->first, &equal);

	if (misfits->details.n >= DETAILS_MAX)
		return 0;
	if (!sides->old.n)
		return strvec_addf(&misfits->details, "%s exists already", path);
	if (equal < sides->old.n)
		return show_line(&file->now, sides, at, path, hunk_line, misfits);
	if (sides->before == sides->after)
		return 0;
	/*
	 * patch(1) only accepts such a hunk at the start or the end of a file, because diff(1)
	 * writes less context only there.
	 */
	return strvec_addf(&misfits->details,
			   "the hunk in line %u has %zu lines of context before and %zu after the "
			   "change, as at the %s of a file, but is at %s:%zu",
			   hunk_line, sides->before, sides->after,
			   sides->before > sides->after ? "end" : "start", path, at + 1);
}

/* The part of patch(1)'s output that tells which hunks of an entry weren't applied. */
struct left {
	const char *log; /* where the output for this entry begins */
	const char *end;
};

static bool begins_entry(const char *line)
{
	return str_starts(line, "patching file ") ||
	       str_starts(line, "can't find file to patch ") ||
	       str_starts(line, "The next patch would ");
}

static const char *next_entry(const char *at)
{
	for (; at && !begins_entry(at); at = strchr(at, '\n'), at = at ? at + 1 : NULL)
		;
	return at;
}

static bool was_left(const struct left *left, unsigned int number)
{
	const char *ignored = memmem(left->log, left->end - left->log, " ignored", 8);
	char *failed = format("Hunk #%u FAILED", number);
	bool was = ignored ||
		   (failed && memmem(left->log, left->end - left->log, failed, strlen(failed)));

	free(failed);
	return was;
}

/* The hunks that weren't applied: how many, and how many of them already are in the source. */
struct tally {
	size_t left, in_kernel, in_diffs, effort;
};

static int look_at_hunk(const struct versions *file, const struct sides *sides, const char *path,
			unsigned int line, struct misfits *misfits, struct tally *tally)
{
	tally->left++;
	tally->effort += (file->now.n + file->kernel.n + 1) * (sides->old.n + sides->new.n + 1);
	if (tally->effort > EFFORT_MAX)
		return 0;
	if (has_lines(&file->kernel, &sides->new)) {
		tally->in_kernel++;
		return 0;
	}
	if (has_lines(&file->now, &sides->new)) {
		tally->in_diffs++;
		return misfits->details.n >= DETAILS_MAX
			       ? 0
			       : strvec_addf(&misfits->details,
					     "an earlier diff has made the hunk in "
					     "line %u, of %s",
					     line, path);
	}
	return compare_hunk(file, sides, path, line, misfits);
}

/* @line: the line of the user's input where the first hunk of the entry begins. */
static int look_at_entry(const struct trees *trees, const struct diff_entry *entry,
			 unsigned int line, const struct left *left, struct misfits *misfits,
			 struct tally *tally)
{
	const char *path = diff_strip(entry->new_path ?: entry->old_path, 1);
	struct versions file = { 0 };
	const char *at = entry->body, *next;
	unsigned int number = 0;
	int err = read_version(trees->original, path, &file.kernel_text, &file.kernel);

	err = err ?: read_version(trees->shadow, path, &file.text, &file.now);
	if (!err && !file.text && misfits->details.n < DETAILS_MAX) {
		tally->left++;
		err = strvec_addf(&misfits->details, "there is no %s", path);
	}
	for (; file.text && at && at < entry->body_end && !err; at = next) {
		struct sides sides;

		err = read_hunk(at, entry->body_end, &sides, &next);
		if (!err && was_left(left, ++number))
			err = look_at_hunk(&file, &sides, path, line, misfits, tally);
		for (const char *c = at; c < next; c++)
			line += *c == '\n';
		free_sides(&sides);
	}
	free(file.kernel.list);
	free(file.now.list);
	free(file.kernel_text);
	free(file.text);
	return err;
}

static enum misfit judge(const struct tally *tally)
{
	if (!tally->left || tally->in_kernel + tally->in_diffs < tally->left)
		return MISFIT_DIFFERS;
	return tally->in_diffs ? MISFIT_IN_DIFFS : MISFIT_IN_KERNEL;
}

int misfits_find(const struct trees *trees, const struct diff *diff, const char *log,
		 struct misfits *misfits)
{
	const char *at = next_entry(log);
	struct diff_list list = { 0 };
	struct tally tally = { 0 };
	char *text = NULL;
	size_t size;
	int err;

	memset(misfits, 0, sizeof(*misfits));
	err = read_file(diff->applied, &text, &size);
	err = err ?: diff_parse(text, &list);
	for (size_t i = 0; i < list.n && i < diff->n_lines && at && !err; i++) {
		const char *next = next_entry(strchr(at, '\n'));
		struct left left = { at, next ?: at + strlen(at) };

		if (memmem(left.log, left.end - left.log, " FAILED", 7) ||
		    memmem(left.log, left.end - left.log, " ignored", 8))
			err = look_at_entry(trees, &list.entries[i], diff->lines[i], &left, misfits,
					    &tally);
		at = next;
	}
	misfits->is = judge(&tally);
	diff_list_free(&list);
	free(text);
	return err == -ENOMEM ? err : 0;
}

void misfits_free(struct misfits *misfits)
{
	strvec_free(&misfits->details);
}
