// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Collecting problems must not lose one: when memory runs out here, a problem
 * that could not be kept still counts as an error, so that no tool reports
 * success because its report did not fit.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/diag-fold.h"
#include "lib/diag-private.h"
#include "lib/text.h"

struct diag *diag_new(const char *tool)
{
	struct diag *diag = calloc(1, sizeof(*diag));

	if (!diag)
		return NULL;
	diag->tool = strdup(tool);
	if (!diag->tool) {
		free(diag);
		return NULL;
	}
	diag->tail = &diag->first;
	return diag;
}

static void problem_free(struct problem *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n_details; i++)
		free(p->details[i]);
	free(p->details);
	free(p->file);
	free(p->function);
	free(p->message);
	free(p);
}

void diag_free(struct diag *diag)
{
	struct problem *p, *next;

	if (!diag)
		return;
	for (p = diag->first; p; p = next) {
		next = p->next;
		problem_free(p);
	}
	free(diag->tool);
	free(diag);
}

static char *copy_printable(const char *text)
{
	char *copy = strdup(text);

	if (copy)
		text_make_printable(copy);
	return copy;
}

/* Takes ownership of @message, which is NULL when memory ran out. */
static struct problem *problem_new(enum severity severity, const char *code,
				   const struct diag_place *place, char *message)
{
	struct problem *p = calloc(1, sizeof(*p));

	if (!p || !message)
		goto no_memory;
	p->severity = severity;
	p->code = diag_code_lookup(code);
	if (!p->code) {
		fprintf(stderr, "defect: %s is not in diag-codes.c\n", code);
		abort();
	}
	if (p->code->class == DIAG_WARNING && severity == ERROR) {
		fprintf(stderr, "defect: %s is a warning\n", code);
		abort();
	}
	text_make_printable(message);
	p->message = message;
	if (place) {
		p->line = place->line;
		if (place->file && !(p->file = copy_printable(place->file)))
			goto no_memory_but_message;
		if (place->function && !(p->function = copy_printable(place->function)))
			goto no_memory_but_message;
	}
	return p;

no_memory_but_message:
	p->message = NULL;
no_memory:
	free(message);
	problem_free(p);
	return NULL;
}

void diag_translate_lines(struct diag *diag, diag_translate_fn translate, void *arg)
{
	for (struct problem *p = diag->first; p; p = p->next)
		if (p->file && p->line)
			p->line = translate(p->file, p->line, arg);
}

static void append(struct diag *diag, struct problem *p)
{
	if (!p) {
		diag->out_of_memory = true;
		return;
	}
	p->next = NULL;
	*diag->tail = p;
	diag->tail = &p->next;
	diag->last = p;
	if (p->severity == ERROR)
		diag->n_errors++;
	else
		diag->n_warnings++;
}

static void __attribute__((format(printf, 5, 0)))
report(struct diag *diag, enum severity severity, const char *code, const struct diag_place *place,
       const char *fmt, va_list args)
{
	char *message = NULL;

	if (vasprintf(&message, fmt, args) < 0)
		message = NULL;
	append(diag, problem_new(severity, code, place, message));
}

int diag_error(struct diag *diag, const char *code, const struct diag_place *place, const char *fmt,
	       ...)
{
	va_list args;

	va_start(args, fmt);
	report(diag, ERROR, code, place, fmt, args);
	va_end(args);
	return -EINVAL;
}

void diag_warning(struct diag *diag, const char *code, const struct diag_place *place,
		  const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	report(diag, WARNING, code, place, fmt, args);
	va_end(args);
}

/* Takes ownership of @line (NULL: out of memory). */
static void add_detail(struct diag *diag, struct problem *p, char *line)
{
	char **details;

	details = line ? reallocarray(p->details, p->n_details + 1, sizeof(*details)) : NULL;
	if (!details) {
		free(line);
		diag->out_of_memory = true;
		return;
	}
	text_make_printable(line);
	details[p->n_details++] = line;
	p->details = details;
}

void diag_detail(struct diag *diag, const char *fmt, ...)
{
	char *line = NULL;
	va_list args;

	if (!diag->last)
		return;
	va_start(args, fmt);
	if (vasprintf(&line, fmt, args) < 0)
		line = NULL;
	va_end(args);
	add_detail(diag, diag->last, line);
}

int diag_oom(struct diag *diag)
{
	diag->out_of_memory = true;
	return -ENOMEM;
}

int diag_errno(struct diag *diag, int err, const char *path, const char *doing)
{
	if (err == ENOMEM)
		return diag_oom(diag);
	diag_error(diag, "KS901", NULL, "can't %s '%s': %s", doing, path, strerror(err));
	return -err;
}

size_t diag_errors(const struct diag *diag)
{
	return diag->n_errors + diag->out_of_memory;
}

size_t diag_warnings(const struct diag *diag)
{
	return diag->n_warnings;
}

bool diag_has(const struct diag *diag, const char *code)
{
	if (diag->out_of_memory && !strcmp(code, "KS900"))
		return true;
	for (const struct problem *p = diag->first; p; p = p->next)
		if (!strcmp(p->code->code, code))
			return true;
	return false;
}

bool diag_has_error(const struct diag *diag, const char *code)
{
	if (diag->out_of_memory && !strcmp(code, "KS900"))
		return true;
	for (const struct problem *p = diag->first; p; p = p->next)
		if (p->severity == ERROR && !strcmp(p->code->code, code))
			return true;
	return false;
}

static bool has_class(const struct diag *diag, enum diag_class class, enum severity least)
{
	if (diag->out_of_memory && diag_code_lookup("KS900")->class == class)
		return true;
	for (const struct problem *p = diag->first; p; p = p->next)
		if (p->severity >= least && p->code->class == class)
			return true;
	return false;
}

bool diag_has_class(const struct diag *diag, enum diag_class class)
{
	return has_class(diag, class, WARNING);
}

bool diag_has_error_of_class(const struct diag *diag, enum diag_class class)
{
	return has_class(diag, class, ERROR);
}

size_t diag_count(const struct diag *diag, const char *code)
{
	size_t n = 0;

	for (const struct problem *p = diag->first; p; p = p->next)
		n += p->severity == ERROR && !strcmp(p->code->code, code);
	return n;
}

void diag_take(struct diag *to, struct diag *from)
{
	struct problem *p, *next;

	for (p = from->first; p; p = next) {
		next = p->next;
		append(to, p);
	}
	to->out_of_memory |= from->out_of_memory;
	from->first = NULL;
	from->tail = &from->first;
	from->last = NULL;
	from->n_errors = from->n_warnings = 0;
	from->out_of_memory = false;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool has_problem(const struct diag *diag, const struct problem *like)
{
	for (const struct problem *p = diag->first; p; p = p->next)
		if (p->code == like->code && p->line == like->line &&
		    same_text(p->file, like->file) && same_text(p->function, like->function) &&
		    same_text(p->message, like->message))
			return true;
	return false;
}

void diag_take_new(struct diag *to, struct diag *from)
{
	struct problem *p, *next;

	for (p = from->first; p; p = next) {
		next = p->next;
		if (has_problem(to, p))
			problem_free(p);
		else
			append(to, p);
	}
	from->first = NULL;
	diag_take(to, from);
}

/*
 * Printing. The reason and the remedy belong to the code, not to the single
 * problem. They are printed after the first problem with that code only, so that
 * thirty changed variables don't print one sentence thirty times.
 */
struct style {
	const char *bold, *error, *warning, *end;
};

static struct style style_for(FILE *out)
{
	static const struct style plain = { "", "", "", "" };
	static const struct style colour = { "\033[1m", "\033[1;31m", "\033[1;35m", "\033[0m" };
	const char *no_color = getenv("NO_COLOR");

	/* https://no-color.org: set and not empty */
	if ((no_color && *no_color) || !isatty(fileno(out)))
		return plain;
	return colour;
}

static void print_reason(const struct diag_code *code, FILE *out)
{
	fprintf(out, "    %s\n", code->why);
	fprintf(out, "    → %s (kpatch-build --explain %s)\n", code->remedy, code->code);
}

static void print_place(const struct diag *diag, const struct problem *p, FILE *out)
{
	if (!p->file) {
		fprintf(out, "%s", diag->tool);
		if (p->function)
			fprintf(out, ": %s()", p->function);
	} else {
		fprintf(out, "%s", p->file);
		if (p->line)
			fprintf(out, ":%u", p->line);
		else if (p->function)
			fprintf(out, ": %s()", p->function);
	}
}

static void print_problem(const struct diag *diag, const struct problem *p, bool reason, FILE *out)
{
	struct style style = style_for(out);

	fprintf(out, "%s", style.bold);
	print_place(diag, p, out);
	fprintf(out, "%s: %s%s%s%s: %s", style.end,
		p->severity == ERROR ? style.error : style.warning,
		p->severity == ERROR ? "" : "warning ", p->code->code, style.end, p->code->what);
	if (*p->message)
		fprintf(out, ": %s", p->message);
	fputc('\n', out);
	for (size_t i = 0; i < p->n_details; i++)
		fprintf(out, "    %s\n", p->details[i]);
	if (reason)
		print_reason(p->code, out);
}

static void print_severity(const struct diag *diag, enum severity severity, FILE *out)
{
	const struct problem *p, *earlier;

	for (p = diag->first; p; p = p->next) {
		if (p->severity != severity || p->cause)
			continue;
		for (earlier = diag->first; earlier != p; earlier = earlier->next)
			if (earlier->severity == severity && earlier->code == p->code &&
			    !earlier->cause)
				break;
		print_problem(diag, p, earlier == p, out);
		print_consequences(p, out);
	}
}

void diag_print(const struct diag *diag, FILE *out)
{
	print_severity(diag, WARNING, out);
	print_severity(diag, ERROR, out);
	if (diag->out_of_memory) {
		const struct diag_code *code = diag_code_lookup("KS900");

		fprintf(out, "%s: %s: %s\n", diag->tool, code->code, code->what);
		print_reason(code, out);
	}
}

bool diag_explain(const char *name, FILE *out)
{
	const struct diag_code *code = diag_code_lookup(name);

	if (!code)
		return false;
	fprintf(out, "%s: %s\n\nWhy:  %s\nDo:   %s\n", code->code, code->what, code->why,
		code->remedy);
	return true;
}
