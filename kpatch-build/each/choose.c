// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A month of fixes has some that can't be livepatched, and some that build on
 * these. Each fix is tried alone first. One that doesn't apply or compile alone
 * may need others: they are looked for among those that change a file of the
 * same name, and those that bring a name which the compiler misses; then those
 * that aren't needed are dropped again, one by one.
 *
 * What is right alone may be wrong together: the same helper twice, a function
 * that one removes and the other calls. Then the fix is looked for with which
 * the series begins to be wrong, by bisection that starts where the error points.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/each/choose.h"
#include "kpatch-build/each/settle.h"
#include "kpatch-build/progress.h"
#include "lib/array.h"
#include "lib/text.h"

static const char *text_of(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key)) ?: "";
}

/* Words of types that are in quotes with the names that count. */
static const char *const keywords[] = {
	"struct", "union", "enum",  "const",	"volatile", "static", "inline", "void",	  "int",
	"char",	  "long",  "short", "unsigned", "signed",   "bool",   "return", "sizeof", "size_t",
};

static bool is_keyword(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(keywords); i++)
		if (!strcmp(keywords[i], word))
			return true;
	return false;
}

/* Does @fix add @word, which begins at @at? Its length is *@n. */
static bool adds_word(const struct fix *fix, const char *at, size_t *n)
{
	char word[128];

	*n = 0;
	while (isalnum((unsigned char)at[*n]) || at[*n] == '_')
		++*n;
	if (!*n || *n >= sizeof(word))
		return false;
	memcpy(word, at, *n);
	word[*n] = '\0';
	return !is_keyword(word) && text_has_word(fix->added, word);
}

#define OPENING "\u2018"
#define CLOSING "\u2019"

/* Does it add a name that @line has in quotes, as GCC writes them, and our messages? */
static bool adds_quoted_word(const struct fix *fix, const char *line)
{
	bool quoted = false;
	size_t n;

	for (; *line; line += n ?: 1) {
		n = 0;
		if (str_starts(line, OPENING) || str_starts(line, CLOSING)) {
			quoted = str_starts(line, OPENING);
			n = strlen(OPENING);
		} else if (*line == '\'') {
			quoted = !quoted;
		} else if (quoted && adds_word(fix, line, &n)) {
			return true;
		}
	}
	return false;
}

/* Does @fix bring a name that an error of @trial mentions? */
static bool brings_name(const struct fix *fix, const struct trial *trial)
{
	const json_t *row, *detail;
	size_t i, k;

	json_array_foreach(json_object_get(trial->result, "diagnostics"), i, row) {
		if (strcmp(text_of(row, "severity"), "error"))
			continue;
		if (adds_quoted_word(fix, text_of(row, "message")))
			return true;
		json_array_foreach(json_object_get(row, "details"), k, detail) {
			const char *error = strstr(json_string_value(detail), " error: ");

			if (error && adds_quoted_word(fix, error))
				return true;
		}
	}
	return false;
}

static void add_with_needs(const struct each *each, bool *set, size_t i)
{
	set[i] = true;
	for (size_t k = 0; k < each->fixes.n; k++)
		set[k] = set[k] || each->fixes.list[i].needs[k];
}

static bool may_be_applied(const struct fix *fix)
{
	return fix->fate != FIX_NOT_NEEDED;
}

/* Add to @set the fixes that are placed and may be what @i lacks. True if there are new ones. */
static bool add_candidates(const struct each *each, size_t i, const struct trial *trial, bool *set)
{
	bool any = false;

	for (size_t k = 0; k < each->n_order; k++) {
		const size_t other = each->order[k];
		const struct fix *fix = &each->fixes.list[other];

		if (set[other] || !may_be_applied(fix) ||
		    (!fixes_share_file(fix, &each->fixes.list[i]) && !brings_name(fix, trial)))
			continue;
		add_with_needs(each, set, other);
		any = true;
	}
	return any;
}

/* Take @other, and those that need it, out of @set. */
static void remove_with_users(const struct each *each, bool *set, size_t other)
{
	set[other] = false;
	for (size_t k = 0; k < each->fixes.n; k++)
		if (each->fixes.list[k].needs[other])
			set[k] = false;
}

/* Drop from @set what @i doesn't need: the later ones first, as they may need the earlier ones. */
static int drop_unneeded(struct each *each, size_t i, bool *set, struct trial *trial)
{
	size_t n = each->fixes.n;
	bool *less = calloc(n + 1, sizeof(*less));
	int err = less ? 0 : diag_oom(each->build->diag);

	for (size_t k = each->n_order; k-- > 0 && !err;) {
		struct trial one = { 0 };

		if (!set[each->order[k]])
			continue;
		memcpy(less, set, n * sizeof(*less));
		remove_with_users(each, less, each->order[k]);
		err = try_fixes(each, PART_CHECK, less, NULL, &one);
		if (!err && one.verdict != VERDICT_MISFIT && one.verdict != VERDICT_ERROR) {
			memcpy(set, less, n * sizeof(*set));
			trial_end(trial);
			*trial = one;
		} else {
			trial_end(&one);
		}
	}
	free(less);
	return err;
}

/*
 * *@trial is that of @i alone, a misfit. Find the placed fixes without which it doesn't fit: its
 * ->needs. *@trial becomes that with them, if there are any; else it stays a misfit.
 */
static int find_needs(struct each *each, size_t i, struct trial *trial)
{
	struct fix *fix = &each->fixes.list[i];
	size_t n = each->fixes.n;
	bool *set = calloc(n + 1, sizeof(*set));
	struct trial with = { 0 };
	int err = set ? 0 : diag_oom(each->build->diag);

	if (!err)
		set[i] = true;
	progress_detail(each->build->progress, "%s: which others does it need?", fix->name);
	while (!err && add_candidates(each, i, with.result ? &with : trial, set)) {
		trial_end(&with);
		err = try_fixes(each, PART_CHECK, set, NULL, &with);
		if (!err && with.verdict != VERDICT_MISFIT)
			break;
	}
	if (!err && with.result && with.verdict != VERDICT_MISFIT &&
	    with.verdict != VERDICT_ERROR) {
		err = drop_unneeded(each, i, set, &with);
		set[i] = false;
		memcpy(fix->needs, set, n * sizeof(*set));
		trial_end(trial);
		*trial = with;
		with.result = NULL;
	}
	trial_end(&with);
	free(set);
	return err;
}

static int judge(struct each *each, size_t i, const struct trial *trial)
{
	static const enum fate fates[] = {
		[VERDICT_GOOD] = FIX_IN,
		[VERDICT_UNCHANGED] = FIX_UNCHANGED,
		[VERDICT_NOT_NEEDED] = FIX_NOT_NEEDED,
		[VERDICT_MISFIT] = FIX_REFUSED,
		[VERDICT_REFUSED] = FIX_REFUSED,
	};
	int err = 0;

	if (lacks_other(each, &each->fixes.list[i], &err))
		return err;
	if (trial->verdict == VERDICT_ERROR)
		return report_trial(each, trial);
	return settle(each, i, fates[trial->verdict], trial);
}

/* Place the fixes that fit on those that are placed; *@any: there were some. */
static int place_some(struct each *each, struct trial *trials, bool *placed, bool *any)
{
	int err = 0;

	*any = false;
	for (size_t i = 0; i < each->fixes.n && !err; i++) {
		if (placed[i])
			continue;
		if (trials[i].verdict == VERDICT_MISFIT)
			err = find_needs(each, i, &trials[i]);
		if (err || trials[i].verdict == VERDICT_MISFIT)
			continue;
		err = judge(each, i, &trials[i]);
		placed[i] = *any = true;
		each->order[each->n_order++] = i;
	}
	return err;
}

static int judge_rest(struct each *each, const struct trial *trials, const bool *placed)
{
	int err = 0;

	for (size_t i = 0; i < each->fixes.n && !err; i++)
		if (!placed[i])
			err = judge(each, i, &trials[i]);
	return err;
}

/* The kernel is built without a file that another fix adds. */
static bool changes_new_file(const struct each *each, size_t i)
{
	const struct fix *fix = &each->fixes.list[i];

	for (size_t k = 0; k < each->fixes.n; k++)
		for (size_t f = 0; f < each->fixes.list[k].n_files && k != i; f++)
			if (each->fixes.list[k].files[f].added &&
			    fix_changes(fix, each->fixes.list[k].files[f].name))
				return true;
	return false;
}

/* Does @fix include a file that @other changes? */
static bool includes_file_of(const struct fix *fix, const struct fix *other)
{
	for (const char *line = fix->added; line; line = strchr(line, '\n')) {
		size_t n;

		line += *line == '\n';
		n = strcspn(line, "\n");
		if (!str_starts(line + strspn(line, " \t"), "#"))
			continue;
		for (size_t f = 0; f < other->n_files; f++) {
			const char *name = other->files[f].name;

			if (memmem(line, n, "include", 7) && memmem(line, n, name, strlen(name)))
				return true;
		}
	}
	return false;
}

/* A change of a header that nothing reads counts if a fix that is in begins to read it. */
static void take_included_headers(struct each *each)
{
	for (size_t i = 0; i < each->fixes.n; i++) {
		struct fix *fix = &each->fixes.list[i];

		for (size_t k = 0; k < each->fixes.n && fix->fate == FIX_NOT_NEEDED; k++)
			if (fix_is_in(&each->fixes.list[k]) && !fix->is_there &&
			    includes_file_of(&each->fixes.list[k], fix))
				fix->fate = FIX_UNCHANGED;
	}
}

int choose_fixes(struct each *each)
{
	size_t n = each->fixes.n;
	struct trial *trials = calloc(n + 1, sizeof(*trials));
	bool *placed = calloc(n + 1, sizeof(*placed)), any = true;
	int err = trials && placed ? 0 : diag_oom(each->build->diag);

	progress_step(each->build->progress, "try %zu fix%s alone", n, n == 1 ? "" : "es");
	err = err ?: try_all_alone(each, trials);
	for (size_t i = 0; i < n && !err; i++)
		if (trials[i].verdict == VERDICT_NOT_NEEDED && changes_new_file(each, i))
			trials[i].verdict = VERDICT_MISFIT;
	progress_step(each->build->progress, "find what the fixes need");
	while (any && !err)
		err = place_some(each, trials, placed, &any);
	err = err ?: judge_rest(each, trials, placed);
	if (!err)
		take_included_headers(each);
	for (size_t i = 0; trials && i < n; i++)
		trial_end(&trials[i]);
	free(trials);
	free(placed);
	return err;
}
