// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reports what a comparison of two objects' types (type-uses.h) means for the running kernel's
 * data.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/files.h"
#include "lib/type-layout.h"
#include "lib/type-claims.h"
#include "lib/type-stack.h"
#include "lib/type-uses.h"
#include "lib/text.h"
#include "lib/type-pairs.h"
#include "lib/type-text.h"

struct type_layouts {
	struct type_graph graph;
};

/* A change that may be right is a warning. Its code says when it is right. */
static const char *const codes[] = {
	[VERDICT_RENAMED] = "KS375",  [VERDICT_PADDING] = "KS376",   [VERDICT_RETYPED] = "KS377",
	[VERDICT_SENTINEL] = "KS378", [VERDICT_DIFFERENT] = "KS350",
};

struct report {
	const struct layout_rules *rules;
	const struct comparison *c;
	struct diag *diag;
	int err;
};

/* What is reported: a pair of types, or a variable's. */
struct subject {
	char *name, *old_name; /* the name that the author may write */
	const char *file;
	unsigned int line;
};

static bool is_header(const char *file)
{
	size_t n = file ? strlen(file) : 0;

	return n > 2 && !strcmp(file + n - 2, ".h");
}

static bool is_handled(const struct report *r, const struct subject *s)
{
	return r->rules->handled && (r->rules->handled(s->name, r->rules->arg) ||
				     r->rules->handled(s->old_name, r->rules->arg));
}

/* Why a change of @s may be right; LAYOUT_CHANGED if nothing excuses it. */
static enum layout_fate excuse(const struct report *r, const struct subject *s)
{
	if (r->rules->scope == LAYOUT_OF_HEADERS && !is_header(s->file))
		return LAYOUT_UNCOUNTED;
	return is_handled(r, s) ? LAYOUT_HANDLED : LAYOUT_CHANGED;
}

static void report_finding(const struct report *r, const struct subject *s, const struct finding *f)
{
	struct diag_place place = { .file = s->file, .line = s->line };
	bool renamed = strcmp(s->name, s->old_name);
	char *what = format("%s%s%s%s%s%s", s->name, renamed ? " (before: " : "",
			    renamed ? s->old_name : "", renamed ? ")" : "", f->where ? ", at " : "",
			    f->where ?: "");

	if (f->verdict == VERDICT_DIFFERENT)
		diag_error(r->diag, codes[f->verdict], &place, "%s", what ?: s->name);
	else
		diag_warning(r->diag, codes[f->verdict], &place, "%s", what ?: s->name);
	diag_detail(r->diag, "running kernel: %s", f->was);
	diag_detail(r->diag, "patched: %s", f->now);
	free(what);
}

static void report_size(const struct report *r, const struct pair *pair)
{
	if (pair->old->size != pair->new->size)
		diag_detail(r->diag, "size: %llu bytes in the running kernel, now %llu",
			    (unsigned long long)pair->old->size,
			    (unsigned long long)pair->new->size);
}

/* Report the worst finding of @pair: one error, or all warnings. */
static enum layout_fate report_findings(struct report *r, const struct subject *s,
					const struct pair *pair, enum layout_fate fate)
{
	if (fate == LAYOUT_HANDLED)
		diag_warning(r->diag, "KS126", NULL, "layout of %s", s->name);
	if (fate != LAYOUT_CHANGED)
		return fate;
	if (pair->worst == VERDICT_DIFFERENT) {
		report_finding(r, s, pair_first(pair, VERDICT_DIFFERENT));
		report_size(r, pair);
		r->err = -EINVAL;
		return fate;
	}
	for (size_t i = 0; i < pair->n; i++)
		report_finding(r, s, &pair->findings[i]);
	return LAYOUT_WARNED;
}

static bool is_on_stacks(struct report *r, const struct pair *pair)
{
	struct stack_type old = { 0 }, new = { 0 };
	int err = r->rules->stays_on_stacks ? 0 : -EINVAL;
	bool is;

	err = err ?: stack_type_read(r->c->old, pair->old, &old);
	err = err ?: stack_type_read(r->c->new, pair->new, &new);
	is = !err && r->rules->stays_on_stacks(&old, &new, r->rules->arg);
	if (err == -ENOMEM)
		r->err = err;
	stack_type_free(&old);
	stack_type_free(&new);
	return is;
}

/* Is the type only on the stack of one function, which passes no pointer to it on? */
static bool is_on_stack(const struct report *r, const struct pair *pair, const char *name)
{
	const char *old = only_user(r->c->old, pair->old), *new = only_user(r->c->new, pair->new);

	return old && new && !strcmp(old, new) && !is_header(pair->new->file) &&
	       r->rules->only_declared &&
	       r->rules->only_declared(name, pair->new->file, r->rules->arg);
}

static void report_pair(struct report *r, struct pair *pair)
{
	struct subject s = {
		type_name(r->c->new, pair->new),
		type_name(r->c->old, pair->old),
		pair->new->file,
		pair->new->line,
	};
	enum layout_fate fate = LAYOUT_SAME;

	/* an enumeration without a name is called by its first enumerator, which may be new */
	if (s.old_name && are_unnamed(pair->old, pair->new)) {
		free(s.name);
		s.name = strdup(s.old_name);
	}
	if (!s.name || !s.old_name) {
		r->err = -ENOMEM;
	} else {
		if (pair->worst == VERDICT_SAME)
			fate = strcmp(s.name, s.old_name) ? LAYOUT_RENAMED : LAYOUT_SAME;
		else if (is_on_stack(r, pair, s.name) ||
			 (pair->worst == VERDICT_DIFFERENT && is_on_stacks(r, pair)))
			fate = LAYOUT_ON_STACK;
		else
			fate = report_findings(r, &s, pair, excuse(r, &s));
		pair->fate = fate;
		if (r->rules->told)
			r->rules->told(s.name, s.file, s.line, fate, r->rules->arg);
	}
	free(s.name);
	free(s.old_name);
}

static void report_variable(struct report *r, struct changed_variable *v)
{
	const char *function = v->new->function;
	char *name = format("variable %s%s%s%s", v->new->name ?: "?", function ? " in " : "",
			    function ?: "", function ? "()" : "");
	struct finding f = {
		.verdict = v->verdict,
		.was = graph_type_text(r->c->old, v->old->type),
		.now = graph_type_text(r->c->new, v->new->type),
	};
	struct subject s = { name, name, v->new->file, v->new->line };

	if (!name || !f.was || !f.now) {
		r->err = -ENOMEM;
	} else if (v->inner) {
		v->fate = report_findings(r, &s, v->inner, excuse(r, &s));
	} else {
		v->fate = excuse(r, &s);
		if (v->fate == LAYOUT_HANDLED)
			diag_warning(r->diag, "KS126", NULL, "type of %s", name);
		else if (v->fate == LAYOUT_CHANGED)
			report_finding(r, &s, &f);
		if (v->fate == LAYOUT_CHANGED && v->verdict == VERDICT_DIFFERENT)
			r->err = -EINVAL;
		else if (v->fate == LAYOUT_CHANGED)
			v->fate = LAYOUT_WARNED;
	}
	free(name);
	free(f.was);
	free(f.now);
}

void type_layouts_free(struct type_layouts *layouts)
{
	if (layouts)
		graph_free(&layouts->graph);
	free(layouts);
}

struct type_layouts *type_layouts_read(const char *path, struct diag *diag)
{
	struct type_layouts *layouts = calloc(1, sizeof(*layouts));
	int err = layouts ? graph_read(&layouts->graph, path) : -ENOMEM;

	if (!err)
		return layouts;
	if (err == -ENOMEM)
		diag_oom(diag);
	else
		diag_error(diag, "KS311", NULL, "%s", path);
	type_layouts_free(layouts);
	return NULL;
}

int type_layouts_compare(const struct type_layouts *original, const struct type_layouts *patched,
			 const struct layout_rules *rules, struct diag *diag)
{
	struct changed_variables variables = { 0 };
	struct comparison c;
	struct report r = { rules, &c, diag, 0 };

	r.err = comparison_begin(&c, &original->graph, &patched->graph);
	r.err = r.err ?: compare_uses(&c, rules->changes, rules->arg, &variables);
	for (size_t i = 0; i < c.n && r.err != -ENOMEM; i++)
		if (c.pairs[i]->announced)
			report_pair(&r, c.pairs[i]);
	for (size_t i = 0; i < variables.n && r.err != -ENOMEM; i++)
		report_variable(&r, &variables.list[i]);
	if (r.err != -ENOMEM) {
		int err = account_for_types(&c, &variables, rules, diag);

		r.err = err == -ENOMEM ? err : r.err ?: err;
	}
	free(variables.list);
	comparison_end(&c);
	return r.err == -ENOMEM ? diag_oom(diag) : r.err;
}
