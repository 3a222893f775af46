/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes of types, in pairs of small units, and what has to be said of each. */
#ifndef TEST_UNIT_TYPE_CHANGES_H
#define TEST_UNIT_TYPE_CHANGES_H

#include <stddef.h>

/* @code and @says: what is reported, and nothing else of any code; NULL: the types agree. */
struct change {
	const char *what, *original, *patched, *code, *says;
};

/* What more than one pair needs. */
#define USED(type) "int f(" type " *p) { return p->a; }"
#define SOCKETS "struct socket { int state; struct sock *sk; }; struct sock { long flags; struct socket *s; };" \
	"int use(struct socket *a, struct sock *b) { return a->state + b->flags; }"

static const struct change of_places[] = {
	{ "nothing changed", "struct s { int a; char *b; } x;", "struct s { int a; char *b; } x;", NULL, NULL },
	{ "a member added at the end", "struct s { int a; } x;", "struct s { int a, b; } x;",
	  "KS350", "struct s, at b" },
	{ "a member added in front", "struct s { int a, b; } *x;" USED("struct s"),
	  "struct s { int n, a, b; } *x;" USED("struct s"), "KS350", "struct s, at n" },
	{ "a member removed", "struct s { long a, b; } x;", "struct s { long a; } x;", "KS350", "struct s, at b" },
	{ "a member removed, and its place left", "struct s { int a; char b; } x;",
	  "struct s { int a; } __attribute__((aligned(8))) x;", "KS350", "struct s, at b" },
	{ "members exchanged", "struct s { int a; char b; } x;", "struct s { char b; int a; } x;",
	  "KS350", "struct s" },
	{ "members of one size exchanged", "struct s { int a, b; } x;", "struct s { int b, a; } x;",
	  "KS350", "struct s, at b" },
	{ "members of one size in turn", "struct s { int a, b, c; } x;", "struct s { int b, c, a; } x;",
	  "KS350", "struct s, at b" },
	{ "pointers of one type exchanged", "struct s { void *a, *b; } x;", "struct s { void *b, *a; } x;",
	  "KS350", "struct s, at b" },
	{ "a member removed, another in its place, the third moved", "struct s { int a, b, c; } x;",
	  "struct s { int a, c, d; } x;", "KS350", "struct s, at c" },
	{ "bit fields exchanged", "struct s { unsigned a : 1, b : 1; } x;", "struct s { unsigned b : 1, a : 1; } x;",
	  "KS350", "struct s, at b" },
	{ "a member widened", "struct s { int a; long b; } x;", "struct s { long a, b; } x;",
	  "KS350", "struct s, at a" },
	{ "an array longer", "struct s { char a[8]; } x;", "struct s { char a[9]; } x;", "KS350", "struct s, at a" },
	{ "an array of the same size, bounds exchanged", "struct s { char a[2][8]; } x;",
	  "struct s { char a[8][2]; } x;", "KS350", "struct s, at a" },
	{ "an array of fewer, larger elements", "struct s { int a[4]; } x;", "struct s { long a[2]; } x;",
	  "KS350", "struct s, at a" },
	{ "aligned", "struct s { int a; } x;", "struct s { int a; } __attribute__((aligned(64))) x;",
	  "KS350", "struct s" },
	{ "packed", "struct s { char a; int b; } x;", "struct s { char a; int b; } __attribute__((packed)) x;",
	  "KS350", "struct s, at b" },
	{ "a member moved, all sizes the same", "struct s { char a, b; long c; } x;",
	  "struct s { char a, b __attribute__((aligned(4))); long c; } x;", "KS350", "struct s, at b" },
	{ "a bit field wider", "struct s { int a : 3, b : 2; } x;", "struct s { int a : 4, b : 2; } x;",
	  "KS350", "struct s, at a" },
	{ "an inner structure without a name", "struct s { struct { int a; } i; int b; } x;",
	  "struct s { struct { int a, c; } i; int b; } x;", "KS350", "struct s, at i.c" },
	{ "members exchanged in one that has neither type name nor name",
	  "struct s { union { struct { int a, b; }; long c; }; } x;",
	  "struct s { union { struct { int b, a; }; long c; }; } x;", "KS350", "struct s, at b" },
	{ "members exchanged in an array of unnamed structures", "struct s { struct { int a, b; } t[4]; } x;",
	  "struct s { struct { int b, a; } t[4]; } x;", "KS350", "struct s, at t.b" },
	{ "a member of a union inside", "struct s { union { int a; long b; }; } x;",
	  "struct s { union { int a; char b[8]; }; } x;", "KS350", "struct s, at b" },
	{ "a union larger", "union u { int a; } x;", "union u { int a; long b; } x;", "KS350", "union u, at b" },
	{ "another use of the same bytes", "struct s { long a; } x;", "struct s { union { long a; char *b; }; } x;",
	  "KS350", "struct s, at b" },
	{ "a typedef's structure", "typedef struct { int a; } t; t x;", "typedef struct { long a; } t; t x;",
	  "KS350", "struct t, at a" },
	{ "a typedef's structure behind a pointer", "typedef struct { int a, b; } t; t *x;" USED("t"),
	  "typedef struct { int b, a; } t; t *x;" USED("t"), "KS350", "struct t, at b" },
	{ "a structure that only a cast leads to",
	  "struct s { int a, b; }; int f(void *p) { return ((struct s *)p)->a; }",
	  "struct s { int b, a; }; int f(void *p) { return ((struct s *)p)->a; }", "KS350", "struct s, at b" },
	{ "a group of members", "struct s { int a, b; long c; } x;",
	  "struct s { union { struct { int a, b; }; struct { int a, b; } g; }; long c; } x;", NULL, NULL },
	{ "a group of members with a tag", "struct s { int a, b; long c; } x;",
	  "struct s { union { struct { int a, b; }; struct tag { int a, b; } g; }; long c; } x;", NULL, NULL },
	{ "a group of members in another order", "struct s { int a, b; long c; } x;",
	  "struct s { union { struct { int a, b; }; struct { int b, a; } g; }; long c; } x;", "KS350",
	  "struct s, at g" },
	{ "wrapped in a structure without a name", "struct s { int a, b; } x;",
	  "struct s { struct { int a; }; int b; } x;", NULL, NULL },
	{ "a new type", "int x;", "struct s { int a; } y; int x;", NULL, NULL },
	{ "const", "struct s { int a; char *b; } x;", "struct s { const int a; const char *volatile b; } x;", NULL, NULL },
	{ "a flexible array", "struct s { int n; char a[]; } *x; int f(void) { return x->n; }",
	  "struct s { int n; char a[]; } *x; int f(void) { return x->n; }", NULL, NULL },
	{ "an array without elements becomes a flexible one", "struct s { int n; char a[0]; } *x; int f(void) { return x->n; }",
	  "struct s { int n; char a[]; } *x; int f(void) { return x->n; }", NULL, NULL },
	{ "a flexible array of other elements", "struct s { int n; char a[]; } *x; int f(void) { return x->n; }",
	  "struct s { int n; short a[]; } *x; int f(void) { return x->n; }", "KS350", "struct s, at a" },
	{ "a flexible array added", "struct s { int n; } *x; int f(void) { return x->n; }",
	  "struct s { int n; int a[]; } *x; int f(void) { return x->n; }", "KS350", "struct s, at a" },
	{ "a mark added", "struct s { int a, b; } x;", "struct s { int a; char mark[0]; int b; } x;", NULL, NULL },
	{ "a mark removed", "struct s { int a; struct { } mark; int b; } x;", "struct s { int a, b; } x;", NULL, NULL },
	{ "a type that refers to itself", "struct s { struct s *next; struct { struct s *p; } q; } x;",
	  "struct s { struct s *next; struct { struct s *p; } q; } x;", NULL, NULL },
};

static const struct change of_names[] = {
	{ "a new name", "struct s { int a; } x;", "struct s { int b; } x;", "KS375", "struct s, at b" },
	{ "a new name and another sign", "struct s { int a; } x;", "struct s { unsigned b; } x;", "KS350",
	  "struct s, at b" },
	{ "a new name in a bit field", "struct s { int a : 1, b : 1; } x;", "struct s { int a : 1, c : 1; } x;",
	  "KS375", "struct s, at c" },
	{ "a new name in an inner structure", "struct s { struct { int a; } i; } x;",
	  "struct s { struct { int b; } i; } x;", "KS375", "struct s, at i.b" },
	{ "reserved for later", "struct s { int a, b; } x;", "struct s { int a, __unused; } x;", "KS375",
	  "struct s, at __unused" },
	{ "a structure renamed", "struct s { int a; struct s *next; } *x;" USED("struct s"),
	  "struct t { int a; struct t *next; } *x;" USED("struct t"), NULL, NULL },
	{ "a structure renamed, seen through locals only",
	  "struct s { int a; }; int f(void **v) { struct s *p = *v; return p->a; }",
	  "struct t { int a; }; int f(void **v) { struct t *p = *v; return p->a; }", NULL, NULL },
	{ "a structure renamed and grown", "struct s { int a; } *x;" USED("struct s"),
	  "struct t { int a, b; } *x;" USED("struct t"), "KS350", "struct t (before: struct s), at b" },
	{ "the same, seen through locals only",
	  "struct s { int a; }; int f(void **v) { struct s *p = *v; return p->a; }",
	  "struct t { long n; int a; }; int f(void **v) { struct t *p = *v; return p->a; }", "KS350",
	  "struct t (before: struct s), at n" },
	{ "the same, and the local's name is another one",
	  "struct s { int a; }; int f(void **v) { struct s *p = *v; return p->a; }",
	  "struct t { long n; int a; }; int f(void **v) { struct t *q = *v; return q->a; }", "KS350",
	  "struct t (before: struct s), at n" },
	{ "the same, and the function's too, behind a cast",
	  "struct s { int a; }; int f(void *v) { return ((struct s *)v)->a; }",
	  "struct t { long n; int a; }; int g(void *v) { return ((struct t *)v)->a; }", "KS350",
	  "struct t (before: struct s), at n" },
	{ "the same, and the old one is still there for others",
	  "struct s { int a; }; int f(void **v) { struct s *p = *v; return p->a; } int g(struct s *p) { return p->a; }",
	  "struct s { int a; }; struct t { long n; int a; };"
	  "int f(void **v) { struct t *p = *v; return p->a; } int g(struct s *p) { return p->a; }", "KS350",
	  "struct t (before: struct s), at n" },
	{ "renamed to one that was there, and is another",
	  "struct s { int a, b; }; struct t { int b, a; };"
	  "int f(void **v) { struct s *p = *v; return p->a; } int g(struct t *p) { return p->a; }",
	  "struct t { int b, a; }; int f(void **v) { struct t *p = *v; return p->a; } int g(struct t *p) { return p->a; }",
	  "KS350", "struct t (before: struct s), at b" },
	{ "a renamed typedef, members exchanged", "typedef struct { int a, b; } s; s *x;" USED("s"),
	  "typedef struct { int b, a; } t; t *x;" USED("t"), "KS350", "struct t (before: struct s), at b" },
	{ "a typedef gets a tag", "typedef struct { int a; } s; s *x;" USED("s"),
	  "struct s_tag { int a; }; typedef struct s_tag s; s *x;" USED("s"), NULL, NULL },
	{ "one without a name gets one, and grows", "struct o { struct { int a; } i[2]; } x;",
	  "struct i { int a, b; }; struct o { struct i i[2]; } x;", "KS350", "struct" },
	{ "one without a name gets one", "struct o { struct { int a; } i[2]; } x;",
	  "struct i { int a; }; struct o { struct i i[2]; } x;", NULL, NULL },
	{ "two types exchange their names", "struct i { int a; } x; struct j { char *b; } y;"
	  " struct s { struct i *i; struct j *j; } z;", "struct j { int a; } x; struct i { char *b; } y;"
	  " struct s { struct j *i; struct i *j; } z;", NULL, NULL },
	{ "two types exchange their contents", "struct i { int a; } *x; struct j { char *b; } *y;"
	  "long f(void) { return x->a + *y->b; }", "struct j { int a; }; struct i { char *b; } *x; struct j *y;"
	  "long f(void) { return *x->b + y->a; }", "KS350", "struct i, at b" },
	{ "other types inside, with the same contents", "struct i { int a; }; struct j { int a; }; struct s { struct i i; } x;"
	  " struct j y;", "struct i { int a; }; struct j { int a; }; struct s { struct j i; } x;"
	  " struct i y;", NULL, NULL },
	{ "a local of a changed function has another type", SOCKETS
	  "int f(void **v) { struct socket *p = *v; return p->state; }", SOCKETS
	  "int f(void **v) { struct sock *p = *v; return p->flags; }", NULL, NULL },
	{ "a parameter of a changed function has another type", SOCKETS
	  "static __attribute__((noinline)) int f(struct socket *p) { return p->state; } int g(struct socket *p) { return f(p); }",
	  SOCKETS "static __attribute__((noinline)) int f(struct sock *p) { return p->flags; } int g(struct socket *p) { return f(p->sk); }", NULL, NULL },
};

static const struct change of_pointers[] = {
	{ "to another structure, under another name", SOCKETS "struct s { struct socket *sock; } x;",
	  SOCKETS "struct s { struct sock *sk; } x;", "KS350", "struct s, at sk" },
	{ "to another structure", SOCKETS "struct s { struct socket *p; } x;", SOCKETS "struct s { struct sock *p; } x;",
	  "KS350", "struct s, at p" },
	{ "to another structure, both only declared", "struct s { struct a *p; } x; struct b *y;",
	  "struct s { struct b *p; } x; struct a *y;", "KS350", "struct s, at p" },
	{ "to one of which the unit knows more now", "struct a; struct s { struct a *p; } x;",
	  "struct a { int i; }; struct s { struct a *p; } x; int f(void) { return x.p->i; }", NULL, NULL },
	{ "to an array of them", SOCKETS "struct s { struct socket *p[2]; } x;", SOCKETS "struct s { struct sock *p[2]; } x;",
	  "KS350", "struct s, at p" },
	{ "to a pointer", SOCKETS "struct s { struct sock *p; } x;", SOCKETS "struct s { struct sock **p; } x;",
	  "KS350", "struct s, at p" },
	{ "to a pointer to another", SOCKETS "struct s { struct socket **p; } x;", SOCKETS "struct s { struct sock **p; } x;",
	  "KS350", "struct s, at p" },
	{ "to larger numbers", "struct s { int *p; } x;", "struct s { long *p; } x;", "KS350", "struct s, at p" },
	{ "to one without a name, members exchanged", "struct s { struct { int a, b; } *p; } x;",
	  "struct s { struct { int b, a; } *p; } x;", "KS350", "struct s, at p" },
	{ "to something that had no type", "struct s { void *p; } x;", "struct s { int *p; } x;", "KS377", "struct s, at p" },
	{ "a number is a pointer", "struct s { unsigned long p; } x;", "struct s { void *p; } x;", "KS350", "struct s, at p" },
	{ "a function with another parameter", "struct s { int (*f)(int, long); } x;", "struct s { int (*f)(int, char *); } x;",
	  "KS350", "struct s, at f" },
	{ "a function with one more parameter", "struct s { int (*f)(int); } x;", "struct s { int (*f)(int, int); } x;",
	  "KS350", "struct s, at f" },
	{ "a function that takes a wider number", "struct s { int (*f)(int); } x;", "struct s { int (*f)(long); } x;",
	  "KS350", "struct s, at f" },
	{ "a function that returns something", "struct s { void (*f)(int); } x;", "struct s { int (*f)(int); } x;",
	  "KS350", "struct s, at f" },
	{ "a function with another structure", SOCKETS "struct s { int (*f)(struct sock *); } x;",
	  SOCKETS "struct s { int (*f)(struct socket *); } x;", "KS350", "struct s, at f" },
	{ "a function whose parameter's type is renamed", "struct a { int i; }; struct s { int (*f)(struct a *); } x; struct a *y;",
	  "struct b { int i; }; struct s { int (*f)(struct b *); } x; struct b *y;", NULL, NULL },
	{ "a function with variable arguments", "struct s { int (*f)(char *); } x;", "struct s { int (*f)(char *, ...); } x;",
	  "KS350", "struct s, at f" },
	{ "a function through a typedef", "typedef int (*cb)(int); struct s { cb f; } x;", "typedef int (*cb)(int, int); struct s { cb f; } x;",
	  "KS350", "struct s, at f" },
	{ "a function with a prototype at last", "struct s { int (*f)(); } x;", "struct s { int (*f)(void); } x;", NULL, NULL },
};

static const struct change of_numbers[] = {
	{ "signed, now not", "struct s { int a; } x;", "struct s { unsigned int a; } x;", "KS377", "struct s, at a" },
	{ "a bit that was signed", "struct s { int a : 1; } x;", "struct s { unsigned a : 1; } x;", "KS377", "struct s, at a" },
	{ "char, now bool", "struct s { char a; } x;", "struct s { _Bool a; } x;", "KS377", "struct s, at a" },
	{ "a number is an enumeration now", "struct s { unsigned a; } x;", "enum e { A }; struct s { enum e a; } x;",
	  "KS377", "struct s, at a" },
	{ "long, under another name of the same size", "struct s { long a; } x;", "struct s { long long a; } x;", NULL, NULL },
	{ "a number is one with a comma", "struct s { int a; } x;", "struct s { float a; } x;", "KS350", "struct s, at a" },
	{ "a counter is atomic now", "struct s { int a; } x;", "typedef struct { int counter; } atomic_t; struct s { atomic_t a; } x;",
	  "KS377", "struct s, at a" },
	{ "an atomic counter is a pointer now", "typedef struct { long counter; } atomic_t; struct s { atomic_t a; } x;",
	  "struct s { void *a; } x;", "KS350", "struct s, at a" },
	{ "in the network's byte order", "typedef unsigned u32; typedef u32 __be32; struct s { u32 a; } x; __be32 y;",
	  "typedef unsigned u32; typedef u32 __be32; struct s { __be32 a; } x; u32 y;", "KS350", "at a" },
	{ "another typedef", "typedef unsigned u32; typedef unsigned uint; struct s { u32 a; } x; uint y;",
	  "typedef unsigned u32; typedef unsigned uint; struct s { uint a; } x; u32 y;", NULL, NULL },
};

static const struct change of_padding[] = {
	{ "a member added in a hole", "struct s { char a; long b; } x;", "struct s { char a, c; long b; } x;",
	  "KS376", "struct s, at c" },
	{ "a member added behind the last", "struct s { long a; char b; } x;", "struct s { long a; char b; int c; } x;",
	  "KS376", "struct s, at c" },
	{ "a bit field added", "struct s { int a : 3; } x;", "struct s { int a : 3, b : 1; } x;", "KS376", "struct s, at b" },
	{ "unused bits used", "struct s { int a : 3, __unused : 5; } x;", "struct s { int a : 3, b : 1, __unused : 4; } x;",
	  "KS376", "struct s, at b" },
	{ "a reserved array used in part", "struct s { int a; char reserved[8]; int c; } x;",
	  "struct s { int a; int b; char reserved[4]; int c; } x;", "KS376", "struct s, at b" },
	{ "a reserved number used", "struct s { int a; unsigned _rsvd1; } x;", "struct s { int a; int b; } x;", "KS376", "struct s, at b" },
	{ "padding in an inner structure", "struct s { struct { char a; long b; } i; } x;",
	  "struct s { struct { char a, c; long b; } i; } x;", "KS376", "struct s, at i.c" },
	{ "a hole that is too small", "struct s { char a; short b; } x;", "struct s { char a; short c; short b; } x;",
	  "KS350", "struct s, at c" },
	{ "a pointer called pad is none", "struct p; struct s { struct p *pad; } x;", "struct s { long b; } x;", "KS350", "struct s, at b" },
	{ "padding named", "struct s { char a; long b; } x;", "struct s { char a; char pad[7]; long b; } x;", NULL, NULL },
};

static const struct change of_enums[] = {
	{ "an enumerator moved", "enum e { A, B } x;", "enum e { A, N, B } x;", "KS350", "enum e, at B" },
	{ "an enumerator added", "enum e { A, B } x;", "enum e { A, B, C } x;", NULL, NULL },
	{ "an enumerator in a gap", "enum e { A, B = 5 } x;", "enum e { A, C, B = 5 } x;", NULL, NULL },
	{ "two exchanged", "enum e { A, B } x;", "enum e { B, A } x;", "KS350", "enum e, at B" },
	{ "an enumerator renamed", "enum e { A, B } x;", "enum e { A, C } x;", "KS375", "enum e, at C" },
	{ "an enumerator renamed, and one added", "enum e { A, B } x;", "enum e { A, C, D } x;", "KS350", "enum e, at C" },
	{ "an alias added and removed", "enum e { A, B, FIRST = A } x;", "enum e { A, B, SECOND = B } x;", NULL, NULL },
	{ "wider", "enum e { A, B } x;", "enum e { A, B, C = 1L << 40 } x;", "KS350", "enum e" },
	{ "an enumerator before the one that counts them", "enum e { A, B, NR_E } x;", "enum e { A, B, C, NR_E } x;",
	  "KS378", "enum e, at NR_E" },
	{ "the same, and a maximum", "enum e { A, B, __E_MAX, E_MAX = __E_MAX - 1 } x;",
	  "enum e { A, B, C, __E_MAX, E_MAX = __E_MAX - 1 } x;", "KS378", "enum e, at E_MAX" },
	{ "an enumerator in front of all", "enum e { A, B, NR_E } x;", "enum e { C, A, B, NR_E } x;", "KS350", "enum e, at A" },
	{ "one with such a name that isn't behind all", "enum e { A, E_MAX, B = 9 } x;", "enum e { A, C, E_MAX, B = 9 } x;",
	  "KS350", "enum e, at E_MAX" },
	{ "without a name", "enum { A, B }; int x; void f(void) { x = B; }", "enum { N, A, B }; int x; void f(void) { x = B; }",
	  "KS350", "enum {A}, at A" },
	{ "without a name, two exchanged", "enum { A, B }; int x; void f(void) { x = B; }",
	  "enum { B, A }; int x; void f(void) { x = B; }", "KS350", "enum {A}, at B" },
	{ "without a name, one more", "enum { A, B }; int x; void f(void) { x = B; }", "enum { A, B, C }; int x; void f(void) { x = B; }", NULL, NULL },
	{ "without a name, all renamed", "enum { A, B }; int x; void f(void) { x = B; }",
	  "enum { C, D }; int x; void f(void) { x = D; }", "KS375", "at D" },
	{ "without a name, all renamed, and one more", "enum { A, B }; int x; void f(void) { x = B; }",
	  "enum { N, C, D }; int x; void f(void) { x = D; }", "KS350", "at N" },
	{ "of one function", "int x; void f(void) { enum { A, B }; x = B; }", "int x; void f(void) { enum { N, A, B }; x = B; }",
	  "KS350", "at A" },
	{ "gets a name", "enum { A, B }; int x; void f(void) { x = B; }", "enum e { A, B }; int x; void f(void) { x = B; }", NULL, NULL },
	{ "gets a name and another member in front", "enum { A, B }; int x; void f(void) { x = B; }",
	  "enum e { N, A, B }; int x; void f(void) { x = B; }", "KS350", "at A" },
	{ "renamed, and an enumerator moved", "enum e { A, B } x;", "enum n { N, A, B } x;", "KS350", "enum n (before: enum e), at A" },
	{ "another enumeration", "enum e { A, B }; enum n { C, D }; struct s { enum e a; } x; enum n y; enum e z;",
	  "enum e { A, B }; enum n { C, D }; struct s { enum n a; } x; enum n y; enum e z;", "KS350", "struct s, at a" },
	{ "of a typedef", "typedef enum { A, B } t; t x;", "typedef enum { N, A, B } t; t x;", "KS350", "enum t, at A" },
	{ "inside a structure", "struct s { enum { A, B } a; } x;", "struct s { enum { B, A } a; } x;", "KS350", "at" },
	{ "packed", "enum e { A, B } __attribute__((packed)); struct s { enum e a; } x;", "enum e { A, B }; struct s { enum e a; } x;",
	  "KS350", "enum e" },
};

static const struct change of_variables[] = {
	{ "signed, now not", "int x; int f(void) { return x; }", "unsigned x; int f(void) { return x; }", "KS377", "variable x" },
	{ "a pointer to another structure", SOCKETS "struct socket *x;", SOCKETS "struct sock *x;", "KS350", "variable x" },
	{ "an array of pointers to another structure", SOCKETS "struct socket *x[3];", SOCKETS "struct sock *x[3];", "KS350", "variable x" },
	{ "a static one of a function", SOCKETS "struct socket *f(struct socket *n) { static struct socket *x; struct socket *o = x; x = n; return o; }",
	  SOCKETS "struct sock *f(struct sock *n) { static struct sock *x; struct sock *o = x; x = n; return o; }", "KS350", "variable x in f()" },
	{ "of a type without a name", "struct { int a, b; } x;", "struct { int b, a; } x;", "KS350", "variable x, at b" },
	{ "an array of a type without a name", "struct { int a, b; } x[2];", "struct { int b, a; } x[2];", "KS350", "variable x, at b" },
	{ "a function pointer", "int (*x)(int);", "int (*x)(char *);", "KS350", "variable x" },
	{ "of another unit", SOCKETS "extern struct socket *x; int f(void) { return !x; }", SOCKETS "extern struct sock *x; int f(void) { return !x; }",
	  "KS350", "variable x" },
	{ "per CPU", SOCKETS "__attribute__((section(\".data..percpu\"))) struct socket *x;",
	  SOCKETS "__attribute__((section(\".data..percpu\"))) struct sock *x;", "KS350", "variable x" },
	{ "a pointer, once a number", "unsigned long x;", "char *x;", "KS350", "variable x" },
	{ "atomic now", "int x;", "typedef struct { int counter; } atomic_t; atomic_t x;", "KS377", "variable x" },
	{ "larger: the differ reports that", "int x;", "long x;", NULL, NULL },
	{ "an array longer: the differ reports that", "int x[2];", "int x[3];", NULL, NULL },
	{ "elements in other dimensions", "int x[2][4];", "int x[4][2];", "KS350", "variable x" },
	{ "a constant", "const int x = 1;", "const unsigned x = 1;", NULL, NULL },
	{ "const now", "int x = 1;", "const int x = 1;", NULL, NULL },
	{ "new", "int x;", "int x; unsigned y;", NULL, NULL },
};

/* Of what is on the stack of one function nothing is older than its code. */
#define ON_STACK(members) "int f(int a) { struct s { " members " } x = { a }; __asm__(\"\" : \"+m\"(x)); return x.a; }"

static const struct change on_stack[] = {
	{ "of one function", ON_STACK("int a;"), ON_STACK("long b, a;"), NULL, NULL },
	{ "an array of them, in another structure",
	  "struct s { int a; }; struct o { struct s s[2]; }; int f(int a) { struct o x = { { { a } } }; __asm__(\"\" : \"+m\"(x)); return x.s[1].a; }",
	  "struct s { int b, a; }; struct o { struct s s[2]; }; int f(int a) { struct o x = { { { a } } }; __asm__(\"\" : \"+m\"(x)); return x.s[1].a; }", NULL, NULL },
	{ "static in it", "int f(int a) { static struct s { int a; } x; x.a += a; return x.a; }",
	  "int f(int a) { static struct s { int b, a; } x; x.a += a; return x.a; }", "KS350", "struct s in f()" },
	{ "given to another", "struct s { int a; }; void g(struct s *p); int f(int a) { struct s x = { a }; g(&x); return x.a; }",
	  "struct s { int b, a; }; void g(struct s *p); int f(int a) { struct s x = { a }; g(&x); return x.a; }", "KS350", "struct s" },
	{ "of two functions", "struct s { int a; }; int f(int a) { struct s x = { a }; __asm__(\"\" : \"+m\"(x)); return x.a; }"
	  "int g(int a) { struct s x = { a }; __asm__(\"\" : \"+m\"(x)); return x.a; }",
	  "struct s { int b, a; }; int f(int a) { struct s x = { a }; __asm__(\"\" : \"+m\"(x)); return x.a; }"
	  "int g(int a) { struct s x = { a }; __asm__(\"\" : \"+m\"(x)); return x.a; }", "KS350", "struct s" },
	{ "a member of another's", "struct s { int a; }; struct o { struct s s; } y; int f(int a) { struct s x = { a }; __asm__(\"\" : \"+m\"(x)); return x.a; }",
	  "struct s { int b; }; struct o { struct s s; } y; int f(int a) { struct s x = { a }; __asm__(\"\" : \"+m\"(x)); return x.b; }", "KS375", "struct s" },
	{ "pointed to", "struct s { int a; }; int f(int a) { struct s x = { a }, *p = &x; __asm__(\"\" : \"+r\"(p)); return p->a; }",
	  "struct s { int b, a; }; int f(int a) { struct s x = { a }, *p = &x; __asm__(\"\" : \"+r\"(p)); return p->a; }", "KS350", "struct s" },
	{ "returned", "struct s { int a; }; struct s f(int a) { struct s x = { a }; return x; }",
	  "struct s { int b, a; }; struct s f(int a) { struct s x = { a }; return x; }", "KS350", "struct s" },
};

static const struct {
	const char *what;
	const struct change *list;
	size_t n;
} kinds[] = {
#define KIND(array) { #array, array, sizeof(array) / sizeof(*array) }
	KIND(of_places), KIND(of_names), KIND(of_pointers), KIND(of_numbers), KIND(of_padding), KIND(of_enums),
	KIND(of_variables), KIND(on_stack),
};

#endif
