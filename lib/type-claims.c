// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A comparison that follows uses only compares the types that it finds; any other type would count
 * as unchanged. So a census, which follows nothing (type-census.h), lists the types that the two
 * objects describe differently, and each entry needs a pair that the comparison has made. An entry
 * without a pair is refused, unless it can have no data: a type that only new code knows, or a
 * typedef.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/files.h"
#include "lib/text.h"
#include "lib/type-census.h"
#include "lib/type-claims.h"
#include "lib/type-pairs.h"
#include "lib/type-text.h"

struct claims {
	const struct comparison *c;
	const struct changed_variables *variables;
	const struct layout_rules *rules;
	struct diag *diag;
	struct census census;
};

/*
 * The pair of @old and @new. If one is NULL: the first pair of the other that is reported by
 * itself.
 */
static const struct pair *find_pair(const struct comparison *c, const struct type *old,
				    const struct type *new)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct pair *pair = c->pairs[i];

		if ((!old || pair->old == old) && (!new || pair->new == new) && pair->begun &&
		    ((old && new) || pair->announced))
			return pair;
	}
	return NULL;
}

/* Join an old-only and a new-only entry if the comparison has found that they are one type. */
static void join_renamed(struct claims *claims)
{
	struct census *census = &claims->census;

	for (size_t i = 0; i < census->n; i++) {
		struct census_entry *gone = &census->list[i];
		const struct pair *pair;

		if (gone->kind != CENSUS_TYPE || !gone->old || gone->new)
			continue;
		pair = find_pair(claims->c, gone->old, NULL);
		for (size_t j = 0; pair && j < census->n; j++) {
			struct census_entry *added = &census->list[j];

			if (added->old || added->new != pair->new)
				continue;
			gone->new = added->new;
			gone->is = added->is;
			*added = census->list[--census->n];
			/* the entry that moved may now be before @i: start again */
			i = (size_t)-1;
			break;
		}
	}
}

static bool is_handled(const struct claims *claims, const char *name)
{
	return claims->rules->handled && claims->rules->handled(name, claims->rules->arg);
}

static bool is_header(const char *file)
{
	size_t n = file ? strlen(file) : 0;

	return n > 2 && !strcmp(file + n - 2, ".h");
}

/* A type that nothing has compared matters wherever another change of a type would. */
static enum layout_fate fate_without_pair(const struct claims *claims,
					  const struct census_entry *entry, const char *name)
{
	if (claims->rules->scope == LAYOUT_OF_HEADERS && !is_header(entry->new->file))
		return LAYOUT_UNCOUNTED;
	return is_handled(claims, name) ? LAYOUT_HANDLED : LAYOUT_UNCLAIMED;
}

static enum layout_fate fate_of_type(const struct claims *claims, const struct census_entry *entry,
				     const char *name)
{
	const struct comparison *c = claims->c;
	const struct pair *pair = find_pair(c, entry->old, entry->new);

	if (pair && pair->announced)
		return pair->fate;
	if (!entry->old && type_names_have(&c->old_names, entry->new))
		return LAYOUT_DECLARED;
	if (!entry->new &&type_names_have(&c->new_names, entry->old))
		return LAYOUT_DECLARED;
	if (!entry->old || !entry->new)
		return entry->new ? LAYOUT_NEW : LAYOUT_GONE;
	if (pair) /* compared; if different, each has another name: type-uses.c */
		return pair->worst == VERDICT_DIFFERENT ? LAYOUT_RENAMED : LAYOUT_SAME;
	return fate_without_pair(claims, entry, name);
}

/* type-uses.c: compare_variables() compares every variable, with these two exceptions. */
static enum layout_fate fate_of_variable(const struct claims *claims,
					 const struct census_entry *entry)
{
	const struct type_graph *old = claims->c->old, *new = claims->c->new;
	const struct use *a = entry->old_use, *b = entry->new_use;

	for (size_t i = 0; i < claims->variables->n; i++)
		if (claims->variables->list[i].old == a && claims->variables->list[i].new == b)
			return claims->variables->list[i].fate;
	if (type_is_constant(old, a->type) && type_is_constant(new, b->type))
		return LAYOUT_CONSTANT;
	if ((a->defined || b->defined) && size_of_type(old, a->type) != size_of_type(new, b->type))
		return LAYOUT_SIZE;
	return LAYOUT_SAME;
}

static enum layout_fate fate_of(const struct claims *claims, const struct census_entry *entry,
				const char *name)
{
	switch (entry->kind) {
	case CENSUS_TYPE:
		return fate_of_type(claims, entry, name);
	case CENSUS_TYPEDEF:
		return LAYOUT_TYPEDEF;
	case CENSUS_VARIABLE:
		return fate_of_variable(claims, entry);
	default:
		return LAYOUT_FUNCTION;
	}
}

static char *name_of(const struct claims *claims, const struct census_entry *entry)
{
	const struct use *use = entry->new_use ?: entry->old_use;

	/* an enumeration without a name is named after its first enumerator, which may be new */
	bool by_old = entry->old && (!entry->new || are_unnamed(entry->old, entry->new));

	if (entry->kind == CENSUS_TYPE)
		return type_name(by_old ? claims->c->old : claims->c->new,
				 by_old ? entry->old : entry->new);
	if (entry->kind == CENSUS_TYPEDEF)
		return strdup((entry->new ?: entry->old)->name);
	if (entry->kind == CENSUS_VARIABLE && use->function)
		return format("%s in %s()", use->name, use->function);
	return strdup(entry->kind == CENSUS_FUNCTION ? use->function : use->name);
}

/* The description of a structure is long, so give its size instead. */
static char *few_words(const struct type_graph *graph, const struct type *type,
		       const struct use *use, bool whole)
{
	if (use)
		return graph_type_text(graph, use->type);
	if (!type)
		return NULL;
	return whole ? format("%llu bytes", (unsigned long long)type->size)
		     : graph_type_text(graph, type->to);
}

static int tell(const struct claims *claims, const struct census_entry *entry, const char *name,
		enum layout_fate fate)
{
	static const char *const kinds[] = { "type", "typedef", "variable", "function" };
	bool whole = entry->kind == CENSUS_TYPE, words = entry->kind != CENSUS_FUNCTION;
	const struct type *type = entry->new ?: entry->old;
	const struct use *use = entry->new_use ?: entry->old_use;
	char *was = few_words(claims->c->old, entry->old, entry->old_use, whole);
	char *is = few_words(claims->c->new, entry->new, entry->new_use, whole);
	bool out_of_memory = (!was && (entry->old || entry->old_use)) ||
			     (!is && (entry->new || entry->new_use));
	struct listed_type listed = {
		.kind = kinds[entry->kind],
		.name = name,
		.was = words ? was : NULL,
		.is = words ? is : NULL,
		.file = type ? type->file : use->file,
		.line = type ? type->line : use->line,
		.fate = fate,
	};

	if (was && is && !strcmp(was, is))
		listed.was = listed.is = NULL;
	if (!out_of_memory && claims->rules->listed)
		claims->rules->listed(&listed, claims->rules->arg);
	free(was);
	free(is);
	return out_of_memory ? -ENOMEM : 0;
}

static int account_for(const struct claims *claims, const struct census_entry *entry)
{
	char *name = name_of(claims, entry);
	enum layout_fate fate;
	int err;

	if (!name)
		return -ENOMEM;
	fate = fate_of(claims, entry, name);
	err = tell(claims, entry, name, fate);
	if (!err && fate == LAYOUT_UNCLAIMED) {
		struct diag_place place = { .file = entry->new->file, .line = entry->new->line };

		err = diag_error(claims->diag, "KS175", &place, "%s", name);
	}
	free(name);
	return err;
}

int account_for_types(const struct comparison *c, const struct changed_variables *variables,
		      const struct layout_rules *rules, struct diag *diag)
{
	struct claims claims = { .c = c, .variables = variables, .rules = rules, .diag = diag };
	int err = census_take(&claims.census, c->old, c->new), one;

	if (!err)
		join_renamed(&claims);
	for (size_t i = 0; i < claims.census.n && err != -ENOMEM; i++) {
		one = account_for(&claims, &claims.census.list[i]);
		err = err ?: one;
		if (one == -ENOMEM)
			err = one;
	}
	census_free(&claims.census);
	return err;
}
