// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: small trees of headers and sources, and a build tree with generated headers.
 * Prevents: a unit that reads a changed header but isn't checked.
 * Fails if: an includer isn't found (through other headers, wrappers, macros or ".."), too many
 *   are found, or a file that was seen to be read, although the text doesn't show it, isn't added.
 */
#include <errno.h>

#include "lib/array.h"
#include "test/unit/fixture.h"
#include "kpatch-build/index/header-graph.h"
#include "kpatch-build/index/header-reads.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/index/header-seen.h"
#include "lib/temporary.h"

static void make_tree(void)
{
	static const struct {
		const char *folder, *path, *text;
	} files[] = {
		{ "src/include/linux", "src/include/linux/a.h",
		  "#include <linux/b.h>\t/* and */\n" },
		{ "src/include/linux", "src/include/linux/b.h",
		  "#ifndef B\n# include \"c.h\"\n#endif\n" },
		{ "src/include/linux", "src/include/linux/c.h", "int c;\n" },
		{ "src/include/linux", "src/include/linux/kconfig.h",
		  "#include <linux/early.h>\n" },
		{ "src/include/linux", "src/include/linux/early.h", "" },
		{ "src/include/asm-generic", "src/include/asm-generic/w.h", "" },
		{ "src/include/linux", "src/include/linux/loop.h", "#include <linux/loop2.h>\n" },
		{ "src/include/linux", "src/include/linux/loop2.h", "#include <linux/loop.h>\n" },
		{ "src/fs", "src/fs/one.c", "#include <linux/a.h>\n#include \"own.h\"\n" },
		{ "src/fs", "src/fs/own.h", "#include \"../mm/own.h\"" },
		{ "src/mm", "src/mm/own.h", "" },
		{ "src/mm", "src/mm/two.c", "/* <linux/a.h> */\n#include\t<asm/w.h> // why\n" },
		{ "src/mm", "src/mm/three.c", "#define WHAT <linux/c.h>\n#include WHAT\n" },
		{ "src/mm", "src/mm/four.c",
		  "#include <linux/loop.h>\nchar *s = \"#include <linux/c.h>\";" },
		{ "src/mm", "src/mm/part.S", "#include \"asm.h\"\n" },
		{ "src/mm", "src/mm/asm.h", "" },
		{ "src/arch/x86", "src/arch/x86/entry.S", "#include \"../../mm/part.S\"\n" },
		{ "src/arch/arm", "src/arch/arm/x.c", "#include <linux/a.h>\n" },
		{ "src/tools", "src/tools/x.c", "#include <linux/a.h>\n" },
		{ "build/arch/x86/include/generated/asm",
		  "build/arch/x86/include/generated/asm/w.h", "#include <asm-generic/w.h>\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		make_dirs(files[i].folder);
		write_text(files[i].path, files[i].text);
	}
}

static int note(const char *source, void *arg)
{
	strcat(strcat(arg, source), " ");
	return 0;
}

static void readers_of_a_header_are_found(void **state)
{
	static const struct {
		const char *header, *readers[4];
		bool everywhere;
	} cases[] = {
		{ "include/linux/a.h", { "fs/one.c" }, false },
		{ "include/linux/c.h", { "fs/one.c", "mm/three.c" }, false },
		{ "include/linux/loop2.h", { "mm/four.c" }, false },
		{ "include/asm-generic/w.h", { "mm/two.c" }, false },
		{ "mm/own.h", { "fs/one.c" }, false },
		{ "mm/asm.h", { "mm/part.S", "arch/x86/entry.S" }, false },
		{ "fs/own.h", { "fs/one.c" }, false },
		{ "include/linux/early.h", { NULL }, true },
		{ "include/linux/unknown.h", { NULL }, false },
	};
	struct diag *diag = diag_new("test");
	struct header_graph graph;

	make_tree();
	assert_int_equal(
		header_graph_make("src", "build", "x86", "headers", "id1", NULL, NULL, diag), 0);
	assert_int_equal(header_graph_load("headers", "id2", &graph, diag), -ENOENT);
	assert_int_equal(header_graph_load("headers", "id", &graph, diag), -ENOENT);
	assert_int_equal(header_graph_load("headers", "id1", &graph, diag), 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char found[400] = "";
		size_t length = 0;
		bool everywhere;

		assert_int_equal(
			header_graph_reach(&graph, cases[i].header, &everywhere, note, found), 0);
		assert_int_equal(everywhere, cases[i].everywhere);
		for (size_t r = 0; cases[i].readers[r]; r++) {
			if (!strstr(found, cases[i].readers[r]))
				fail_msg("%s: not '%s' in '%s'", cases[i].header,
					 cases[i].readers[r], found);
			length += strlen(cases[i].readers[r]) + 1;
		}
		if (strlen(found) != length)
			fail_msg("%s: too many in '%s'", cases[i].header, found);
	}
	header_graph_free(&graph);
	assert_int_equal(diag_errors(diag), 0);
	diag_free(diag);
}

/* fs/made.c: by a macro; mm/four.c: what it was seen to read includes more. */
static void what_only_the_compiler_saw_is_added(void **state)
{
	static char data[] = "";
	struct unit_index_include include = { "fs/one.c", "two.c" };
	struct unit_index index = { .data = data, .includes = &include, .n_includes = 1 };
	struct header_reads reads = { 0 };
	struct diag *diag = diag_new("test");
	struct header_graph graph;
	char found[400] = "", *text;
	bool everywhere;
	size_t size;

	make_tree();
	write_text("src/fs/made.c", "#define IN(x) <linux/x.h>\n#include IN(a)\n");
	write_text("src/fs/two.c", "#include <linux/c.h>\n");
	/* not in order; some of it follows from the text, or is read everywhere */
	header_reads_add(&reads, "fs/one.c", "include/linux/c.h");
	header_reads_add(&reads, "fs/one.c", "include/linux/early.h");
	header_reads_add(&reads, "mm/four.c", "include/linux/loop2.h");
	header_reads_add(&reads, "fs/made.c", "include/linux/b.h");
	header_reads_add(&reads, "fs/made.c", "include/linux/a.h");
	header_reads_add(&reads, "mm/four.c", "mm/own.h");
	assert_int_equal(
		header_graph_make("src", "build", "x86", "headers", "id", &reads, &index, diag), 0);
	assert_int_equal(read_file("headers", &text, &size), 0);
	assert_non_null(strstr(text, "\nfs/made.c\t=include/linux/a.h\nmm/four.c\t=mm/own.h\n"));
	assert_null(strstr(text, "fs/made.c\t=include/linux/b.h"));
	assert_null(strstr(text, "fs/one.c\t=include"));
	free(text);
	assert_int_equal(header_graph_load("headers", "id", &graph, diag), 0);
	assert_int_equal(header_graph_reach(&graph, "include/linux/c.h", &everywhere, note, found),
			 0);
	assert_non_null(strstr(found, "fs/made.c "));
	assert_int_equal(diag_errors(diag), 0);
	header_graph_free(&graph);
	header_reads_free(&reads);
	diag_free(diag);
}

static void damaged_graphs_are_not_used(void **state)
{
	static const char *const texts[] = {
		"",
		"klp-split headers 4 ",
		"klp-split headers 4 id",
		"klp-split headers 1 id\n",
		"klp-split headers 4 id\nno tab\n",
		"klp-split headers 4 id\na\tb",
	};
	struct diag *diag = diag_new("test");
	struct header_graph graph;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		write_text("damaged", texts[i]);
		assert_int_equal(header_graph_load("damaged", "id", &graph, diag), -ENOENT);
	}
	diag_free(diag);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(readers_of_a_header_are_found),
		cmocka_unit_test(what_only_the_compiler_saw_is_added),
		cmocka_unit_test(damaged_graphs_are_not_used),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
