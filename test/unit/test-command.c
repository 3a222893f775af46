// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: commands as kbuild records them in .cmd files, and texts that only look like them.
 * Prevents: a unit that is compiled with other options than kbuild's; a command that writes to the
 *   kernel's build tree.
 * Fails if: a word is lost, split or joined, a path isn't replaced, or something that a shell
 *   would have to execute is treated as a word.
 */
#include <errno.h>

#include "lib/array.h"
#include "test/unit/fixture.h"
#include "kpatch-build/compile/command.h"

static const struct command_paths paths = {
	.source = "/usr/src/linux",
	.new_source = "/tmp/patched",
	.target = "fs/proc/meminfo.o",
	.new_target = "/tmp/out/meminfo.o",
	.new_depfile = "/tmp/out/meminfo.d",
};

/* The least that a command of this unit has. */
#define PLAIN \
	"gcc -Wp,-MMD,fs/proc/.meminfo.o.d -c -o fs/proc/meminfo.o /usr/src/linux/fs/proc/meminfo.c"

static void expect_recorded(const char *text, const char *expected)
{
	char *command = command_recorded(text);

	if (expected)
		assert_string_equal(command, expected);
	else
		assert_null(command);
	free(command);
}

static void the_recorded_line_is_found(void **state)
{
	expect_recorded("cmd_fs/a.o := gcc -c a.c\n", "gcc -c a.c");
	expect_recorded("savedcmd_fs/a.o := gcc -c a.c\n\nsource_fs/a.o := a.c\n", "gcc -c a.c");
	expect_recorded("# a comment\nsource_fs/a.o := a.c\ncmd_fs/a.o := gcc", "gcc");
	expect_recorded("cmd_fs/a.o := \n", "");
	/* a line that only contains the word is another one */
	expect_recorded("old_cmd_fs/a.o := gcc\n", NULL);
	expect_recorded("cmd_fs/a.o = gcc\n", NULL);
	expect_recorded("", NULL);
}

static void quoting_for_make_is_undone(void **state)
{
	expect_recorded("cmd_a.o := gcc -DA=$$B -DC=$(pound)1 $(shell\n",
			"gcc -DA=$B -DC=#1 $(shell");
	expect_recorded("cmd_a.o := $$$$ $$(pound)\n", "$$ $(pound)");
	expect_recorded("cmd_a.o := $", "$");
}

static void expect_words(const char **words, const char *const *expected)
{
	size_t n = 0;

	for (; expected[n]; n++)
		assert_string_equal(words[n], expected[n]);
	assert_null(words[n]);
}
#define EXPECT_WORDS(words, ...) expect_words(words, (const char *const[]){ __VA_ARGS__, NULL })

static void parse(const char *text, struct command *command)
{
	assert_int_equal(command_parse(text, &paths, command), 0);
}

static void paths_are_replaced(void **state)
{
	struct command command;

	parse(PLAIN
	      " -I/usr/src/linux/include -I/usr/src/linux -fmacro-prefix-map=/usr/src/linux/= "
	      "-DX=/usr/src/linux:/usr/src/linux-old -Ifs/proc",
	      &command);
	assert_int_equal(command.n, 1);
	EXPECT_WORDS(command.steps[0].list, "gcc", "-Wp,-MMD,/tmp/out/meminfo.d", "-c", "-o",
		     "/tmp/out/meminfo.o", "/tmp/patched/fs/proc/meminfo.c",
		     "-I/tmp/patched/include", "-I/tmp/patched",
		     "-fmacro-prefix-map=/tmp/patched/=",
		     /* only the folder of that name: not one whose name begins alike */
		     "-DX=/tmp/patched:/usr/src/linux-old", "-Ifs/proc");
	command_free(&command);
}

static void quotes_keep_a_word_together(void **state)
{
	struct command command;

	parse(PLAIN
	      " -DA='\"a b\"' \"-DB=\\\"b\\$c\\\"\" -D'C'=\"\" -DE=e\\ f '' -DG='$x;|' -D\"H=\\n\"",
	      &command);
	EXPECT_WORDS(&command.steps[0].list[6], "-DA=\"a b\"", "-DB=\"b$c\"", "-DC=", "-DE=e f", "",
		     "-DG=$x;|", "-DH=\\n");
	command_free(&command);
}

static void steps_are_run_one_after_the_other(void **state)
{
	struct command command;

	parse(PLAIN " ;  ./tools/objtool --orc fs/proc/meminfo.o; ", &command);
	assert_int_equal(command.n, 2);
	EXPECT_WORDS(command.steps[1].list, "./tools/objtool", "--orc", "/tmp/out/meminfo.o");
	command_free(&command);
}

static void words_can_be_added(void **state)
{
	struct command command;

	parse(PLAIN, &command);
	assert_int_equal(command_add_word(&command, 0, "last"), 0);
	assert_int_equal(command_insert_word(&command, 0, 0, "first"), 0);
	assert_int_equal(command_insert_word(&command, 0, 2, "third"), 0);
	EXPECT_WORDS(command.steps[0].list, "first", "gcc", "third", "-Wp,-MMD,/tmp/out/meminfo.d",
		     "-c", "-o", "/tmp/out/meminfo.o", "/tmp/patched/fs/proc/meminfo.c", "last");
	command_free(&command);
}

static void what_only_a_shell_understands_is_refused(void **state)
{
	static const char *const cases[] = {
		" $x",	    " $(rm x)",	 " `rm x`",   " \"$x\"", " \"`rm x`\"", " | cat",
		" || rm x", " && rm x",	 " &",	      " > x",	 " < x",	" (x)",
		" {a,b}",   " *.c",	 " a?",	      " [ab]",	 " # no",	" ! x",
		" 'no end", " \"no end", " -DA=a\"b", " x>y",
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *text = format(PLAIN "%s", cases[i]);
		struct command command;

		if (command_parse(text, &paths, &command) != -EINVAL)
			fail_msg("'%s' was taken", cases[i]);
		/* nothing to free, and nothing to run by mistake */
		assert_int_equal(command.n, 0);
		assert_null(command.steps);
		free(text);
	}
}

static void a_command_that_lacks_a_path_is_refused(void **state)
{
	static const char *const cases[] = {
		"",
		";",
		"gcc",
		/* another object, whose output would stay in the build tree */
		"gcc -Wp,-MMD,fs/proc/.meminfo.o.d -c -o fs/proc/other.o /usr/src/linux/fs/proc/meminfo.c",
		"gcc -Wp,-MMD,fs/proc/.meminfo.o.d -c -o ./fs/proc/meminfo.o /usr/src/linux/fs/proc/meminfo.c",
		/* dependencies that would be written over kbuild's own */
		"gcc -Wp,-MD,fs/proc/.meminfo.o.d -c -o fs/proc/meminfo.o /usr/src/linux/fs/proc/meminfo.c",
		/* the unpatched source */
		"gcc -Wp,-MMD,fs/proc/.meminfo.o.d -c -o fs/proc/meminfo.o /usr/src/linux-old/fs/proc/meminfo.c",
		"gcc -Wp,-MMD,fs/proc/.meminfo.o.d -c -o fs/proc/meminfo.o fs/proc/meminfo.c",
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct command command;

		if (command_parse(cases[i], &paths, &command) != -EINVAL)
			fail_msg("'%s' was taken", cases[i]);
		assert_int_equal(command.n, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_recorded_line_is_found),
		cmocka_unit_test(quoting_for_make_is_undone),
		cmocka_unit_test(paths_are_replaced),
		cmocka_unit_test(quotes_keep_a_word_together),
		cmocka_unit_test(steps_are_run_one_after_the_other),
		cmocka_unit_test(words_can_be_added),
		cmocka_unit_test(what_only_a_shell_understands_is_refused),
		cmocka_unit_test(a_command_that_lacks_a_path_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
