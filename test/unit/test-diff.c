// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: diffs as diff -u, git diff and git format-patch write them, and malformed ones.
 * Prevents: a changed file that is overlooked, so that it is neither refused nor compiled; a
 *   removed line that is mistaken for a file's header.
 * Fails if: a file, its kind of change or the line of an error isn't what a human reader would
 *   find there.
 */
#include <errno.h>

#include "lib/array.h"
#include "test/unit/fixture.h"
#include "kpatch-build/source/depth.h"
#include "kpatch-build/source/diff.h"
#include "kpatch-build/source/file-kinds.h"
#include "kpatch-build/units/makefiles.h"
#include "kpatch-build/module/names.h"
#include "kpatch-build/source/makefile-lines.h"
#include "kpatch-build/source/diff-write.h"
#include "lib/temporary.h"

#define HUNK "@@ -1,2 +1,2 @@\n a\n-b\n+c\n"

static void plain_and_git_diffs_are_read(void **state)
{
	struct diff_list list;

	assert_int_equal(diff_parse("--- a/fs/x.c\t2020-01-01\n+++ b/fs/x.c\n" HUNK
				    "--- a/mm/y.c\n+++ b/mm/y.c\n" HUNK HUNK,
				    &list),
			 0);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.entries[0].old_path, "a/fs/x.c");
	assert_string_equal(list.entries[1].new_path, "b/mm/y.c");
	assert_int_equal(list.entries[1].hunks, 2);
	assert_int_equal(list.entries[1].line, 7);
	diff_list_free(&list);

	assert_int_equal(
		diff_parse("From 1234 Mon Sep 17 00:00:00 2001\nSubject: [PATCH] x\n\n---\n"
			   " fs/x.c | 2 +-\n 1 file changed\n\n"
			   "diff --git a/fs/x.c b/fs/x.c\nindex 1..2 100644\n"
			   "--- a/fs/x.c\n+++ b/fs/x.c\n" HUNK "-- \n2.39.2\n\n",
			   &list),
		0);
	assert_int_equal(list.n, 1);
	assert_string_equal(list.entries[0].new_path, "b/fs/x.c");
	diff_list_free(&list);
}

/* As a mail program of another system saves it; with two mails in one file. */
static void line_ends_and_mails_are_read(void **state)
{
	struct diff_list list;

	assert_int_equal(
		diff_parse("From 1 Mon Sep 17\r\nSubject: x\r\n\r\n---\r\n"
			   "diff --git a/fs/x.c b/fs/x.c\r\nindex 1..2 100644\r\n"
			   "--- a/fs/x.c\r\n+++ b/fs/x.c\r\n@@ -1,3 +1,3 @@\r\n a\r\n-b\r\n"
			   "+c\r\n\r\n-- \r\n2.39.2\r\n\r\nFrom 2 Mon Sep 17\r\n\r\n"
			   "diff --git a/m.sh b/m.sh\r\nold mode 100644\r\nnew mode 100755\r\n",
			   &list),
		0);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.entries[0].new_path, "b/fs/x.c");
	assert_int_equal(list.entries[0].hunks, 1);
	assert_string_equal(list.entries[1].new_path, "b/m.sh");
	diff_list_free(&list);

	assert_int_equal(
		diff_parse(
			"Content-Type: text/plain\ncontent-transfer-encoding: Quoted-Printable\n\n"
			"--- a/fs/x.c\n+++ b/fs/x.c\n" HUNK,
			&list),
		-EINVAL);
	assert_int_equal(list.error_line, 2);
	diff_list_free(&list);
	assert_int_equal(diff_parse("Content-Transfer-Encoding: 8bit\n\n"
				    "--- a/fs/x.c\n+++ b/fs/x.c\n" HUNK,
				    &list),
			 0);
	diff_list_free(&list);
}

static void lists_of_objects_are_told_from_rules(void **state)
{
	static const struct {
		const char *line;
		bool lists;
	} cases[] = {
		{ "obj-y += new.o\n", true },
		{ "obj-$(CONFIG_PROC_FS)\t+= a.o sub/b.o # why\n", true },
		{ "nf_conntrack-y := a.o \\\n", true },
		{ "name-objs = a.o\r\n", true },
		{ "\t\tb.o c.o \\\n", true },
		{ "# a comment\n", true },
		{ "\n", true },
		{ "obj-y += folder/\n", false },
		{ "obj-$(call x) += a.o\n", false },
		{ "ccflags-y += -DX\n", false },
		{ "ccflags-y += x.o\n", false },
		{ "lib-y += x.o\n", false },
		{ "always-$(CONFIG_X) += x.o\n", false },
		{ "CFLAGS_new.o := -DX\n", false },
		{ "OBJECT_FILES_NON_STANDARD_new.o := y\n", false },
		{ "$(obj)/x.o: y.h\n", false },
		{ "ifdef CONFIG_X\n", false },
		{ "\tcc -o x.o x.c\n", false },
		{ "name-y += $(shell x).o\n", false },
		{ "name-y ?= a.o\n", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (makefile_line_lists_objects(cases[i].line) != cases[i].lists)
			fail_msg("%s", cases[i].line);
}

/* "-- x" removed and "++ y" added look like a header */
static void hunks_are_no_headers(void **state)
{
	struct diff_list list;

	assert_int_equal(
		diff_parse("--- a/fs/x.c\n+++ b/fs/x.c\n@@ -1,2 +1,2 @@\n a\n--- b/fs/q.c\n"
			   "+++ b/fs/q.c\n",
			   &list),
		0);
	assert_int_equal(list.n, 1);
	assert_string_equal(list.entries[0].new_path, "b/fs/x.c");
	diff_list_free(&list);
}

static void other_changes_are_told(void **state)
{
	struct diff_list list;

	assert_int_equal(diff_parse("--- a/n.c\t1970-01-01 00:00:00.000000000 +0000\n+++ b/n.c\n"
				    "@@ -0,0 +1 @@\n+x\n",
				    &list),
			 0);
	assert_null(list.entries[0].old_path);
	diff_list_free(&list);

	assert_int_equal(
		diff_parse(
			"diff --git a/n.c b/n.c\nnew file mode 100644\nindex 0..1\n--- /dev/null\n"
			"+++ b/n.c\n@@ -0,0 +1 @@\n+x\n"
			"diff --git a/o.c b/o.c\ndeleted file mode 100644\n--- a/o.c\n+++ /dev/null\n"
			"@@ -1 +0,0 @@\n-x\n"
			"diff --git a/p.c b/q.c\nsimilarity index 100%\nrename from p.c\nrename to q.c\n"
			"diff --git a/r.sh b/r.sh\nold mode 100644\nnew mode 100755\n"
			"diff --git a/s.bin b/s.bin\nindex 1..2\nBinary files a/s.bin and b/s.bin differ\n",
			&list),
		0);
	assert_int_equal(list.n, 5);
	assert_null(list.entries[0].old_path);
	assert_null(list.entries[1].new_path);
	assert_true(list.entries[2].renamed);
	assert_true(list.entries[3].mode_only);
	assert_false(list.entries[2].mode_only);
	assert_true(list.entries[4].binary);
	diff_list_free(&list);
}

/* One entry that has these names, whatever tool has written them. */
static void expect_names(const char *text, const char *old, const char *new)
{
	struct diff_list list;

	if (diff_parse(text, &list) || list.n != 1)
		fail_msg("%s: %s, %zu entries", text, list.error, list.n);
	if (old)
		assert_string_equal(list.entries[0].old_path, old);
	else
		assert_null(list.entries[0].old_path);
	if (new)
		assert_string_equal(list.entries[0].new_path, new);
	else
		assert_null(list.entries[0].new_path);
	diff_list_free(&list);
}

static void names_of_other_tools_are_read(void **state)
{
	expect_names(
		"--- a/x.c 2024-01-31 10:00:00.000000000 +0100\n+++ b/x.c    2024-02-01 10:00:00\n" HUNK,
		"a/x.c", "b/x.c");
	expect_names(
		"Index: fs/x.c\n=====\n--- fs/x.c\t(revision 5)\n+++ fs/x.c (working copy)\n" HUNK,
		"fs/x.c", "fs/x.c");
	expect_names(
		"diff -ruN a/x.c b/x.c\n--- /dev/null 2024-01-31 10:00\n+++ b/x.c\n@@ -0,0 +1 @@\n+a\n",
		NULL, "b/x.c");
	expect_names(
		"diff -ruN a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\t1970-01-01 00:00:00\n@@ -1,2 +0,0 @@\n-a\n-b\n",
		"a/x.c", NULL);
	expect_names("--- a/x.c\n+++ b/x.c\n@@ -3 +2,0 @@\n-a\n", "a/x.c", "b/x.c");
	expect_names("diff --git fs/x.sh fs/x.sh\nold mode 100644\nnew mode 100755\n", "fs/x.sh",
		     "fs/x.sh");
	expect_names("diff --git i/fs/x y.sh w/fs/x y.sh\nold mode 100644\nnew mode 100755\n",
		     "i/fs/x y.sh", "w/fs/x y.sh");
	expect_names(
		"diff --git fs/x.c fs/y.c\nsimilarity index 100%\nrename from fs/x.c\nrename to fs/y.c\n",
		"fs/x.c", "fs/y.c");
	expect_names("Binary files a/x.bin and b/x.bin differ\n", "a/x.bin", "b/x.bin");
	expect_names("Only in b: x.orig\nFiles a/x.c and b/x.c differ\n", "a/x.c", "b/x.c");
}

static void one_name_of_two_is_chosen(void **state)
{
	assert_string_equal(diff_choose_name("fs/x.c", "fs/x.c.new"), "fs/x.c");
	assert_string_equal(diff_choose_name("fs/x.c.orig", "fs/x.c"), "fs/x.c");
	assert_string_equal(diff_choose_name("fs/x.c~", "fs/x.c"), "fs/x.c");
	assert_string_equal(diff_choose_name("fs/x.c", "fs/x.c"), "fs/x.c");
	assert_null(diff_choose_name("fs/x.c", "fs/y.c"));
	assert_null(diff_choose_name("fs/x.c", "fs/x.cc"));
}

/* Only what counts, under one name, with the line ends that tell patch(1) what to do with them. */
static void what_counts_is_written(void **state)
{
	static const char expected[] =
		"--- a/fs/x.c\n+++ b/fs/x.c\n" HUNK
		"--- /dev/null\n+++ b/fs/n.c\n@@ -0,0 +1 @@\n+x\n"
		"diff --git a/fs/e.h b/fs/e.h\nnew file mode 100644\nindex 0000000..e69de29\n"
		"--- a/fs/r.c\r\n+++ b/fs/r.c\r\n@@ -1 +1 @@\r\n-a\r\n+b\r\n";
	static const char *const names[] = { "fs/x.c", NULL, "fs/n.c", "fs/e.h", "fs/r.c" };
	struct diff_list list;
	char path[] = "/tmp/test-diff-XXXXXX", text[sizeof(expected) + 100];
	FILE *file;
	size_t n;

	assert_int_equal(
		diff_parse("--- fs/x.c\n+++ fs/x.c.new\n" HUNK
			   "diff --git a/logo.gif b/logo.gif\nindex 1..2 100644\nGIT binary patch\n"
			   "literal 3\nKcmZQzWMT#Y01f~L\n\nliteral 0\nHcmV?d00001\n\n"
			   "diff --git a/fs/n.c b/fs/n.c\nnew file mode 100644\n--- /dev/null\n"
			   "+++ b/fs/n.c\n@@ -0,0 +1 @@\n+x\n"
			   "diff --git a/fs/e.h b/fs/e.h\nnew file mode 100644\nindex 0..e69de29\n"
			   "diff --git a/fs/r.c b/fs/r.c\r\n"
			   "--- a/fs/r.c\r\n+++ b/fs/r.c\r\n@@ -1 +1 @@\r\n-a\r\n+b\r\n",
			   &list),
		0);
	assert_int_equal(list.n, 5);
	for (size_t i = 0; i < list.n; i++)
		list.entries[i].path = names[i] ? strdup(names[i]) : NULL;
	close(mkstemp(path));
	assert_int_equal(diff_write(&list, path), 0);
	file = fopen(path, "r");
	n = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	unlink(path);
	text[n] = '\0';
	assert_string_equal(text, expected);
	diff_list_free(&list);
}

static void broken_diffs_are_refused(void **state)
{
	static const struct {
		const char *text;
		unsigned int line;
	} cases[] = {
		{ "", 1 },
		{ "just text\n", 2 },
		{ "--- a/x.c\n+++ b/x.c\n", 3 }, /* no hunk */
		{ "--- a/x.c\n+++ b/x.c\n@@ -1,3 +1,3 @@\n a\n b\n", 6 }, /* cut off */
		{ "--- a/x.c\n+++ b/x.c\n@@ -1,1 +1,2 @@\n a\n+b\nc\n@@ nonsense\n", 7 },
		{ "--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n-b\n+c\n", 5 }, /* longer than said */
		{ "@@ -1 +1 @@\n-a\n+b\n", 1 }, /* of which file? */
		{ "diff --git a/x.c b/x.c\nindex 1..2 100644\n", 3 }, /* cut off */
		{ "--- a/x.c\n+++ b/x.c\n" HUNK
		  "*** a/y.c\n--- b/y.c\n***************\n*** 1,2 ****\n",
		  9 },
		{ "--- a/x.c\n+++ b/x.c\n" HUNK "diff a/y.c b/y.c\n3c3\n< a\n---\n> b\n", 8 },
		{ "--- a/x.c\n+++ b/x.c\n" HUNK "Only in b/fs: y.c\n", 7 },
		{ "diff --cc x.c\n--- a/x.c\n+++ b/x.c\n@@@ -1,1 -1,1 +1,1 @@@\n  a\n", 4 },
		{ "--- \"a/\\303\\266.c\"\n+++ \"b/\\303\\266.c\"\n" HUNK, 1 },
	};
	struct diff_list list;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int err = diff_parse(cases[i].text, &list);

		if (i == 4) { /* text after a complete hunk is ignored */
			assert_int_equal(err, 0);
		} else {
			assert_int_equal(err, -EINVAL);
			assert_non_null(list.error);
			assert_int_equal(list.error_line, cases[i].line);
		}
		diff_list_free(&list);
	}
}

static void files_are_told_apart(void **state)
{
	static const struct {
		const char *path;
		enum file_verdict verdict;
		const char *code;
	} cases[] = {
		{ "fs/proc/meminfo.c", FILE_UNIT, NULL },
		{ "arch/x86/entry/entry_64.S", FILE_ASSEMBLY, "KS312" },
		{ "include/linux/fs.h", FILE_HEADER, NULL },
		{ "arch/s390/include/asm/uaccess.h", FILE_IGNORED, "KS321" },
		{ "arch/arm64/kernel/entry.S", FILE_IGNORED, "KS321" },
		{ "arch/arm/boot/dts/x.dtsi", FILE_IGNORED, "KS321" },
		{ "arch/x86/include/asm/uaccess.h", FILE_HEADER, NULL },
		{ "arch/um/include/asm/uaccess.h", FILE_HEADER, NULL },
		{ "arch/Kconfig", FILE_KCONFIG, "KS314" },
		{ "fs/Kconfig", FILE_KCONFIG, "KS314" },
		{ "Kconfig", FILE_KCONFIG, "KS314" },
		{ "fs/proc/Makefile", FILE_MAKEFILE, "KS315" },
		{ "io_uring/Kbuild", FILE_MAKEFILE, "KS315" },
		{ "scripts/Makefile.build", FILE_REFUSED, "KS315" },
		{ "Makefile", FILE_REFUSED, "KS315" },
		{ "scripts/mod/modpost.c", FILE_REFUSED, "KS315" },
		{ "scripts/checkpatch.pl", FILE_IGNORED, "KS319" },
		{ "scripts/checkstack.pl", FILE_REFUSED, "KS315" },
		{ "arch/x86/boot/dts/x.dts", FILE_REFUSED, "KS316" },
		{ "Documentation/admin-guide/x.rst", FILE_IGNORED, "KS319" },
		{ "tools/testing/selftests/Makefile", FILE_IGNORED, "KS319" },
		{ "tools/lib/bpf/relo_core.c", FILE_REFUSED, "KS316" },
		{ "tools/lib/bpf/libbpf.c", FILE_IGNORED, "KS319" },
		{ "tools/objtool/check.c", FILE_REFUSED, "KS316" },
		{ "tools/include/linux/objtool_types.h", FILE_REFUSED, "KS316" },
		{ "tools/include/linux/static_call_types.h", FILE_REFUSED, "KS316" },
		{ "tools/include/linux/btf_ids.h", FILE_REFUSED, "KS316" },
		{ "tools/include/linux/bitops.h", FILE_IGNORED, "KS319" },
		{ "tools/include/uapi/linux/bpf.h", FILE_IGNORED, "KS319" },
		{ "tools/arch/x86/include/asm/orc_types.h", FILE_REFUSED, "KS316" },
		{ "tools/arch/x86/include/asm/insn.h", FILE_REFUSED, "KS316" },
		{ "tools/arch/x86/include/asm/inat_types.h", FILE_REFUSED, "KS316" },
		{ "tools/arch/x86/include/asm/cpufeatures.h", FILE_IGNORED, "KS319" },
		{ "tools/arch/x86/lib/insn.c", FILE_REFUSED, "KS316" },
		{ "tools/arch/x86/lib/memcpy_64.S", FILE_IGNORED, "KS319" },
		{ "tools/arch/x86/lib/x86-opcode-map.txt", FILE_REFUSED, "KS316" },
		{ "tools/arch/x86/tools/gen-insn-attr-x86.awk", FILE_REFUSED, "KS316" },
		{ "include/linux/oid_registry.h", FILE_HEADER, NULL },
		{ "include/linux/oid.h", FILE_HEADER, NULL },
		{ "tools/objtool/Documentation/objtool.txt", FILE_IGNORED, "KS319" },
		{ "include/vdso/datapage.h", FILE_HEADER, NULL }, /* compared: readers.c */
		{ "MAINTAINERS", FILE_IGNORED, "KS319" },
		{ ".gitignore", FILE_IGNORED, "KS319" },
		{ "drivers/tty/vt/.gitignore", FILE_IGNORED, "KS319" },
		{ ".mailmap", FILE_IGNORED, "KS319" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct file_kind *kind = diff_file_kind(cases[i].path, TREE_OF_KERNEL);

		assert_int_equal(kind->verdict, cases[i].verdict);
		if (cases[i].code)
			assert_string_equal(kind->code, cases[i].code);
	}
}

static void names_become_module_names(void **state)
{
	static const struct {
		const char *path, *name;
	} cases[] = {
		{ "fix.patch", "fix" },
		{ "/a b/0001-net--x: fix (CVE-2030-1).patch", "0001_net_x_fix_CVE_2030_1" },
		{ "a.b.diff", "a_b" },
		{ "x", "x" },
		{ ".patch", "patch" },
		{ "-.diff", "" },
		{ "fix.patch.gz", "fix" },
		{ "fix.tar.xz", "fix_tar" },
		{ ".zst", "zst" },
	};
	static const char *const refused[] = {
		"",
		"a-b",
		"a b",
		"a__b",
		"vmlinux",
		"klp_split",
		"main",
		"object",
		"a/b",
		"\303\244",
		"a123456789012345678901234567890123456789012345678901234x",
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *name = name_from_path(cases[i].path);

		assert_string_equal(name, cases[i].name);
		free(name);
	}
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		assert_non_null(name_problem(refused[i]));
	assert_null(name_problem("cve_2030_1"));
	assert_null(
		name_problem("a12345678901234567890123456789012345678901234567890123x")); /* 55 */
}

static void names_are_made_of_subjects(void **state)
{
	static const struct {
		const char *subject, *name;
	} cases[] = {
		{ "net: fix it", "net_fix_it" },
		{ "net: sched: fix a use after free in tc", "net_sched_fix_a_use_after_free" },
		{ "0123456789012345678901234567890123456789", "01234567890123456789012345678901" },
		{ "\303\244", "" },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *name = name_from_subject(cases[i].subject);

		assert_string_equal(name, cases[i].name);
		free(name);
	}
}

/* Where the tree begins: the name tells it, or only the files do. */
static void depths_are_told_by_names(void **state)
{
	static const struct {
		const char *name;
		int depth;
	} cases[] = {
		{ "fs/open.c", 0 },
		{ "a/fs/open.c", 1 },
		{ "b/drivers/net/x.c", 1 },
		{ "linux-6.1/fs/open.c", 1 },
		{ "linux-6.1.orig/drivers/block/x.c", 1 },
		{ "linux-6.1/a/drivers/net/x.c", 2 },
		{ "Makefile", 0 },
		{ "a/Makefile", 1 },
		{ "home/me/fs/open.c", 2 },
		{ "drivers/net/x.c", DEPTH_UNKNOWN },
		{ "kernel/fs/open.c", DEPTH_UNKNOWN },
		{ "/usr/src/linux/fs/open.c", DEPTH_UNKNOWN },
		{ "../b/fs/open.c", DEPTH_UNKNOWN },
		{ "etc/passwd", -1 },
		{ "/etc/passwd", -1 },
		{ "a/fs/../../etc/passwd", -1 },
		{ "a/../fs/..", -1 },
		{ "a/fs/../../fs/open.c", -1 },
		{ "../../fs/open.c", DEPTH_UNKNOWN },
		{ "", -1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		print_message("[ depth    ] %s\n", cases[i].name);
		assert_int_equal(depth_by_name(cases[i].name), cases[i].depth);
	}
}

static void dots_are_left_out_of_names(void **state)
{
	struct diff_list list;

	assert_int_equal(
		diff_parse("--- ./a/.//fs/./open.c\n+++ b//fs/.x/open.c\n@@ -1 +1 @@\n-a\n+b\n",
			   &list),
		0);
	assert_string_equal(list.entries[0].old_path, "a/fs/open.c");
	assert_string_equal(list.entries[0].new_path, "b/fs/.x/open.c");
	diff_list_free(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_made_of_subjects),
		cmocka_unit_test(depths_are_told_by_names),
		cmocka_unit_test(dots_are_left_out_of_names),
		cmocka_unit_test(plain_and_git_diffs_are_read),
		cmocka_unit_test(line_ends_and_mails_are_read),
		cmocka_unit_test(lists_of_objects_are_told_from_rules),
		cmocka_unit_test(hunks_are_no_headers),
		cmocka_unit_test(other_changes_are_told),
		cmocka_unit_test(names_of_other_tools_are_read),
		cmocka_unit_test(one_name_of_two_is_chosen),
		cmocka_unit_test(what_counts_is_written),
		cmocka_unit_test(broken_diffs_are_refused),
		cmocka_unit_test(files_are_told_apart),
		cmocka_unit_test(names_become_module_names),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
