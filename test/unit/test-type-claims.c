// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: pairs of small units whose debug information describes types differently.
 * Prevents: a type that differs and counts as unchanged because the comparison hasn't met it; an
 *   entry that is missing from the ledger, or is there twice.
 * Fails if: a difference has no entry, more than one, or another fate; or without any comparison
 *   the types that differ aren't refused.
 */
#include "test/unit/fixture.h"
#include "lib/array.h"
#include "lib/text.h"
#include "lib/type-claims.h"
#include "lib/type-pairs.h"

/* "kind name:fate" of each entry, in the order of the letters. */
struct listed {
	char *lines[16];
	size_t n;
};

static void add(const struct listed_type *type, void *arg)
{
	struct listed *listed = arg;

	assert_true(listed->n < 16);
	listed->lines[listed->n++] = format("%s %s:%d", type->kind, type->name, type->fate);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *take_text(struct listed *listed)
{
	char *text = strdup("");

	qsort(listed->lines, listed->n, sizeof(*listed->lines), by_text);
	for (size_t i = 0; i < listed->n; i++) {
		char *longer = format("%s%s%s", text, i ? "; " : "", listed->lines[i]);

		free(listed->lines[i]);
		free(text);
		text = longer;
	}
	return text;
}

static bool is_handled(const char *type, void *arg)
{
	return !strcmp(type, "struct handled");
}

static const struct {
	const char *original, *patched, *listed;
	enum layout_fate fate; /* of all entries */
} pairs[] = {
	{ "struct s { int a; } v;", "struct s { int a; } v;", "", LAYOUT_SAME },
	{ "struct s { int a; } v;",
	  "struct s { int a, b; } *p; extern struct s v; int f(void) { return v.a; }",
	  "type struct s", LAYOUT_CHANGED },
	{ "struct handled { int a; } v;", "struct handled { long a; } v;", "type struct handled",
	  LAYOUT_HANDLED },
	{ "struct s { int a; } *v;", "struct s { int b; } *v;", "type struct s", LAYOUT_WARNED },
	{ "typedef int num; num w; struct s { num a; } v;",
	  "typedef int num; num w; struct s { int a; } v;", "type struct s", LAYOUT_SAME },
	{ "void *g(void); struct s { int a, b; }; int f(void) { struct s *p = g(); return p->b; }",
	  "void *g(void); struct t { int a, b; }; int f(void) { struct t *p = g(); return p->b; }",
	  "type struct t", LAYOUT_RENAMED },
	{ "int v;", "int v; struct t { int a; } *w;", "type struct t", LAYOUT_NEW },
	{ "int v; struct t { int a; } *w;", "int v;", "type struct t", LAYOUT_GONE },
	{ "struct t; struct t *v;", "struct t { int a; }; struct t *v;", "type struct t",
	  LAYOUT_DECLARED },
	{ "enum { A, B }; int v[B]; int w = A;", "enum { N, A, B }; int v[1]; int w = A;",
	  "type enum {A}", LAYOUT_CHANGED },
	{ "typedef int num; int v = sizeof(num); num w;",
	  "typedef unsigned num; int v = sizeof(num); num w;", "typedef num", LAYOUT_TYPEDEF },
	{ "int f(int a) { return a; }", "int f(int a, int b) { return a; }", "function f",
	  LAYOUT_FUNCTION },
	{ "int f(void) { static int v; return v++; }",
	  "int f(void) { static unsigned v; return v++; }", "variable v in f()", LAYOUT_WARNED },
	{ "int v;", "float v;", "variable v", LAYOUT_CHANGED },
	{ "const int v = 1;", "const float v = 1;", "variable v", LAYOUT_CONSTANT },
	{ "int v;", "long v;", "variable v", LAYOUT_SIZE },
};

static char *list(const char *original, const char *patched, bool compared, struct diag *diag)
{
	struct changed_variables variables = { 0 };
	struct listed listed = { .n = 0 };
	struct layout_rules rules = { .listed = add, .handled = is_handled, .arg = &listed };
	struct type_graph old, new;
	struct comparison c;

	compile("original", original);
	compile("patched", patched);
	if (compared) {
		struct type_layouts *a = type_layouts_read("original.o", diag);
		struct type_layouts *b = type_layouts_read("patched.o", diag);

		type_layouts_compare(a, b, &rules, diag);
		type_layouts_free(a);
		type_layouts_free(b);
		return take_text(&listed);
	}
	assert_int_equal(graph_read(&old, "original.o"), 0);
	assert_int_equal(graph_read(&new, "patched.o"), 0);
	assert_int_equal(comparison_begin(&c, &old, &new), 0);
	account_for_types(&c, &variables, &rules, diag);
	comparison_end(&c);
	graph_free(&old);
	graph_free(&new);
	return take_text(&listed);
}

static void each_difference_has_one_entry(void **state)
{
	size_t failed = 0;

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		struct diag *diag = diag_new("test");
		char *found = list(pairs[i].original, pairs[i].patched, true, diag);
		char *want = *pairs[i].listed ? format("%s:%d", pairs[i].listed, pairs[i].fate)
					      : strdup("");

		if (strcmp(found, want)) {
			print_error("'%s' and '%s': '%s', expected '%s'\n", pairs[i].original,
				    pairs[i].patched, found, want);
			failed++;
		}
		free(found);
		free(want);
		diag_free(diag);
	}
	assert_int_equal(failed, 0);
}

static void what_nothing_has_compared_is_refused(void **state)
{
	struct diag *diag = diag_new("test");
	char *found = list("struct s { int a; }; struct handled { int a; };"
			   "int v(struct s *s, struct handled *h) { return s->a + h->a; }",
			   "struct s { long a; }; struct handled { long a; };"
			   "int v(struct s *s, struct handled *h) { return s->a + h->a; }",
			   false, diag);
	char *want = format("type struct handled:%d; type struct s:%d", LAYOUT_HANDLED,
			    LAYOUT_UNCLAIMED);

	assert_string_equal(found, want);
	assert_int_equal(diag_count(diag, "KS175"), 1);
	assert_int_equal(diag_errors(diag), 1);
	free(found);
	free(want);
	diag_free(diag);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_difference_has_one_entry),
		cmocka_unit_test(what_nothing_has_compared_is_refused),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
