// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is right alone may be wrong together: a helper that two fixes add, a
 * function that one removes and the other calls. The last fix of the shortest
 * part of the series that is refused is left out, so an earlier fix is kept
 * rather than a later one.
 *
 * It is found by bisection. The first guess is the last fix that changes the
 * file which the error names; if it is right, two trials are enough.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/each/culprit.h"
#include "kpatch-build/each/settle.h"
#include "kpatch-build/progress.h"
#include "lib/text.h"

struct search {
	struct each *each;
	size_t *in; /* the fixes that are in, in their order */
	size_t n;
	enum part_kind kind; /* of trials */
	size_t good, bad; /* the first so many pass; are refused */
	struct trial trial; /* of ->bad */
};

static const char *file_of(const struct trial *trial)
{
	return json_string_value(json_object_get(trial_error(trial), "file")) ?: "";
}

static bool is_refused(const struct trial *trial)
{
	return trial->verdict == VERDICT_REFUSED || trial->verdict == VERDICT_MISFIT;
}

/* Try the first @n of them: ->good or ->bad becomes @n. */
static int probe(struct search *search, size_t n)
{
	struct each *each = search->each;
	bool *set = calloc(each->fixes.n + 1, sizeof(*set));
	struct trial trial = { 0 };
	int err = set ? 0 : diag_oom(each->build->diag);

	for (size_t i = 0; set && i < n; i++)
		set[search->in[i]] = true;
	progress_detail(each->build->progress, "the first %zu of %zu", n, search->n);
	err = err ?: try_fixes(each, search->kind, set, NULL, &trial);
	if (!err && trial.verdict == VERDICT_ERROR)
		err = report_trial(each, &trial);
	if (!err && is_refused(&trial)) {
		trial_end(&search->trial);
		search->trial = trial;
		trial.result = NULL;
		search->bad = n;
	} else if (!err) {
		search->good = n;
	}
	trial_end(&trial);
	free(set);
	return err;
}

/* How many fixes precede the one that the error points to, with it; 0: to none. */
static size_t guess(const struct search *search, const struct trial *refused)
{
	const struct fixes *fixes = &search->each->fixes;
	const char *file = file_of(refused);
	size_t found = 0;

	for (size_t i = 0; i < search->n && *file; i++) {
		const struct fix *fix = &fixes->list[search->in[i]];

		if (!strcmp(fix->path, file))
			return i + 1;
		if (fix_changes(fix, file))
			found = i + 1;
	}
	return found;
}

static int probe_between(struct search *search, size_t n)
{
	return n > search->good && n < search->bad ? probe(search, n) : 0;
}

/* Modules aren't built if --check refuses the same. */
static int choose_kind(struct search *search)
{
	int err;

	search->kind = PART_CHECK;
	search->bad = 0;
	err = probe(search, search->n);
	if (err || search->bad)
		return err;
	search->kind = PART_TRY;
	search->good = 0;
	return probe(search, search->n);
}

static int bisect(struct search *search, const struct trial *refused)
{
	size_t first = guess(search, refused);
	int err = choose_kind(search);

	if (err)
		return err;
	if (!search->bad) /* the last run was refused, and the same fixes pass now */
		return report_trial(search->each, refused);
	err = probe_between(search, first);
	err = err ?: probe_between(search, first - 1);
	while (!err && search->bad - search->good > 1)
		err = probe(search, search->good + (search->bad - search->good) / 2);
	return err;
}

/* "KS326: …; with 0001-x.patch": the fixes before it that may be what it is wrong with. */
static int add_others(struct search *search, struct fix *culprit)
{
	const struct fixes *fixes = &search->each->fixes;
	const char *file = file_of(&search->trial);
	char *why = format("%s, together with", culprit->why ?: ""), *longer;
	size_t n = 0;

	for (size_t i = 0; i + 1 < search->bad && why; i++) {
		const struct fix *other = &fixes->list[search->in[i]];

		if (!fixes_share_file(other, culprit) && !(*file && fix_changes(other, file)))
			continue;
		longer = format("%s%s %s", why, n++ ? "," : "", other->name);
		free(why);
		why = longer;
	}
	if (why && !n) {
		longer = format("%s the fixes before it", why);
		free(why);
		why = longer;
	}
	if (!why)
		return diag_oom(search->each->build->diag);
	if (search->bad > 1) {
		free(culprit->why);
		culprit->why = why;
	} else {
		free(why);
	}
	return 0;
}

static int leave_out(struct search *search)
{
	struct each *each = search->each;
	const size_t culprit = search->in[search->bad - 1];
	int err = settle(each, culprit, FIX_REFUSED, &search->trial);

	err = err ?: add_others(search, &each->fixes.list[culprit]);
	for (size_t i = 0; i < search->n && !err; i++)
		if (fix_is_in(&each->fixes.list[search->in[i]]))
			lacks_other(each, &each->fixes.list[search->in[i]], &err);
	return err;
}

int leave_out_culprit(struct each *each, const struct trial *refused)
{
	struct search search = { .each = each };
	int err;

	search.in = calloc(each->fixes.n + 1, sizeof(*search.in));
	if (!search.in)
		return diag_oom(each->build->diag);
	for (size_t i = 0; i < each->n_order; i++)
		if (fix_is_in(&each->fixes.list[each->order[i]]))
			search.in[search.n++] = each->order[i];
	progress_step(each->build->progress, "find the fix that is wrong with others");
	err = bisect(&search, refused);
	err = err ?: leave_out(&search);
	trial_end(&search.trial);
	free(search.in);
	return err;
}
