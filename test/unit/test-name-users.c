// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: small trees with a header that changes, other headers, and units that depend on it in
 *   one way each.
 * Prevents: a unit with code of the old header, because the changed name isn't in its text.
 * Fails if: a file that depends on the change isn't a user, and the header's readers don't count
 *   either.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "kpatch-build/build.h"
#include "kpatch-build/index/word-index.h"
#include "kpatch-build/units/name-users.h"
#include "lib/array.h"
#include "lib/diag.h"
#include "lib/files.h"
#include "lib/text.h"
#include "lib/temporary.h"

#define USE "int u = CHANGED;\n"
#define PLAIN "#define CHANGED 1\n", "#define CHANGED 2\n"
#define GROWN "struct s { int a; };\n", "struct s { int a; int b; };\n"

/*
 * The header is h.h. "other.h" and "unit.c" have the two texts; @users are the files of the tree
 * that count, "readers" if all that read h.h do.
 */
static const struct {
	const char *what, *old, *new, *other, *unit, *users;
} trees[] = {
	{ "no use", PLAIN, "int o;\n", "int u;\n", "" },
	{ "a use", PLAIN, "int o;\n", USE, "unit.c" },
	{ "a mention", PLAIN, "/* CHANGED */\n", "char *u = \"CHANGED\"; // CHANGED\n", "" },
	{ "a condition in a unit", PLAIN, "", "#if CHANGED > 1\nint u;\n#endif\n", "unit.c" },
	{ "a condition in a header", PLAIN, "#ifdef CHANGED\nint o(void);\n#endif\n", "",
	  "other.h" },
	{ "a size", GROWN, "", "_Static_assert(sizeof(struct s) == 4, \"\");\n", "unit.c" },
	{ "a size in a header", GROWN, "static_assert(sizeof(struct s) == 4);\n", "", "other.h" },
	{ "a structure in another", GROWN, "struct t { struct s s; };\n",
	  "int u = sizeof(struct t);\n", "unit.c" },
	{ "… which an anonymous one contains", GROWN,
	  "struct t { union { int o; struct { struct s *s; }; }; };\n",
	  "int u(struct t *t) { return t->s->a; }\n", "unit.c" },
	{ "a structure that is only pointed to", GROWN, "struct s;\n", "int u;\n", "" },
	{ "a type's name", GROWN, "typedef struct s s_t;\n", "s_t u;\n", "other.h" },
	{ "an enumerator", PLAIN, "enum e { FIRST = CHANGED };\n", "int u = FIRST;\n", "other.h" },
	{ "a variable's type", GROWN, "extern struct s o;\n", "int *u = &o.a;\n", "unit.c" },
	{ "a macro of a macro", PLAIN, "#define ONE (CHANGED + 1)\n#define TWO ONE\n",
	  "int u = TWO;\n", "unit.c" },
	{ "an inline function of an inline function", PLAIN,
	  "static inline int f(void) { return CHANGED; }\nstatic inline int g(void) { return f(); }\n",
	  "int u(void) { return g(); }\n", "unit.c" },
	{ "a macro in a list", PLAIN, "#define LIST(X) X(CHANGED)\n",
	  "#define X(a) a\nint u = LIST(X);\n", "unit.c" },
	{ "a list in a header", PLAIN, "ENTRY(CHANGED)\n", "#include \"other.h\"\n", "other.h" },
	{ "an event", PLAIN, "TRACE_EVENT(e, TP_ARGS(CHANGED));\n", "", "other.h" },
	{ "another meaning until the end", PLAIN,
	  "#undef CHANGED\n#define CHANGED 3\nint o[CHANGED];\n#undef CHANGED\n", "", "other.h" },
	{ "a name for two things", "int f(int a);\n", "int f(long a);\n", "#define f(a) f(a)\n", "",
	  "h.h" },
	{ "a macro in place of a function's name", PLAIN,
	  "#define f(x) my_##x(int a)\nstatic inline int f(add) { return CHANGED; }\n",
	  "int u(void) { return my_add(1); }\n", "other.h" },
	{ "parameters are no arguments", "#define PRE_LEAF 1\n", "#define PRE_LEAF 2\n",
	  "#define has(x) PRE_##x\nint f(int LEAF);\nstatic inline int g(int LEAF) { return 1; }\n",
	  "int u = f(1);\n", "" },
	{ "two pieces", "#define PRE_LEAF 1\n", "#define PRE_LEAF 2\n", "#define has(x) PRE_##x\n",
	  "int u = has(LEAF);\n", "unit.c" },
	{ "four pieces", "#define REG_FLD_INDEX 1\n", "#define REG_FLD_INDEX 2\n",
	  "#define get(r, f) r##_##f##_INDEX\n", "int u = get(REG, FLD);\n", "unit.c" },
	{ "six pieces", "#define HE_MAC_CAP0_HTC_MASK 1\n", "#define HE_MAC_CAP0_HTC_MASK 2\n",
	  "#define get(t, i, n) HE_##t##_CAP##i##_##n##_MASK\n", "int u = get(MAC, 0, HTC);\n",
	  "unit.c" },
	{ "a piece that becomes a macro's name", "#define PRE_LEAF 1\n", "#define PRE_LEAF 2\n",
	  "#define has(x) PRE_##x\n#define LEAF_END has(LEAF)\n",
	  "#define get(x) LEAF_##x\nint u = get(END);\n", "unit.c" },
	{ "a macro that may have been pasted for a test", "", "#define YES_LEAF 1\n",
	  "#define is(x) def(YES_##x)\n", "int u = is(LEAF);\n", "unit.c" },
	{ "a structure that is pasted", "struct pre_leaf { int a; };\n",
	  "struct pre_leaf { int a; int b; };\n", "#define S(x) struct pre_##x\n", "S(leaf) u;\n",
	  "unit.c" },
	{ "a macro with a declaration in it", "#define fields int a;\n",
	  "#define fields struct t { int a; } t;\n", "struct s { int b; fields };\n",
	  "struct t u;\n", "other.h" },
	{ "a macro that is a type", "#define kind int\n", "#define kind struct t { int a; }\n",
	  "extern kind o;\n", "struct t u;\n", "other.h" },
	{ "… by another macro", "#define kind int\n", "#define kind struct t { int a; }\n",
	  "#define same kind\nextern same o;\n", "struct t u;\n", "other.h" },
	{ "an annotation", "#define __rcu\n", "#define __rcu __attribute__((packed))\n",
	  "struct s { int __rcu *a; };\n", "struct s u;\n", "readers" },
	{ "a header that can't be divided", PLAIN, "#if 1\nint o[CHANGED];\n", "", "other.h" },
	{ "an odd line end", PLAIN, "#define O 1 + \\ \n CHANGED\n", "int u = O;\n", "other.h" },
	{ "a part that isn't understood", "int a;\n", "ODD(a)\n", "", "", "readers" },
	{ "an include", "", "#include \"other.h\"\n", "", "", "readers" },
	{ "blanks in a string", "#define CHANGED \"a b\"\n", "#define CHANGED \"a  b\"\n", "", USE,
	  "unit.c" },
	{ "lines that move", "int f(int a);\n#define LINE __LINE__\n",
	  "/*\n */\nint f(int a);\n#define LINE __LINE__\n", "", "int u = LINE;\n", "" },
};

struct tree {
	char folder[32];
	struct build build;
	struct change change;
};

static void write_text(const struct tree *tree, const char *folder, const char *name,
		       const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", tree->folder, folder);
	assert_int_equal(make_dirs(path), 0);
	snprintf(path, sizeof(path), "%s/%s/%s", tree->folder, folder, name);
	assert_int_equal(write_file_atomic(path, text, strlen(text), 0644), 0);
}

static char *folder_of(const struct tree *tree, const char *name)
{
	return path_join(tree->folder, name, NULL);
}

static void make_tree(struct tree *tree)
{
	memset(tree, 0, sizeof(*tree));
	strcpy(tree->folder, "/tmp/users-XXXXXX");
	assert_non_null(mkdtemp(tree->folder));
	tree->change.path = (char *)"h.h";
	tree->build.changes = &tree->change;
	tree->build.n_changes = 1;
	tree->build.diag = diag_new("tool");
	tree->build.kernel.source = folder_of(tree, "source");
	tree->build.kernel.build = folder_of(tree, "build");
	tree->build.kernel.dir = folder_of(tree, "");
	tree->build.kernel.build_id = (char *)"id";
	tree->build.shadow = folder_of(tree, "shadow");
}

/* The words are searched once, as for a real kernel. */
static void index_tree(struct tree *tree)
{
	char *path = folder_of(tree, WORD_INDEX_NAME);

	assert_int_equal(word_index_make(tree->build.kernel.source, tree->build.kernel.build, "x86",
					 path, "id", tree->build.diag),
			 0);
	free(path);
}

static void free_tree(struct tree *tree)
{
	free(tree->build.kernel.source);
	free(tree->build.kernel.build);
	free(tree->build.kernel.dir);
	free(tree->build.shadow);
	diag_free(tree->build.diag);
	assert_int_equal(remove_tree(tree->folder), 0);
}

static void check_users(struct tree *tree, const char *what, const char *expected)
{
	struct name_users users;
	char found[256] = "";

	assert_int_equal(name_users_find(&tree->build.job, &tree->build.kernel, &tree->build.series,
					 &tree->build.trees, &users),
			 0);
	if (users.readers[0])
		strcpy(found, "readers");
	for (size_t i = 0; i < users.n && !users.readers[0]; i++)
		if (strcmp(users.files[i], "h.h") || users.n == 1)
			strcat(strcat(found, *found ? " " : ""), users.files[i]);
	if (strcmp(found, expected))
		fail_msg("%s: '%s', not '%s'", what, found, expected);
	name_users_free(&users);
}

static void each_use_is_found(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(trees); i++) {
		struct tree tree;

		make_tree(&tree);
		write_text(&tree, "source", "h.h", trees[i].old);
		write_text(&tree, "shadow", "h.h", trees[i].new);
		write_text(&tree, "source", "other.h", trees[i].other);
		write_text(&tree, "source", "unit.c", trees[i].unit);
		index_tree(&tree);
		check_users(&tree, trees[i].what, trees[i].users);
		free_tree(&tree);
	}
}

/* Files that are neither .c, .h nor .S: what they mean for which unit isn't known. */
static void other_files_can_use_a_name(void **state)
{
	static const struct {
		const char *name, *text, *users;
	} files[] = {
		{ "Makefile", "ccflags-y += -DVALUE=CHANGED\n", "readers" },
		{ "Makefile", "# -D is a flag\nobj-y += CHANGED.o\n", "" },
		{ "table.inc", "CHANGED, 1, 2\n", "readers" },
		{ "table.inc", "1, 2\n", "" },
		{ "link.lds.S", ". = CHANGED;\n", "link.lds.S" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct tree tree;

		make_tree(&tree);
		write_text(&tree, "source", "h.h", "#define CHANGED 1\n");
		write_text(&tree, "shadow", "h.h", "#define CHANGED 2\n");
		write_text(&tree, "source", files[i].name, files[i].text);
		index_tree(&tree);
		check_users(&tree, files[i].name, files[i].users);
		free_tree(&tree);
	}
}

/* A header that kbuild made is as good as one of the source. */
static void generated_headers_are_searched(void **state)
{
	struct tree tree;

	make_tree(&tree);
	write_text(&tree, "source", "h.h", "#define CHANGED 1\n");
	write_text(&tree, "shadow", "h.h", "#define CHANGED 2\n");
	write_text(&tree, "build/include", "made.h", "#define MADE CHANGED\n");
	write_text(&tree, "source", "unit.c", "int u = MADE;\n");
	index_tree(&tree);
	check_users(&tree, "a generated header", "unit.c");
	free_tree(&tree);
}

/*
 * Headers that have nothing in common are followed apart: one that isn't understood, or a name that all
 * use, is no reason to follow all readers of another. A name that moves makes them one.
 */
static void headers_are_followed_apart(void **state)
{
	static const struct {
		const char *what, *old, *new; /* of the second header, "i.h" */
		const char *users; /* "GROUP:FILE" each; "readers" for the second header */
	} headers[] = {
		{ "another name", "#define OTHER 1\n", "#define OTHER 2\n",
		  "0:first.c 1:second.c" },
		{ "not understood", "int i;\n#if 1\n", "int i, j;\n#if 2\n#endif\n",
		  "readers 0:first.c" },
		{ "the same name", "#define OTHER 1\n#define CHANGED 3\n", "#define OTHER 2\n",
		  "0:first.c 0:second.c" },
		{ "a name that many use", "#define FIRST 1\n", "#define FIRST 2\n",
		  "0:first.c 1:first.c" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(headers); i++) {
		struct change changes[2] = { { .path = (char *)"h.h" }, { .path = (char *)"i.h" } };
		struct name_users users;
		char found[256] = "";
		struct tree tree;

		make_tree(&tree);
		tree.build.changes = changes;
		tree.build.n_changes = 2;
		write_text(&tree, "source", "h.h", "#define CHANGED 1\n");
		write_text(&tree, "shadow", "h.h", "#define CHANGED 2\n");
		write_text(&tree, "source", "i.h", headers[i].old);
		write_text(&tree, "shadow", "i.h", headers[i].new);
		write_text(&tree, "source", "first.c", "int FIRST = CHANGED;\n");
		write_text(&tree, "source", "second.c", "int s = OTHER;\n");
		index_tree(&tree);
		assert_int_equal(name_users_find(&tree.build.job, &tree.build.kernel,
						 &tree.build.series, &tree.build.trees, &users),
				 0);
		assert_false(users.readers[0]);
		if (users.readers[1])
			strcpy(found, "readers");
		for (int group = 0; group < 2; group++)
			for (size_t k = 0; k < users.n; k++) {
				bool first = users.group_of[k] == users.groups[0];

				if (first == !group && strstr(users.files[k], ".c"))
					sprintf(found + strlen(found), "%s%d:%s", *found ? " " : "",
						group, users.files[k]);
			}
		if (strcmp(found, headers[i].users))
			fail_msg("%s: '%s', not '%s'", headers[i].what, found, headers[i].users);
		name_users_free(&users);
		free_tree(&tree);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_use_is_found),
		cmocka_unit_test(other_files_can_use_a_name),
		cmocka_unit_test(generated_headers_are_searched),
		cmocka_unit_test(headers_are_followed_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
