// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: an index as a kernel has it; objects with debug information; sources that include .c
 *   files.
 * Prevents: a change that is compiled into two units and patched in only one; the use of an
 *   incomplete index, or of another kernel's.
 * Fails if: a unit, or one that includes it, isn't found; or a damaged or foreign index is used.
 */
#include <errno.h>

#include "lib/array.h"
#include "test/unit/fixture.h"
#include "kpatch-build/compile/command.h"
#include "kpatch-build/index/dwarf-units.h"
#include "kpatch-build/index/includes.h"
#include "kpatch-build/index/unit-index.h"
#include "lib/text.h"
#include "lib/temporary.h"

static struct diag *new_diag(void)
{
	struct diag *diag = diag_new("test");

	assert_non_null(diag);
	return diag;
}

static int collect(const struct unit_index_entry *entry, void *arg)
{
	char **text = arg, *longer = format("%s%s@%s ", *text, entry->source, entry->object);

	free(*text);
	*text = longer;
	return 0;
}

static int collect_header(const char *header, void *arg)
{
	char **text = arg, *longer = format("%s(%s) ", *text, header);

	free(*text);
	*text = longer;
	return 0;
}

static void assert_reach(const struct unit_index *index, const char *source, const char *expect,
			 bool by_header)
{
	char *text = strdup("");

	assert_int_equal(unit_index_reach(index, source, collect, collect_header, &text), 0);
	assert_string_equal(text, expect);
	assert_int_equal(!!strchr(text, '('), by_header);
	free(text);
}

static void units_and_their_includers_are_found(void **state)
{
	static const char *const lines[] = {
		"unit\tkernel/sched/build_policy.c\tvmlinux\t-",
		"unit\tfs/binfmt_elf.c\tvmlinux\t-",
		"unit\tfs/compat_binfmt_elf.c\tvmlinux\t-",
		"unit\tnet/netfilter/x_tables.c\tx_tables\tnet/netfilter/x_tables.ko",
		"unit\tvirt/kvm/main.c\tkvm\tarch/x86/kvm/kvm.ko\tarch/x86/kvm/../../../virt/kvm/main.c",
		"unit\tdrivers/a/main.c\ta\tdrivers/a/a.ko",
		"unit\tdrivers/a/main.c\tb\tdrivers/a/b.ko",
		"include\tkernel/sched/build_policy.c\trt.c",
		"include\tfs/compat_binfmt_elf.c\tbinfmt_elf.c",
		"include\tlib/x/sources.h\tcommon/debug.c",
		"include\tlib/y/sources.h\t../x/common/debug.c",
		"include\tdrivers/a/main.c\t../b/shared.c",
		"include\tdrivers/b/shared.c\tinner.c",
	};
	struct unit_index_text text = { 0 };
	const struct unit_index_entry *entry;
	struct diag *diag = new_diag();
	struct unit_index index;
	size_t n;

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		assert_int_equal(unit_index_add(&text, strdup(lines[i])), 0);
	assert_int_equal(unit_index_write(&text, "index", "id1", diag), 0);
	assert_int_equal(unit_index_load("index", "id2", &index, diag), -ENOENT);
	assert_int_equal(unit_index_load("index", "id", &index, diag), -ENOENT);
	assert_int_equal(unit_index_load("index", "id1", &index, diag), 0);
	assert_reach(&index, "net/netfilter/x_tables.c", "net/netfilter/x_tables.c@x_tables ",
		     false);
	assert_reach(&index, "kernel/sched/rt.c", "kernel/sched/build_policy.c@vmlinux ", false);
	assert_reach(&index, "fs/binfmt_elf.c",
		     "fs/binfmt_elf.c@vmlinux fs/compat_binfmt_elf.c@vmlinux ", false);
	assert_reach(&index, "drivers/b/inner.c", "drivers/a/main.c@a drivers/a/main.c@b ", false);
	assert_reach(&index, "lib/x/common/debug.c", "(lib/x/sources.h) (lib/y/sources.h) ", true);
	assert_reach(&index, "virt/kvm/main.c", "virt/kvm/main.c@kvm ", false);
	entry = unit_index_find(&index, "virt/kvm/main.c", &n);
	assert_string_equal(entry->goal, "arch/x86/kvm/../../../virt/kvm/main.c");
	entry = unit_index_find(&index, "fs/binfmt_elf.c", &n);
	assert_string_equal(entry->goal, "fs/binfmt_elf.c");
	assert_reach(&index, "arch/x86/boot/video.c", "", false);
	unit_index_free(&index);
	assert_no_problems(diag);
	diag_free(diag);
}

static void damaged_indexes_are_not_used(void **state)
{
	static const char *const texts[] = {
		"",
		"klp-split index 4 id",
		"klp-split index 4 id\nunit\ta.c\tx",
		"klp-split index 4 id\nunit\ta.c\n",
		"klp-split index 4 id\nnonsense\n",
		"klp-split index 1 id\nunit\ta.c\tx\t-\n",
	};
	struct diag *diag = new_diag();
	struct unit_index index;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		write_text("damaged", texts[i]);
		assert_int_equal(unit_index_load("damaged", "id", &index, diag), -ENOENT);
	}
	diag_free(diag);
}

static int note(const char *name, void *arg)
{
	strcat(strcat(arg, name), " ");
	return 0;
}

static int note_include(const char *includer, const char *text, void *arg)
{
	strcat(strcat(strcat(strcat(arg, includer), ":"), text), " ");
	return 0;
}

/* Two units in one relocatable file, as a module is one; names are relocations there. */
static void units_are_read_from_debug_information(void **state)
{
	struct diag *diag = new_diag();
	char names[200] = "";

	compile("one", "int one(int a) { return a + 1; }\n");
	compile("two", "struct s { int x; }; int two(struct s *s) { return s->x; }\n");
	RUN("ld", "-r", "-o", "both.o", "one.o", "two.o");
	assert_int_equal(dwarf_for_each_unit("both.o", note, names, diag), 0);
	assert_string_equal(names, "one.c two.c ");

	RUN("strip", "--strip-debug", "both.o");
	assert_int_not_equal(dwarf_for_each_unit("both.o", note, names, diag), 0);
	assert_reported(diag, "KS311");
	diag_free(diag);
}

static void includes_are_found_in_the_text(void **state)
{
	struct diag *diag = new_diag();
	char found[400] = "";

	make_dirs("src/kernel");
	make_dirs("src/arch/arm");
	make_dirs("src/tools");
	write_text("src/kernel/a.c",
		   "#include <x.h>\n\t#\tinclude \"rt.c\"\n// x.c\"\nchar *s = \"y.c\";\n");
	write_text("src/kernel/b.h", "#  include <sub/z.c> /* why */");
	write_text("src/arch/arm/c.c", "#include \"d.c\"\n");
	write_text("src/tools/e.c", "#include \"f.c\"\n");
	assert_int_equal(for_each_included_unit("src", "x86", note_include, found, diag), 0);
	assert_true(strstr(found, "kernel/a.c:rt.c "));
	assert_true(strstr(found, "kernel/b.h:sub/z.c "));
	assert_int_equal(strlen(found), strlen("kernel/a.c:rt.c kernel/b.h:sub/z.c "));

	assert_true(include_can_be("a/b.c", "../c/d.c", "c/d.c"));
	assert_false(include_can_be("a/x/b.c", "../c/d.c", "c/d.c"));
	assert_true(include_can_be("a/b.c", "d.c", "a/d.c"));
	assert_true(include_can_be("a/b.c", "./d.c", "a/d.c"));
	assert_false(include_can_be("a/b.c", "d.c", "a/ad.c"));
	assert_true(include_can_be("a/b.c", "crypto/d.c", "lib/crypto/d.c")); /* -I lib */
	diag_free(diag);
}

static void recorded_commands_are_repeated_elsewhere(void **state)
{
	const struct command_paths paths = { "/k/source", "/w/shadow", "fs/x.o", "/w/x.o",
					     "/w/x.d" };
	static const char *const refused[] = {
		"gcc -Wp,-MMD,fs/.x.o.d -c -o fs/x.o /k/source/fs/x.c > log",
		"gcc -Wp,-MMD,fs/.x.o.d -c -o fs/x.o /k/source/fs/x.c && true",
		"gcc -Wp,-MMD,fs/.x.o.d -c -o fs/x.o $(cat f) /k/source/fs/x.c",
		"gcc -Wp,-MMD,fs/.x.o.d -DX=\"`x`\" -c -o fs/x.o /k/source/fs/x.c",
		"gcc -Wp,-MMD,fs/.x.o.d -DX='y -c -o fs/x.o /k/source/fs/x.c",
		"gcc -Wp,-MMD,fs/.x.o.d -c -o fs/y.o /k/source/fs/x.c", /* another target */
		"gcc -c -o fs/x.o /k/source/fs/x.c", /* no list of files */
		"gcc -Wp,-MMD,fs/.x.o.d -c -o fs/x.o /k/source2/fs/x.c", /* another source */
		"",
	};
	struct command command;
	char *recorded;

	recorded = command_recorded(
		"savedcmd_fs/x.o := gcc -Wp,-MMD,fs/.x.o.d -I/k/source/include "
		"-fmacro-prefix-map=/k/source/= -DN='\"x y\"' -DH='$(pound)$$' -c -o fs/x.o "
		"/k/source/fs/x.c ; ./tools/objtool fs/x.o\n\nsource_x := y\n");
	assert_non_null(recorded);
	assert_int_equal(command_parse(recorded, &paths, &command), 0);
	free(recorded);
	assert_int_equal(command.n, 2);
	assert_string_equal(command.steps[0].list[1], "-Wp,-MMD,/w/x.d");
	assert_string_equal(command.steps[0].list[2], "-I/w/shadow/include");
	assert_string_equal(command.steps[0].list[3], "-fmacro-prefix-map=/w/shadow/=");
	assert_string_equal(command.steps[0].list[4], "-DN=\"x y\"");
	assert_string_equal(command.steps[0].list[5], "-DH=#$");
	assert_string_equal(command.steps[0].list[9], "/w/shadow/fs/x.c");
	assert_string_equal(command.steps[1].list[1], "/w/x.o");
	command_free(&command);
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		assert_int_equal(command_parse(refused[i], &paths, &command), -EINVAL);
	assert_null(command_recorded("deps_x := y\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(units_and_their_includers_are_found),
		cmocka_unit_test(damaged_indexes_are_not_used),
		cmocka_unit_test(units_are_read_from_debug_information),
		cmocka_unit_test(includes_are_found_in_the_text),
		cmocka_unit_test(recorded_commands_are_repeated_elsewhere),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
