// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A macro is a number that the compiler has forgotten: if FLAG_BUSY is 4 and
 * becomes 8, the new functions agree with each other, but the objects that the
 * old ones marked are still marked with 4. The same holds for values that old
 * code, other modules and user space have. Debug information doesn't show it,
 * and the changed code is part of the livepatch like any other.
 *
 * Only the author can tell a flag from the length of a timeout. So each macro
 * that is used before and after, and whose value differs, is named in a warning
 * (KS394), and each new one that has the value of one that is gone (KS179). Other
 * new macros, and those that lose every user, are not.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/build.h"
#include "kpatch-build/compile/command.h"
#include "kpatch-build/compile/compile.h"
#include "lib/files.h"
#include "kpatch-build/check/c-token.h"
#include "kpatch-build/check/macro-places.h"
#include "kpatch-build/check/macro-set.h"
#include "kpatch-build/check/macro-successor.h"
#include "lib/process.h"
#include "kpatch-build/run.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/check/constant-expression.h"
#include "kpatch-build/progress.h"
#include "lib/text.h"

static const char *const text_flags[] = { "-E", "-P", "-dU", "-w" };

/* The original and the patched side of a unit. */
struct sides {
	const struct job *job;
	const struct kernel *kernel;
	const struct series *series;
	struct trees *trees;
	const struct unit *unit;
	struct macro_set old, new;
	bool enumerators_differ;
	struct diag *diag;
};

static int make_command(const struct job *job, const struct trees *trees, const struct unit *unit,
			const char *root, const char *output, struct command *command)
{
	struct diag_place place = { .file = unit->source };
	char *depfile = format("%s.d", output);
	struct command_paths paths = { trees->original, root, unit->goal, output, depfile };
	int err = depfile ? command_parse(unit->command, &paths, command) : -ENOMEM;

	err = err ?: add_author_folder(job, command);
	for (size_t i = 0; i < ARRAY_SIZE(text_flags) && !err; i++)
		err = command_add_word(command, 0, text_flags[i]);
	free(depfile);
	if (err == -ENOMEM)
		return diag_oom(job->diag);
	return err ? diag_error(job->diag, "KS327", &place, "%.200s…", unit->command) : 0;
}

/* Report the output of those that failed, if @err is set. */
static int end_both(const struct job *job, const struct kernel *kernel, const struct trees *trees,
		    const struct unit *unit, struct process processes[2], int err)
{
	for (size_t i = 0; i < 2; i++) {
		if (err && processes[i].status)
			report_compiler(job, trees, unit->source, &processes[i]);
		process_end(&processes[i]);
	}
	if (err && !diag_errors(job->diag))
		diag_errno(job->diag, -err, kernel->cc, "run");
	return err;
}

static int read_set(const char *path, struct macro_set *set, struct diag *diag)
{
	char *text = NULL;
	size_t size;
	int err = read_file(path, &text, &size);

	if (err)
		diag_errno(diag, -err, path, "read");
	else if (macro_set_read(set, text))
		err = diag_oom(diag);
	free(text);
	return err;
}

static int preprocess_both(struct sides *sides)
{
	const char *roots[2] = { sides->trees->original, sides->trees->numbered };
	char *outputs[2] = { path_join(sides->unit->dir, "macros-old", NULL),
			     path_join(sides->unit->dir, "macros-new", NULL) };
	struct command commands[2] = { 0 };
	struct process processes[2] = { 0 };
	int err = outputs[0] && outputs[1] ? 0 : diag_oom(sides->job->diag);

	for (size_t i = 0; i < 2 && !err; i++) {
		err = make_command(sides->job, sides->trees, sides->unit, roots[i], outputs[i],
				   &commands[i]);
		if (!err) {
			processes[i].argv = commands[i].steps[0].list;
			processes[i].cwd = sides->kernel->build;
		}
	}
	if (!err)
		err = end_both(sides->job, sides->kernel, sides->trees, sides->unit, processes,
			       process_run_all(processes, 2, sides->job->options.jobs, NULL, NULL));
	err = err ?: read_set(outputs[0], &sides->old, sides->job->diag);
	err = err ?: read_set(outputs[1], &sides->new, sides->job->diag);
	for (size_t i = 0; i < 2; i++) {
		command_free(&commands[i]);
		free(outputs[i]);
	}
	return err;
}

static int take_expansions(const char *path, struct macro_set *set, struct diag *diag)
{
	char *text = NULL;
	size_t size;
	int err = read_file(path, &text, &size);

	if (err)
		diag_errno(diag, -err, path, "read");
	else if (macro_set_take(set, text))
		err = diag_oom(diag);
	free(text);
	return err;
}

/* Expand both sets once. *@again: some macros can't be expanded, and are left out from now on. */
static int expand_once(struct sides *sides, bool *again)
{
	struct macro_set *sets[2] = { &sides->old, &sides->new };
	char *inputs[2] = { path_join(sides->unit->dir, "expand-old.c", NULL),
			    path_join(sides->unit->dir, "expand-new.c", NULL) };
	char *outputs[2] = { path_join(sides->unit->dir, "expanded-old", NULL),
			     path_join(sides->unit->dir, "expanded-new", NULL) };
	const char *argv[2][10];
	struct process processes[2] = { 0 };
	int err = 0;

	for (size_t i = 0; i < 2 && !err; i++) {
		char *text = macro_set_to_expand(sets[i]);

		if (!inputs[i] || !outputs[i] || !text)
			err = diag_oom(sides->job->diag);
		else if ((err = write_file_atomic(inputs[i], text, strlen(text), 0644)))
			diag_errno(sides->job->diag, -err, inputs[i], "write");
		free(text);
		memcpy(argv[i],
		       ((const char *[]){ sides->kernel->cc, "-E", "-P", "-w", "-undef",
					  "-nostdinc", inputs[i], "-o", outputs[i], NULL }),
		       sizeof(argv[i]));
		processes[i].argv = argv[i];
	}
	if (!err) {
		err = process_run_all(processes, 2, sides->job->options.jobs, NULL, NULL);
		for (size_t i = 0; i < 2 && err == -ECHILD; i++)
			*again |= processes[i].log &&
				  macro_set_leave_out(sets[i], processes[i].log);
		err = end_both(sides->job, sides->kernel, sides->trees, sides->unit, processes,
			       *again ? 0 : err);
	}
	for (size_t i = 0; i < 2; i++) {
		if (!*again)
			err = err ?: take_expansions(outputs[i], sets[i], sides->job->diag);
		free(inputs[i]);
		free(outputs[i]);
	}
	return err;
}

/* A list of calls of a macro whose definition changed (tracing headers): left out one by one. */
static int expand_both(struct sides *sides)
{
	bool again;
	int err;

	macro_sets_choose_calls(&sides->old, &sides->new);
	do {
		again = false;
		err = expand_once(sides, &again);
	} while (!err && again);
	return err;
}

static bool same_tokens(const char *a, const char *b)
{
	const char *a_end = a + strlen(a), *b_end = b + strlen(b);

	for (;;) {
		size_t n, m;
		const char *x = c_token(&a, a_end, &n), *y = c_token(&b, b_end, &m);

		if (!x || !y)
			return x == y;
		if (n != m || memcmp(x, y, n))
			return false;
	}
}

/* "16 (0x10)", or the text itself on one line, cut to the length of a message. */
static char *value_text(const struct macro *macro, const struct constant *value)
{
	long long number = value ? (long long)value->value : 0;
	char *text;

	if (value && !value->is_unsigned && number < 10)
		return format("%lld", number);
	if (value)
		return value->value < 10 ? format("%llu", value->value)
					 : format("%llu (0x%llx)", value->value, value->value);
	text = format("%.60s%s", macro->body, strlen(macro->body) > 60 ? "…" : "");
	return text;
}

static void warn(struct sides *sides, const char *name, const struct macro *old,
		 const struct macro *new, const struct constant *before,
		 const struct constant *after)
{
	struct diag_place place = { 0 };
	char *from = value_text(old, before), *to = value_text(new, after);
	char *file = macro_place(sides->series, sides->trees, sides->unit, new, &place.line,
				 sides->job->diag);

	place.file = file ?: sides->unit->source;
	if (from && to)
		diag_warning(sides->diag, "KS394", &place, "'%s' was %s, and is %s now", name, from,
			     to);
	else
		diag_oom(sides->diag);
	free(file);
	free(from);
	free(to);
}

static void compare(struct sides *sides, const struct macro *old, const struct macro *new)
{
	size_t n_old = strlen(old->expansion), n_new = strlen(new->expansion);
	struct constant before, after;
	bool same = same_tokens(old->expansion, new->expansion), known;

	if (same && !sides->enumerators_differ)
		return;
	known = constant_evaluate(old->expansion, n_old, macro_set_enumerator, &sides->old,
				  &before) &&
		constant_evaluate(new->expansion, n_new, macro_set_enumerator, &sides->new, &after);
	if (known ? before.value != after.value
		  : !same &&
			    constant_looks_like(old->expansion, n_old, macro_set_enumerator,
						&sides->old) &&
			    constant_looks_like(new->expansion, n_new, macro_set_enumerator,
						&sides->new))
		warn(sides, new->name, old, new, known ? &before : NULL, known ? &after : NULL);
}

/*
 * Compare one call of each side, which ends at a ';' or at the end: do both have a value, and do
 * they differ?
 */
static bool value_differs(struct sides *sides, const char *old, const char *new,
			  struct constant *before, struct constant *after)
{
	return constant_evaluate(old, strcspn(old, ";"), macro_set_enumerator, &sides->old,
				 before) &&
	       constant_evaluate(new, strcspn(new, ";"), macro_set_enumerator, &sides->new,
				 after) &&
	       before->value != after->value;
}

/* If it isn't constant for constant arguments it is code, which is compared where it is used. */
static void compare_calls(struct sides *sides, const struct macro *old, const struct macro *new)
{
	const char *call = new->calls, *x = old->expansion, *y = new->expansion;
	struct constant before, after;

	for (;;) {
		if (value_differs(sides, x, y, &before, &after)) {
			char *name = strndup(call, strcspn(call, ";"));

			warn(sides, name ?: new->name, old, new, &before, &after);
			free(name);
			return;
		}
		if (!strchr(call, ';') || !strchr(x, ';') || !strchr(y, ';'))
			return;
		call = strchr(call, ';') + 1;
		x = strchr(x, ';') + 1;
		y = strchr(y, ';') + 1;
	}
}

/* @new has no older definition: does it have the value of a macro that is gone? */
static int compare_new(struct sides *sides, const struct macro *new)
{
	struct diag_place place = { 0 };
	const struct macro *old;
	struct constant value;
	char *file, *text;
	int err = macro_predecessor(sides->series, sides->trees, &sides->old, &sides->new, new,
				    &old, &value, sides->job->diag);

	if (err || !old)
		return err;
	text = value_text(new, &value);
	file = macro_place(sides->series, sides->trees, sides->unit, new, &place.line,
			   sides->job->diag);
	place.file = file ?: sides->unit->source;
	if (text)
		diag_warning(sides->diag, "KS179", &place, "'%s' is %s, as '%s' was", new->name,
			     text, old->name);
	free(file);
	free(text);
	return text ? 0 : diag_oom(sides->job->diag);
}

static int compare_unit(const struct job *job, const struct kernel *kernel,
			const struct series *series, struct trees *trees, const struct unit *unit,
			struct diag *diag)
{
	struct sides sides = { .job = job,
			       .kernel = kernel,
			       .series = series,
			       .trees = trees,
			       .unit = unit,
			       .diag = diag };
	int err = preprocess_both(&sides);

	err = err ?: expand_both(&sides);
	if (!err)
		sides.enumerators_differ = macro_sets_differ_in_enumerators(&sides.old, &sides.new);
	for (size_t i = 0; i < sides.new.n && !err; i++) {
		const struct macro *new = &sides.new.list[i];
		const struct macro *old = macro_set_find(&sides.old, new->name, new->nth);

		if (!old)
			err = compare_new(&sides, new);
		if (!old || !old->expansion || !new->expansion || !old->calls != !new->calls)
			continue;
		if (new->calls)
			compare_calls(&sides, old, new);
		else
			compare(&sides, old, new);
	}
	macro_set_free(&sides.old);
	macro_set_free(&sides.new);
	return err;
}

/* Do the definitions differ in a file that the diffs change? */
static int find_changed_definitions(const struct series *series, const struct trees *trees,
				    struct diag *diag, bool *changed, bool *any)
{
	int err = 0;

	for (size_t i = 0; i < series->n_changes && !err; i++) {
		const struct change *change = &series->changes[i];

		if (change->ignored || change->makefile || change->added || change->removed)
			continue;
		err = definitions_differ(trees, diag, change->path, &changed[i]);
		*any |= changed[i];
	}
	return err;
}

static bool can_be_compared(const struct unit *unit)
{
	return unit->compiled && !unit->unaffected && !unit->added && !unit->removed &&
	       !unit_is_assembly(unit->source);
}

int check_macros(struct build *build)
{
	bool *changed = calloc(build->n_changes + 1, sizeof(*changed)), any = false;
	struct diag *diag = diag_new("kpatch-build");
	int err = changed && diag ? find_changed_definitions(&build->series, &build->trees,
							     build->diag, changed, &any)
				  : diag_oom(build->diag);

	if (any && !err)
		progress_step(build->progress, "compare values of macros");
	for (size_t i = 0; i < build->n_units && any && !err; i++) {
		bool reads = false;

		if (!can_be_compared(&build->units[i]))
			continue;
		err = unit_reads_any(&build->series, &build->trees, &build->units[i], changed,
				     &reads, build->diag);
		if (reads && !err)
			err = compare_unit(&build->job, &build->kernel, &build->series,
					   &build->trees, &build->units[i], diag);
	}
	if (diag)
		diag_take_new(build->diag, diag); /* one header, many units */
	diag_free(diag);
	free(changed);
	return err;
}
