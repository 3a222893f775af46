// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One new member of a structure changes every function that uses the structure.
 * Those that can't be livepatched for another reason are refused as well: the
 * nine init functions of /proc come before the structure that explains them, and
 * an author who starts with the first message changes code that was right.
 *
 * So a problem with a cause is listed below it. Nothing is dropped: both count
 * as errors, and JSON has both.
 */
#include <string.h>

#include "lib/array.h"
#include "lib/diag-fold.h"
#include "lib/diag-private.h"

/*
 * An error of code @consequence at a place that the diff doesn't edit is explained by an error of
 * code @cause. What the diff edits may be wrong by itself, so it is never folded.
 */
static const struct {
	const char *cause, *consequence;
	const char *why;
} causes[] = {
	{ "KS350", "KS102", "a function that ftrace can't redirect uses the changed type" },
	{ "KS350", "KS103", "init code uses the changed type, by new offsets" },
	{ "KS350", "KS104", "an initialised variable of the type has its members elsewhere" },
	{ "KS350", "KS105", "a variable of the type grows, or is aligned in another way" },
	{ "KS350", "KS106", "a constant of the type has its members elsewhere" },
	{ "KS350", "KS109", "an entry of a list is of the type, or its size is computed from it" },
	{ "KS350", "KS124", "an exit function uses the changed type" },
	{ "KS350", "KS140", "a function that tasks never leave uses the changed type" },
	{ "KS350", "KS145", "the same, on each machine" },
	{ "KS350", "KS160", "data whose meaning isn't known has the changed layout" },
	{ "KS350", "KS385", "a function that the core redirects uses the changed type" },
	{ "KS105", "KS102", "a function that ftrace can't redirect uses the variable's size" },
	{ "KS105", "KS103", "init code uses the variable's size" },
	{ "KS105", "KS104", "the initial value of another variable contains the size" },
	{ "KS105", "KS106", "a constant contains the size" },
	{ "KS105", "KS124", "an exit function uses the variable's size" },
	{ "KS128", "KS102", "a caller that ftrace can't redirect passes other arguments" },
	{ "KS128", "KS103", "a caller in init code passes other arguments" },
	{ "KS128", "KS124", "a caller in an exit function passes other arguments" },
	{ "KS141", "KS102", "a caller that ftrace can't redirect passes other arguments" },
	{ "KS141", "KS103", "a caller in init code passes other arguments" },
	{ "KS141", "KS124", "a caller in an exit function passes other arguments" },
};

static bool explains(const struct problem *cause, const struct problem *p)
{
	for (size_t i = 0; i < ARRAY_SIZE(causes); i++)
		if (!strcmp(causes[i].cause, cause->code->code) &&
		    !strcmp(causes[i].consequence, p->code->code))
			return true;
	return false;
}

/* A cause of a cause explains all: the first row of the table that fits wins. */
static struct problem *cause_of(struct diag *diag, const struct problem *p)
{
	for (size_t i = 0; i < ARRAY_SIZE(causes); i++)
		for (struct problem *q = diag->first; q; q = q->next)
			if (q->severity == ERROR && q != p &&
			    !strcmp(causes[i].cause, q->code->code) && !q->cause && explains(q, p))
				return q;
	return NULL;
}

/* Take the problems that @which selects out of the list @from, and put them at *@tail. */
static struct problem **move(struct problem **from, struct problem **tail,
			     bool (*which)(const struct problem *p, const struct problem *cause),
			     const struct problem *cause)
{
	while (*from) {
		struct problem *p = *from;

		if (!which(p, cause)) {
			from = &p->next;
			continue;
		}
		*from = p->next;
		p->next = NULL;
		*tail = p;
		tail = &p->next;
	}
	return tail;
}

static bool is_cause(const struct problem *p, const struct problem *cause)
{
	return p->n_consequences;
}

static bool is_consequence(const struct problem *p, const struct problem *cause)
{
	return p->cause == cause;
}

static bool is_any(const struct problem *p, const struct problem *cause)
{
	return true;
}

/* Warnings keep their places among themselves: the tools print them before the errors anyway. */
static void put_causes_first(struct diag *diag)
{
	struct problem *rest = diag->first, *first = NULL, **tail = &first;

	tail = move(&rest, tail, is_cause, NULL);
	for (struct problem *cause = first; cause && cause->n_consequences;) {
		struct problem *next = cause->next, *own = NULL, **end;

		end = move(&rest, &own, is_consequence, cause);
		if (own) {
			cause->next = own;
			*end = next;
			tail = next ? tail : end;
		}
		cause = next;
	}
	tail = move(&rest, tail, is_any, NULL);
	diag->first = first;
	diag->tail = tail;
	for (struct problem *p = first; p; p = p->next)
		diag->last = p;
}

void diag_fold(struct diag *diag, diag_unedited_fn is_unedited, void *arg)
{
	bool any = false;

	for (struct problem *p = diag->first; p; p = p->next) {
		struct diag_place place = { p->file, p->line, p->function };
		struct problem *cause = p->severity == ERROR && !p->cause && !p->n_consequences
						? cause_of(diag, p)
						: NULL;

		if (!cause || !is_unedited(&place, arg))
			continue;
		p->cause = cause;
		cause->n_consequences++;
		any = true;
	}
	if (any)
		put_causes_first(diag);
}

static size_t count_of(const struct problem *cause, const struct diag_code *code)
{
	size_t n = 0;

	for (const struct problem *p = cause->next; p && p->cause == cause; p = p->next)
		n += p->code == code;
	return n;
}

static bool is_first_of(const struct problem *cause, const struct problem *p)
{
	for (const struct problem *q = cause->next; q != p; q = q->next)
		if (q->code == p->code)
			return false;
	return true;
}

static void print_those_of(const struct problem *cause, const struct diag_code *code, FILE *out)
{
	fprintf(out, "      %s %s (%zu)\n", code->code, code->what, count_of(cause, code));
	for (const struct problem *p = cause->next; p && p->cause == cause; p = p->next) {
		if (p->code != code)
			continue;
		fprintf(out, "        %s:%u: %s\n", p->file, p->line, p->message);
		for (size_t i = 0; i < p->n_details; i++)
			fprintf(out, "            %s\n", p->details[i]);
	}
}

void print_consequences(const struct problem *cause, FILE *out)
{
	if (!cause->n_consequences)
		return;
	fprintf(out,
		"    %zu more error%s that probably follow%s from it, where the diff edits nothing:\n",
		cause->n_consequences, cause->n_consequences == 1 ? "" : "s",
		cause->n_consequences == 1 ? "s" : "");
	for (const struct problem *p = cause->next; p && p->cause == cause; p = p->next)
		if (is_first_of(cause, p))
			print_those_of(cause, p->code, out);
}
