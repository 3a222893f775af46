// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: conditions around #include lines, and lines of makefiles, as in the kernel.
 * Prevents: a header or a file that is left out of a diff although the kernel is built with it.
 * Fails if: a line counts as dead whose condition isn't known to be false, or a program of the
 *   build counts as part of the kernel.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "lib/array.h"
#include "kpatch-build/source/conditions.h"
#include "kpatch-build/source/makefile-lines.h"

#define CONFIG "CONFIG_YES=y\nCONFIG_MOD=m\n# CONFIG_NO is not set\nCONFIG_NUM=5\nCONFIG_X86_64=y\n"
#define INCLUDE "\n#include <linux/x.h>\n"
#define END "#endif\n"

static void conditions_are_evaluated(void **state)
{
	static const struct {
		const char *text;
		bool dead;
	} cases[] = {
		{ INCLUDE, false },
		{ "#ifdef CONFIG_NO" INCLUDE END, true },
		{ "#ifdef CONFIG_YES" INCLUDE END, false },
		{ "#ifdef CONFIG_NEVER_HEARD_OF" INCLUDE END, true },
		{ "#ifndef CONFIG_YES" INCLUDE END, true },
		{ "#ifndef CONFIG_NO" INCLUDE END, false },
		{ "#ifdef CONFIG_MOD" INCLUDE END, true }, /* CONFIG_MOD_MODULE is defined */
		{ "#ifdef CONFIG_MOD_MODULE" INCLUDE END, false },
		{ "#ifdef CONFIG_YES_MODULE" INCLUDE END, true },
		{ "#if IS_ENABLED(CONFIG_MOD)" INCLUDE END, false },
		{ "#if IS_BUILTIN(CONFIG_MOD)" INCLUDE END, true },
		{ "#if IS_MODULE(CONFIG_MOD)" INCLUDE END, false },
		{ "#if IS_REACHABLE(CONFIG_NO)" INCLUDE END, false }, /* isn't known */
		{ "#if defined(CONFIG_NUM)" INCLUDE END, false },
		{ "#if CONFIG_NUM > 7" INCLUDE END, false },
		{ "#if defined(CONFIG_YES)\n#elif defined(CONFIG_NO)" INCLUDE END, true },
		{ "#if defined(CONFIG_YES)\n#elif defined(UNKNOWN)" INCLUDE END, true },
		{ "#if defined(UNKNOWN)\n#elif defined(CONFIG_NO)" INCLUDE END, true },
		{ "#if defined(UNKNOWN)\n#else" INCLUDE END, false },
		{ "#ifdef CONFIG_YES\n#else" INCLUDE END, true },
		{ "#ifdef CONFIG_NO\n#else" INCLUDE END, false },
		{ "#ifdef UNKNOWN" INCLUDE END, false },
		{ "#ifdef CONFIG_X86_64\n#else" INCLUDE END, false }, /* the 32-bit vDSO */
		{ "#if defined(CONFIG_NO) && UNKNOWN" INCLUDE END, false }, /* not understood */
		{ "#if defined(CONFIG_NO) && defined(UNKNOWN)" INCLUDE END, true },
		{ "#if defined(CONFIG_NO) || defined(UNKNOWN)" INCLUDE END, false },
		{ "#if defined(CONFIG_NO) || \\\n    defined(CONFIG_YES)" INCLUDE END, false },
		{ "#if !(defined(CONFIG_NO) || !defined CONFIG_YES)" INCLUDE END, false },
		{ "#if !defined(CONFIG_NO) && !defined(CONFIG_YES)" INCLUDE END, true },
		{ "#if 0" INCLUDE END, true },
		{ "#ifdef CONFIG_NO\n#ifdef UNKNOWN" INCLUDE END END, true },
		{ "#ifdef CONFIG_NO" INCLUDE END INCLUDE, false },
		{ "/*\n#ifdef CONFIG_NO\n*/" INCLUDE, false },
		{ "char *c = \"/*\";" INCLUDE "/*\n#endif */", false },
		{ "#ifdef CONFIG_NO\n/* #endif */" INCLUDE END, true },
		{ "#ifdef CONFIG_NO /* a\n comment */" INCLUDE END, true },
		{ "#ifdef CONFIG_NO" INCLUDE, false }, /* doesn't end */
		{ "#endif\n#ifdef CONFIG_NO" INCLUDE END, false },
		{ "#ifdef CONFIG_NO" INCLUDE END "#define NAME <linux/x.h>\n", false },
		{ "#ifdef CONFIG_NO\n#include <linux/y.h>\n" END,
		  false }, /* it isn't there at all */
		{ "", false },
		{ "\n#ifdef CONFIG_NO" INCLUDE END, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *text = strdup(cases[i].text);

		if (includes_are_dead(text, "include/linux/all.h", "include/linux/x.h", CONFIG) !=
		    cases[i].dead)
			fail_msg("not %s: %s", cases[i].dead ? "dead" : "alive", cases[i].text);
		free(text);
	}
}

static void uses_of_makefiles_are_told(void **state)
{
	static const struct {
		const char *text;
		enum makefile_use use;
	} cases[] = {
		{ "", MAKEFILE_NOTHING },
		{ "obj-y += y.o sub/x.o x-y.o y-x.o x2.o\n", MAKEFILE_NOTHING },
		{ "# x.o\n", MAKEFILE_NOTHING },
		{ "obj-$(CONFIG_X) += x.o\n", MAKEFILE_LINKS },
		{ "obj-y := y.o \\\n\tx.o # and more", MAKEFILE_LINKS },
		{ "name-objs := y.o x.o", MAKEFILE_LINKS },
		{ "lib-y += x.o", MAKEFILE_LINKS },
		{ "obj-$(subst m,y,$(CONFIG_X)) += x.o", MAKEFILE_LINKS },
		{ "obj-m += x.o\nCFLAGS_x.o := -O1\nCFLAGS_REMOVE_x.o = -pg\n", MAKEFILE_LINKS },
		{ "CFLAGS_x.o := -O1\n", MAKEFILE_NOTHING },
		{ "obj-m += x.o\n$(obj)/x.o: $(obj)/table.h\n", MAKEFILE_LINKS },
		{ "obj-m += x.o\n$(obj)/table.h: $(obj)/x.o\n", MAKEFILE_OTHER },
		{ "obj-m += x.o\n$(obj)/table.h: $(src)/x.c\n", MAKEFILE_OTHER },
		{ "obj-m += x.o\nextra-y += x.o\n", MAKEFILE_OTHER },
		{ "obj-m += x.o\nalways-y := x.o\n", MAKEFILE_OTHER },
		{ "obj-m += x.o\nhostprogs := x\n", MAKEFILE_OTHER },
		{ "hostprogs := y x z\n", MAKEFILE_OTHER },
		{ "prog-objs := x.o\nhostprogs\t:= prog\n", MAKEFILE_OTHER },
		{ "prog-objs := x.o\nuserprogs := y prog\n", MAKEFILE_OTHER },
		{ "targets += x.o\n", MAKEFILE_OTHER },
		{ "x: y\n", MAKEFILE_OTHER },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (makefile_use_of(cases[i].text, "x.o") != cases[i].use)
			fail_msg("not %d: %s", cases[i].use, cases[i].text);
	assert_int_equal(makefile_use_of("obj-y += sub/x.o\n", "sub/x.o"), MAKEFILE_LINKS);
}

static void settings_are_told_from_rules(void **state)
{
	static const struct {
		const char *line;
		size_t n;
	} cases[] = {
		{ "ccflags-y += -DX\n", strlen("ccflags-y") },
		{ "ccflags-$(CONFIG_X) := -DX\n", strlen("ccflags-$(CONFIG_X)") },
		{ "CFLAGS_x.o := -I$(src)\n", strlen("CFLAGS_x.o") },
		{ "KASAN_SANITIZE_x.o := n\n", strlen("KASAN_SANITIZE_x.o") },
		{ "KASAN_SANITIZE := n\n", 0 },
		{ "KBUILD_CFLAGS += -O1\n", 0 },
		{ "ccflags-y += $(shell date)\n", 0 },
		{ "ccflags-y += -DX \\\n", 0 },
		{ "\tccflags-y += -DX\n", 0 },
		{ "ccflags-$(CONFIG_X)-y += -DX\n", 0 },
		{ "$(obj)/x.o: CFLAGS_x.o := -DX\n", 0 },
		{ "always-y += x\n", 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (makefile_setting(cases[i].line) != cases[i].n)
			fail_msg("not %zu: %s", cases[i].n, cases[i].line);
	assert_true(makefile_line_lists_folders("obj-$(CONFIG_X) += sub/ x.o\n"));
	assert_false(makefile_line_lists_folders("obj-$(CONFIG_X) += $(X)/\n"));
	assert_false(makefile_line_lists_folders("subdir-y += sub\n"));
	assert_string_equal(makefile_object_of_flag("CFLAGS_REMOVE_x.o"), "x.o");
	assert_null(makefile_object_of_flag("ccflags-y"));
	assert_true(makefile_lists_objects("obj-$(CONFIG_X) += x.o\n"));
	assert_false(makefile_lists_objects("vobjs-y := x.o\n"));
	assert_false(makefile_lists_objects("obj-y += x.o\nalways-y += y\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(conditions_are_evaluated),
		cmocka_unit_test(uses_of_makefiles_are_told),
		cmocka_unit_test(settings_are_told_from_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
