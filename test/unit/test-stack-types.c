// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: small units, compiled with debug information and with the compiler's own dump of them.
 * Prevents: a changed structure that is believed to be only on stacks, although other code has a
 *   pointer to it.
 * Fails if: a way by which a pointer leaves or enters the functions that know the structure isn't
 *   found, or a plain use counts as one.
 */
#include "lib/array.h"
#include "test/unit/fixture.h"
#include "kpatch-build/check/tree-dump.h"
#include "lib/type-stack.h"

#define S "struct s { int a, b; int t[2]; };\n"
#define FILL \
	"static __attribute__((noinline)) void fill(struct s *p, int x) { p->a = x; p->b = 2 * p->a; }\n"
#define READ \
	"static __attribute__((noinline)) int rd(const struct s *p) { return p->a + p->t[1]; }\n"

enum answer {
	KEPT,
	IN_SOURCE, /* the compiler's account shows a way out */
	IN_TYPES, /* debug information shows one */
};

static const struct {
	const char *text;
	enum answer answer;
} units[] = {
	{ S FILL READ "int f(int x) { struct s s = { }; fill(&s, x); return rd(&s) + s.b; }",
	  KEPT },
	{ S FILL "int f(int x) { struct s s, o; fill(&s, x); o = s; fill(&o, x + 1); return o.a; }",
	  KEPT },
	{ S FILL
	  "int f(int x) { struct s s = { 1 }, o = { 2 }, *p = &s; if (x) p = &o; fill(p, x); return p->b; }",
	  KEPT },
	{ S FILL
	  "int f(int x) { struct s s; __builtin_memset(&s, 0, sizeof(s)); fill(&s, x); return s.a; }",
	  KEPT },
	{ S FILL
	  "static __attribute__((noinline)) int g(struct s *p, int x) { fill(p, x); return p->t[x]; }\n"
	  "int f(int x) { struct s s = { }; return g(&s, x); }",
	  KEPT },
	{ S FILL
	  "int f(int x) { struct s s = { }, *p = &s; fill(p, x); if (p != 0) x = p->a; return p == &s ? x : 0; }",
	  KEPT },
	{ S FILL
	  "struct t { int s; }; int f(struct t *t) { struct s s = { }; fill(&s, t->s); return s.a + t->s; }",
	  KEPT },
	{ S
	  "static __attribute__((noinline)) void st(struct s *p, int x) { struct s o = { x }; *p = o; p->b = 1; }\n"
	  "int f(int x) { struct s s; st(&s, x); return s.b; }",
	  KEPT },
	/* out */
	{ S FILL
	  "void ext(void *); int f(int x) { struct s s = { }; ext(&s); fill(&s, x); return s.a; }",
	  IN_SOURCE },
	{ S FILL
	  "void ext(int *); int f(int x) { struct s s = { }; ext(&s.b); fill(&s, x); return s.a; }",
	  IN_SOURCE },
	{ S FILL
	  "void ext(int *); int f(int x) { struct s s = { }; ext(s.t); fill(&s, x); return s.a; }",
	  IN_SOURCE },
	{ S FILL
	  "static int *g; int f(int x) { struct s s = { }, *p = &s; g = &p->b; fill(p, x); return *g; }",
	  IN_SOURCE },
	{ S FILL
	  "static void *g; int f(int x) { struct s s = { }; g = &s; fill(&s, x); return !g; }",
	  IN_SOURCE },
	{ S FILL
	  "static long g; int f(int x) { struct s s = { }; g = (long)&s; fill(&s, x); return !g; }",
	  IN_SOURCE },
	{ S FILL
	  "int ext(const char *, ...); int f(int x) { struct s s = { }; fill(&s, x); return ext(\"\", &s); }",
	  IN_SOURCE },
	{ S FILL
	  "int f(int x) { struct s s = { }; fill(&s, x); asm volatile(\"\" : : \"r\"(&s) : \"memory\"); return s.a; }",
	  IN_SOURCE },
	{ S FILL
	  "int f(int x) { struct s s = { }; fill(&s, x); asm volatile(\"\" : \"+m\"(s)); return s.a; }",
	  IN_SOURCE },
	{ S FILL
	  "char b[99]; int f(int x) { struct s s = { }; fill(&s, x); __builtin_memcpy(b, &s, sizeof(s)); return s.a; }",
	  IN_SOURCE },
	{ S FILL "int f(int x) { struct s s = { }, *p = &s; fill(p, x); p++; return p->a; }",
	  IN_SOURCE },
	{ S FILL
	  "typedef void (*fn)(void *); fn g; int f(int x) { struct s s = { }; fill(&s, x); g = (fn)fill; return s.a; }",
	  IN_SOURCE },
	/* in */
	{ S FILL "int f(void *v, int x) { struct s *p = v; fill(p, x); return p->a; }", IN_SOURCE },
	{ S FILL "int f(void *v, int x) { struct s s = { }, *p; p = v; fill(&s, x); return p->a; }",
	  IN_SOURCE },
	{ S FILL
	  "int f(void *v, int x) { struct s s = { }; fill(&s, x); return ((struct s *)v)->a; }",
	  IN_SOURCE },
	{ S FILL "int f(void *v, int x) { struct s s = { }; fill(v, x); return s.a; }", IN_SOURCE },
	{ S FILL "int f(void *v, int x) { struct s s = *(struct s *)v; fill(&s, x); return s.a; }",
	  IN_SOURCE },
	{ S FILL
	  "int f(void *v, int x) { struct s s = { }, *p = (__typeof__(p))v; fill(&s, x); return p->a; }",
	  IN_SOURCE },
	{ S FILL "int f(int *v, int x) { struct s s = { }, *p = &s; fill(p, x);\n"
		 "p = (struct s *)((char *)v - __builtin_offsetof(struct s, b)); return p->a; }",
	  IN_SOURCE },
	{ S FILL
	  "int f(int x, ...) { __builtin_va_list ap; struct s *p; __builtin_va_start(ap, x);\n"
	  "p = __builtin_va_arg(ap, struct s *); fill(p, x); return p->a; }",
	  IN_SOURCE },
	{ S FILL
	  "void *ext(int); int f(int x) { struct s *p = ext(sizeof(*p)); fill(p, x); return p->a; }",
	  IN_SOURCE },
	{ S FILL
	  "union u { long l[2]; int i; }; int f(union u *v, int x) { struct s s = { }; fill(&s, x);\n"
	  "fill((struct s *)v->l, x); return s.a; }",
	  IN_SOURCE },
	{ S FILL "int f(int x) { fill(&(struct s){ .a = x }, x); return 0; }", IN_SOURCE },
	/* what debug information tells */
	{ S FILL "static struct s v; int f(int x) { fill(&v, x); return v.a; }", IN_TYPES },
	{ S FILL "int f(int x) { static struct s v; fill(&v, x); return v.a; }", IN_TYPES },
	{ S FILL "struct s *v; int f(int x) { fill(v, x); return v->a; }", IN_TYPES },
	{ S FILL
	  "struct u { struct s s; }; int f(int x) { struct u u = { }; fill(&u.s, x); return u.s.a; }",
	  IN_TYPES },
	{ S FILL
	  "struct u { struct s *s; }; int f(struct u *u, int x) { fill(u->s, x); return u->s->a; }",
	  IN_TYPES },
	{ S FILL "int f(int x) { struct s s[2] = { }; fill(&s[1], x); return s[1].a; }", IN_TYPES },
	{ S FILL
	  "struct s *ext(void); int f(int x) { struct s *p = ext(); fill(p, x); return p->a; }",
	  IN_TYPES },
	{ S FILL
	  "void ext(struct s **); int f(int x) { struct s *p; ext(&p); fill(p, x); return p->a; }",
	  IN_TYPES },
	{ S FILL
	  "void (*g)(struct s *, int); int f(int x) { struct s s = { }; g = fill; g(&s, x); return s.a; }",
	  IN_TYPES },
	{ S FILL "typedef struct s s_t; int f(int x) { s_t s = { }; fill(&s, x); return s.a; }",
	  IN_TYPES },
	{ S
	  "static __attribute__((noinline)) int v(struct s s) { return s.a; } int f(int x) { struct s s = { x }; return v(s); }",
	  IN_TYPES },
};

static enum answer ask(const char *text, size_t *holders)
{
	struct stack_type stack = { 0 };
	const struct type *type = NULL;
	enum answer answer = IN_TYPES;
	struct type_graph graph;
	char *dump;
	size_t size;

	write_text("unit.c", text);
	RUN("gcc", "-w", "-g", "-O2", "-fno-strict-aliasing", "-fdump-tree-original=unit.tree",
	    "-c", "unit.c");
	assert_int_equal(graph_read(&graph, "unit.o"), 0);
	for (size_t i = 0; i < graph.n; i++)
		if (graph.types[i].tag == DW_TAG_structure_type &&
		    !strcmp(graph.types[i].name ?: "", "s"))
			type = &graph.types[i];
	assert_non_null(type);
	if (!stack_type_read(&graph, type, &stack)) {
		assert_int_equal(read_file("unit.tree", &dump, &size), 0);
		answer = tree_dump_keeps_type(dump, &stack) ? KEPT : IN_SOURCE;
		free(dump);
	}
	*holders = stack.n_holders;
	stack_type_free(&stack);
	graph_free(&graph);
	return answer;
}

static void ways_out_are_seen(void **state)
{
	size_t failed = 0, holders;

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		enum answer answer = ask(units[i].text, &holders);

		if (answer != units[i].answer) {
			print_error("%d instead of %d: %s\n", answer, units[i].answer,
				    units[i].text);
			failed++;
		}
	}
	assert_int_equal(failed, 0);
}

/* Functions in whose code it is, inlined or not: all of them have to be replaced. */
static void holders_are_found(void **state)
{
	size_t holders;

	ask(S FILL "int f(int x) { struct s s = { }; fill(&s, x); return s.a; }", &holders);
	assert_int_equal(holders, 2);
	ask(S
	    "static inline __attribute__((always_inline)) int in(int x) { struct s s = { x }; asm(\"\" : : : \"memory\"); return s.a + x; }\n"
	    "int f(int x) { return in(x); } int g(int x) { return in(x + 1); } int h(int x) { return x; }",
	    &holders);
	assert_int_equal(holders, 2);
}

/* Without functions, or with something else in the file, nothing is known. */
static void what_is_no_dump_keeps_nothing(void **state)
{
	const struct stack_type type = { .tag = "s" };

	assert_false(tree_dump_keeps_type("", &type));
	assert_false(tree_dump_keeps_type("int x;\n", &type));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ways_out_are_seen),
		cmocka_unit_test(holders_are_found),
		cmocka_unit_test(what_is_no_dump_keeps_nothing),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
