// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: a small source tree, and diffs that change, create and remove files in it through its
 *   shadow.
 * Prevents: a write that goes through a link into the shared source; a compiler that reads the
 *   unpatched file.
 * Fails if: anything in the source changes, or the shadow differs from the source except for the
 *   named files.
 */
#include <errno.h>
#include <sys/stat.h>

#include "lib/array.h"
#include "test/unit/fixture.h"
#include "lib/paths.h"
#include "kpatch-build/source/shadow.h"
#include "lib/temporary.h"

static int make_source(void **state)
{
	if (enter_temp_dir(state) || make_dirs("source/fs/proc/sub") || make_dirs("source/mm"))
		return -1;
	write_text("source/Makefile", "m");
	write_text("source/fs/open.c", "open");
	write_text("source/fs/proc/meminfo.c", "meminfo");
	write_text("source/fs/proc/internal.h", "internal");
	write_text("source/mm/slub.c", "slub");
	return symlink("open.c", "source/fs/link.c");
}

static void make(const char *const *paths, size_t n)
{
	char *source = realpath("source", NULL), *failed;

	remove_tree("shadow");
	assert_int_equal(shadow_make(source, "shadow", paths, n, &failed), 0);
	assert_null(failed);
	free(source);
}

static bool is_link(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

static void only_the_way_is_real(void **state)
{
	const char *paths[] = { "fs/proc/meminfo.c" };

	make(paths, 1);
	assert_false(is_link("shadow/fs"));
	assert_false(is_link("shadow/fs/proc"));
	assert_false(is_link("shadow/fs/proc/meminfo.c"));
	assert_true(is_link("shadow/fs/proc/internal.h"));
	assert_true(is_link("shadow/fs/proc/sub"));
	assert_true(is_link("shadow/fs/open.c"));
	assert_true(is_link("shadow/mm"));
	RUN("diff", "-r", "source", "shadow");
}

static void writes_stay_in_the_shadow(void **state)
{
	const char *paths[] = { "fs/proc/meminfo.c", "fs/proc/sub/new.c", "mm/slub.c",
				"new/a/b.c" };

	RUN("cp", "-a", "source", "before");
	make(paths, 4);
	write_text("shadow/fs/proc/meminfo.c", "patched");
	write_text("shadow/fs/proc/sub/new.c", "new");
	assert_int_equal(make_dirs("shadow/new/a"), 0);
	write_text("shadow/new/a/b.c", "new");
	assert_int_equal(unlink("shadow/mm/slub.c"), 0);
	RUN("diff", "-r", "source", "before");
	RUN("grep", "-q", "patched", "shadow/fs/proc/meminfo.c");
}

/* patch(1) would write to what the link leads to */
static void links_are_refused(void **state)
{
	const char *paths[] = { "fs/link.c" };
	char *failed = NULL;

	remove_tree("shadow");
	assert_int_equal(shadow_make("source", "shadow", paths, 1, &failed), -ELOOP);
	assert_string_equal(failed, "shadow/fs/link.c");
	free(failed);
}

/* A Makefile builds files of another folder: arch/x86/kvm/../../../virt/kvm/main.c. */
static void dots_behind_a_link_stay_in_the_shadow(void **state)
{
	const char *paths[] = { "mm/slub.c" };
	char *source = realpath("source", NULL);

	make(paths, 1);
	write_text("shadow/mm/slub.c", "patched");
	assert_true(is_link("shadow/fs"));
	assert_int_equal(shadow_open_folder(source, "shadow", "fs/proc"), 0);
	RUN("grep", "-q", "patched", "shadow/fs/proc/../../mm/slub.c");
	assert_true(is_link("shadow/fs/proc/meminfo.c"));
	assert_int_equal(shadow_open_folder(source, "shadow", "fs/proc"), 0);
	assert_int_equal(shadow_open_folder(source, "shadow", "fs/nowhere/below"), 0);
	assert_int_equal(shadow_open_folder(source, "shadow", ""), 0);
	RUN("grep", "-q", "slub", "source/mm/slub.c");
	free(source);
}

static void one_file_has_one_name(void **state)
{
	static const char *const names[][2] = {
		{ "arch/x86/kvm/../../../virt/kvm/main.c", "virt/kvm/main.c" },
		{ "fs/open.c", "fs/open.c" },
		{ "./fs//x/./y/../open.c", "fs/x/open.c" },
		{ "a/../../b", "../b" },
		{ "../../b/..", "../.." },
		{ "/s/a/..b/../c.c", "/s/a/c.c" },
		{ "a/..", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char *clean = path_without_dots(names[i][0]);

		assert_string_equal(clean, names[i][1]);
		free(clean);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_way_is_real),
		cmocka_unit_test(writes_stay_in_the_shadow),
		cmocka_unit_test(links_are_refused),
		cmocka_unit_test(dots_behind_a_link_stay_in_the_shadow),
		cmocka_unit_test(one_file_has_one_name),
	};

	return cmocka_run_group_tests(tests, make_source, NULL);
}
