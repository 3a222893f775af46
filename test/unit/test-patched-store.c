// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: units that were compiled for some diffs, and are to be compiled for others.
 * Prevents: a unit that is taken from a run whose source was another one.
 * Fails if: a unit is taken though a file that it reads differs, or though a new file may be found in
 * place of another; or if it isn't taken where the source is the same.
 */
#include "lib/array.h"
#include "test/unit/fixture.h"
#include "kpatch-build/build.h"
#include "kpatch-build/compile/patched-store.h"

struct tree {
	struct build build;
	struct change changes[4];
	struct unit unit;
	char *root; /* the current folder */
};

/* The tree "numbered-N" of a run that changes x.c, and @others: "h" its header, "y" another file, "a" a new one. */
static void begin(struct tree *tree, const char *run, const char *unit, const char *header,
		  const char *others)
{
	char *path;

	memset(tree, 0, sizeof(*tree));
	tree->root = getcwd(NULL, 0);
	tree->build.options.store = "store";
	tree->build.work = tree->root;
	tree->build.numbered = format("%s/numbered-%s", tree->root, run);
	tree->unit.object = (char *)"vmlinux";
	tree->unit.source = (char *)"fs/x.c";
	tree->unit.dir = format("%s/unit-%s", tree->root, run);
	tree->unit.patched = format("%s/patched.o", tree->unit.dir);
	tree->build.changes = tree->changes;
	tree->changes[tree->build.n_changes++].path = (char *)"fs/x.c";
	if (strchr(others, 'h'))
		tree->changes[tree->build.n_changes++].path = (char *)"include/x.h";
	if (strchr(others, 'y'))
		tree->changes[tree->build.n_changes++].path = (char *)"fs/y.c";
	if (strchr(others, 'a'))
		tree->changes[tree->build.n_changes++] =
			(struct change){ .path = (char *)"include/new.h", .added = true };
	path = format("%s/fs", tree->build.numbered);
	assert_int_equal(make_dirs(path), 0);
	free(path);
	path = format("%s/include", tree->build.numbered);
	assert_int_equal(make_dirs(path), 0);
	free(path);
	path = format("%s/fs/x.c", tree->build.numbered);
	write_text(path, unit);
	free(path);
	path = format("%s/include/x.h", tree->build.numbered);
	write_text(path, header);
	free(path);
	assert_int_equal(make_dirs(tree->unit.dir), 0);
}

static void compile_unit(struct tree *tree, const char *object)
{
	char *depfile = format("%s/patched.d", tree->unit.dir);
	char *text = format("x.o: %s/fs/x.c \\\n %s/fs/../include/x.h \\\n /usr/include/y.h\n",
			    tree->build.numbered, tree->build.numbered);

	write_text(depfile, text);
	write_text(tree->unit.patched, object);
	patched_store_keep(&tree->build, &tree->unit);
	free(depfile);
	free(text);
}

static void end(struct tree *tree)
{
	free(tree->build.numbered);
	free(tree->unit.dir);
	free(tree->unit.patched);
	free(tree->root);
}

static const struct {
	const char *unit, *header, *others;
	bool found;
} cases[] = {
	{ "new", "old", "", true }, /* the same fix */
	{ "new", "old", "y", true }, /* with one that the unit doesn't read */
	{ "newer", "old", "", false },
	{ "new", "changed", "h", false }, /* with one that changes its header */
	{ "new", "old", "h", false }, /* …in a way that doesn't show: not worth a look */
	{ "new", "old", "a", false }, /* with one that adds a file */
};

static void units_of_the_same_source_are_taken(void **state)
{
	struct tree tree;

	begin(&tree, "first", "new", "old", "");
	compile_unit(&tree, "object");
	end(&tree);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *run = format("%zu", i), *text = NULL, *depfile = NULL;
		size_t size;

		begin(&tree, run, cases[i].unit, cases[i].header, cases[i].others);
		if (patched_store_find(&tree.build, &tree.unit) != cases[i].found)
			fail_msg("case %zu: %s", i, cases[i].found ? "not found" : "found");
		if (cases[i].found) {
			char *path = format("%s/patched.d", tree.unit.dir);

			assert_int_equal(read_file(tree.unit.patched, &text, &size), 0);
			assert_string_equal(text, "object");
			assert_int_equal(read_file(path, &depfile, &size), 0);
			assert_non_null(strstr(depfile, tree.build.numbered));
			assert_null(strstr(depfile, "numbered-first"));
			free(path);
		}
		free(depfile);
		free(text);
		free(run);
		end(&tree);
	}
}

/* What a run changes and another doesn't, both ways; and two entries of one unit. */
static void headers_are_part_of_the_source(void **state)
{
	struct tree tree;
	char *text;
	size_t size;

	begin(&tree, "with", "new", "changed", "h");
	tree.unit.source = (char *)"fs/z.c";
	compile_unit(&tree, "with");
	end(&tree);
	begin(&tree, "without", "new", "old", "");
	tree.unit.source = (char *)"fs/z.c";
	assert_false(patched_store_find(&tree.build, &tree.unit));
	end(&tree);
	begin(&tree, "again", "new", "changed", "hy");
	tree.unit.source = (char *)"fs/z.c";
	assert_true(patched_store_find(&tree.build, &tree.unit));
	assert_int_equal(read_file(tree.unit.patched, &text, &size), 0);
	assert_string_equal(text, "with");
	free(text);
	/* another object's unit of that name is another unit */
	tree.unit.object = (char *)"x";
	assert_false(patched_store_find(&tree.build, &tree.unit));
	tree.unit.object = (char *)"vmlinux";
	tree.build.options.store = NULL;
	assert_false(patched_store_find(&tree.build, &tree.unit));
	end(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(units_of_the_same_source_are_taken),
		cmocka_unit_test(headers_are_part_of_the_source),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
