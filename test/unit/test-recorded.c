// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: a small tree as a kernel's build leaves it: records of units, archives and modules; a
 *   source in which a user has built something.
 * Prevents: a unit of a self-built kernel that is assigned to a wrong object.
 * Fails if: a unit's object or the list of files that it read is wrong, boot code or a program of
 *   the build counts, or a built file is treated as source.
 */
#include "lib/array.h"
#include "test/unit/fixture.h"
#include "kpatch-build/index/recorded.h"
#include "kpatch-build/kernel/source-tree.h"
#include "lib/temporary.h"

static void record(const char *path, const char *text)
{
	char *folder = strdup(path);

	*strrchr(folder, '/') = '\0';
	make_dirs(folder);
	free(folder);
	write_text(path, text);
}

#define UNIT(object, source)                                                                          \
	"cmd_" object " := gcc -c -o " object " " source "\n\nsource_" object " := " source           \
	"\n\ndeps_" object                                                                            \
	" := \\\n    $(wildcard include/config/X) \\\n  include/linux/a.h \\\n  ../x.h \\\n\n" object \
	": $(deps_" object ")\n"

static void make_tree(void)
{
	record("tree/.built-in.a.cmd",
	       "cmd_built-in.a := printf \"./%s \" fs/built-in.a | xargs ar built-in.a\n");
	record("tree/fs/.built-in.a.cmd",
	       "cmd_fs/built-in.a := rm -f fs/built-in.a;  printf \"fs/%s \" open.o sub/deep.o start.o | xargs ar\n");
	record("tree/lib/.lib.a.cmd", "cmd_lib/lib.a := ar cDPrsT lib/lib.a lib/bug.o\n");
	record("tree/fs/.open.o.cmd", UNIT("fs/open.o", "/src/fs/open.c"));
	record("tree/fs/.start.o.cmd", UNIT("fs/start.o", "/src/fs/start.S"));
	record("tree/fs/sub/.deep.o.cmd", UNIT("fs/sub/deep.o", "/src/fs/sub/deep.c"));
	record("tree/lib/.bug.o.cmd", UNIT("lib/bug.o", "/src/lib/bug.c"));
	record("tree/fs/e/.e-2.mod.cmd",
	       "cmd_fs/e/e-2.mod := printf '%s\\n'   super.o | awk '{ print }' > fs/e/e-2.mod\n");
	record("tree/fs/e/.f.mod.cmd",
	       "savedcmd_fs/e/f.mod := printf '%s\\n'   super.o f.o | awk > fs/e/f.mod\n");
	record("tree/fs/e/.super.o.cmd", UNIT("fs/e/super.o", "/src/fs/e/super.c"));
	record("tree/fs/e/.f.o.cmd", UNIT("fs/e/f.o", "/src/fs/e/f.c"));
	record("tree/fs/e/.f.mod.o.cmd", UNIT("fs/e/f.mod.o", "fs/e/f.mod.c"));
	record("tree/arch/x86/boot/.main.o.cmd",
	       UNIT("arch/x86/boot/main.o", "/src/arch/x86/boot/main.c"));
	record("tree/scripts/.fixdep.o.cmd", "cmd_scripts/fixdep.o := gcc fixdep.c\n");
}

static int note_unit(const struct recorded_unit *unit, void *arg)
{
	strcat(strcat(strcat(strcat(arg, unit->object), "="), unit->module ?: "vmlinux"), " ");
	return 0;
}

static int note_read(const char *unit, const char *file, void *arg)
{
	strcat(strcat(arg, file), " ");
	return 0;
}

static int note_reads(const struct recorded_unit *unit, void *arg)
{
	return strcmp(unit->object, "fs/open.o") ? 0 : for_each_recorded_read(unit, note_read, arg);
}

static void units_are_part_of_what_they_went_into(void **state)
{
	static const char *const expect[] = {
		"fs/open.o=vmlinux ", "fs/start.o=vmlinux ",	"fs/sub/deep.o=vmlinux ",
		"lib/bug.o=vmlinux ", "fs/e/super.o=fs/e/e-2 ", "fs/e/super.o=fs/e/f ",
		"fs/e/f.o=fs/e/f ",
	};
	struct diag *diag = diag_new("test");
	char found[1000] = "", reads[1000] = "";
	size_t length = 0;

	make_tree();
	assert_int_equal(for_each_recorded_unit("tree", note_unit, found, diag), 0);
	for (size_t i = 0; i < ARRAY_SIZE(expect); i++) {
		if (!strstr(found, expect[i]))
			fail_msg("no '%s' in '%s'", expect[i], found);
		length += strlen(expect[i]);
	}
	assert_int_equal(strlen(found), length);
	assert_int_equal(for_each_recorded_unit("tree", note_reads, reads, diag), 0);
	assert_string_equal(reads, "include/linux/a.h ../x.h ");
	assert_int_equal(diag_errors(diag), 0);
	diag_free(diag);
}

static void what_was_built_is_no_source(void **state)
{
	static const char *const source[] = { "Makefile", "fs/open.c",
					      "arch/x86/kernel/vmlinux.lds.S", "fs/link.h" };
	static const char *const built[] = {
		".config",
		"vmlinux",
		"fs/open.o",
		"fs/.open.o.cmd",
		"fs/table.c",
		"include/generated/x.h",
		"include/config/auto.conf",
		"arch/x86/include/generated/y.h",
	};
	char *before, *after, path[100];

	for (size_t i = 0; i < ARRAY_SIZE(source); i++) {
		snprintf(path, sizeof(path), "my source/%s", source[i]);
		record(path, "");
	}
	assert_true(source_tree_is_unusable("my source"));
	assert_int_equal(source_tree_digest("my source", &before), 0);
	for (size_t i = 0; i < ARRAY_SIZE(built); i++) {
		snprintf(path, sizeof(path), "my source/%s", built[i]);
		record(path, "");
	}
	record("my source/fs/.table.c.cmd", "");
	assert_int_equal(source_tree_digest("my source", &after), 0);
	assert_string_equal(before, after);
	free(after);
	assert_int_equal(source_tree_make("my source", "copy", TREE_OF_COPIES), 0);
	for (size_t i = 0; i < ARRAY_SIZE(source); i++) {
		snprintf(path, sizeof(path), "copy/%s", source[i]);
		assert_true(path_exists(path));
	}
	for (size_t i = 0; i < ARRAY_SIZE(built); i++) {
		snprintf(path, sizeof(path), "copy/%s", built[i]);
		assert_false(path_exists(path));
	}
	assert_false(source_tree_is_unusable("copy"));
	write_text("my source/fs/open.c", "changed");
	assert_int_equal(source_tree_digest("my source", &after), 0);
	assert_string_not_equal(before, after);
	free(after);
	free(before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(units_are_part_of_what_they_went_into),
		cmocka_unit_test(what_was_built_is_no_source),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
