// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: a tree with a folder that can't be read, and a tree that isn't there.
 * Prevents: a module that can't be read being taken for one that doesn't use a name; a file that can't be
 *   read being taken for one that isn't there.
 * Fails if: the walk goes on as if the folder were empty, or ends as if it had seen everything.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "kpatch-build/build.h"
#include "kpatch-build/check/lost-users.h"
#include "lib/diag.h"
#include "lib/files.h"
#include "lib/temporary.h"
#include "lib/text.h"
#include "lib/walk.h"

#define NOBODY 65534

/* A tree with one file, and a folder that nobody may read. */
struct tree {
	char root[32];
	char *file, *closed;
};

static int make_tree(void **state)
{
	struct tree *tree = calloc(1, sizeof(*tree));
	int fd;

	strcpy(tree->root, "/tmp/test-walk.XXXXXX");
	assert_non_null(mkdtemp(tree->root));
	assert_int_equal(chmod(tree->root, 0755), 0);
	tree->file = format("%s/file", tree->root);
	tree->closed = format("%s/zzz", tree->root);
	fd = open(tree->file, O_CREAT | O_WRONLY, 0);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(mkdir(tree->closed, 0), 0);
	*state = tree;
	/* to root, no file is closed */
	return geteuid() ? 0 : seteuid(NOBODY);
}

static int remove_all(void **state)
{
	struct tree *tree = *state;
	int err = getuid() ? 0 : seteuid(0);

	remove_tree(tree->root);
	free(tree->file);
	free(tree->closed);
	free(tree);
	return err;
}

/* Walk to the end, or to an error. */
static int walk(const char *root, size_t *n)
{
	char *const roots[] = { (char *)root, NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	int err;

	assert_non_null(fts);
	for (*n = 0; !(err = walk_next(fts, &entry)) && entry; (*n)++)
		;
	fts_close(fts);
	return err;
}

static void a_closed_folder_is_an_error(void **state)
{
	struct tree *tree = *state;
	size_t n;

	assert_int_equal(walk(tree->root, &n), -EACCES);
}

static void a_tree_that_is_not_there_is_an_error(void **state)
{
	size_t n;

	(void)state;
	assert_int_equal(walk("/nowhere/at/all", &n), -ENOENT);
}

static void a_whole_tree_ends(void **state)
{
	struct tree *tree = *state;
	size_t n;

	assert_int_equal(getuid() ? 0 : seteuid(0), 0);
	assert_int_equal(chmod(tree->closed, 0755), 0);
	assert_int_equal(walk(tree->root, &n), 0);
	assert_int_equal(n, 5); /* both folders are entries before and after what they contain */
}

static void a_module_in_a_closed_folder_may_be_a_user(void **state)
{
	struct tree *tree = *state;
	struct kernel kernel = { .debug_modules = tree->root, .modules = tree->root };
	struct diag *diag = diag_new("test");
	struct reached reached = { 0 };
	char *text = NULL;

	assert_true(find_module_user(&kernel, &reached, "name", &text, diag) < 0);
	assert_true(diag_has_error(diag, "KS153"));
	diag_free(diag);
}

static void a_closed_file_is_not_a_missing_one(void **state)
{
	struct tree *tree = *state;
	char none[] = "", *text = none;
	size_t size = 1;

	assert_int_equal(read_file_if_there(tree->file, &text, &size), -EACCES);
	assert_ptr_equal(text, none);
	assert_int_equal(read_file_if_there("/nowhere/at/all", &text, &size), 0);
	assert_null(text);
}

int main(void)
{
#define in_tree(test) cmocka_unit_test_setup_teardown(test, make_tree, remove_all)
	const struct CMUnitTest tests[] = {
		in_tree(a_closed_folder_is_an_error),
		cmocka_unit_test(a_tree_that_is_not_there_is_an_error),
		in_tree(a_whole_tree_ends),
		in_tree(a_module_in_a_closed_folder_may_be_a_user),
		in_tree(a_closed_file_is_not_a_missing_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
