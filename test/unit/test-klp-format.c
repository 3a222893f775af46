// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: names as the kernel's sscanf() parses them, and similar ones; lists of exports;
 *   modinfo.
 * Prevents: a klp symbol that the kernel reads in another way than we have written it; an export
 *   that is overlooked.
 * Fails if: a malformed name is accepted, a well-formed one is refused or changed, or a list with
 *   a bad line is used.
 */
#include "lib/array.h"
#include "test/unit/fixture.h"
#include "lib/klp-format.h"
#include "lib/modinfo.h"
#include "lib/symvers.h"
#include "lib/temporary.h"

static void names_survive(void **state)
{
	static const struct {
		const char *object, *name;
		unsigned long sympos;
	} cases[] = {
		{ "vmlinux", "meminfo_proc_show", 0 },
		{ "x_tables", "show.isra.0", 12 },
		{ "a", "b", 4294967296ul },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *symbol = klp_symbol_format(cases[i].object, cases[i].name, cases[i].sympos);
		unsigned long sympos = 99;
		char *object, *name;

		assert_true(klp_symbol_parse(symbol, &object, &name, &sympos));
		assert_string_equal(object, cases[i].object);
		assert_string_equal(name, cases[i].name);
		assert_int_equal(sympos, cases[i].sympos);
		free(symbol);
		free(object);
		free(name);
	}
}

static void malformed_names_are_refused(void **state)
{
	static const char *const cases[] = {
		"",
		"vmlinux",
		".klp.sym.",
		".klp.sym.vmlinux",
		".klp.sym.vmlinux.",
		".klp.sym..f,0",
		".klp.sym.vmlinux.f",
		".klp.sym.vmlinux.f,",
		".klp.sym.vmlinux.,0",
		".klp.sym.vmlinux.f,x",
		".klp.sym.vmlinux.f,1x",
		".klp.sym.vmlinux.f,-1",
		".klp.sym.vmlinux.f, 1",
		".klp.sym.vmlinux.f,1,2",
		".klp.sym.vmlinux.f,01",
		"klp.sym.vmlinux.f,0",
		".klp.sym.vmlinux.f,99999999999999999999999",
		/* 56 characters of object: the kernel would read 55 of them */
		".klp.sym.aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffff.f,0",
	};
	unsigned long sympos = 99;
	char *object = NULL, *name = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		if (klp_symbol_parse(cases[i], &object, &name, &sympos))
			fail_msg("'%s' was taken", cases[i]);
		assert_null(object);
		assert_null(name);
		assert_int_equal(sympos, 99);
	}
}

static void lengths_are_those_of_the_kernel(void **state)
{
	char long_name[KLP_SYMBOL_NAME_MAX + 2];
	unsigned long sympos;
	char *object, *name, *symbol;

	memset(long_name, 'n', sizeof(long_name));
	long_name[KLP_SYMBOL_NAME_MAX] = '\0';
	symbol = klp_symbol_format("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeefffff",
				   long_name, 0);
	assert_true(klp_symbol_parse(symbol, &object, &name, &sympos));
	free(symbol);
	free(object);
	free(name);

	long_name[KLP_SYMBOL_NAME_MAX] = 'n';
	long_name[KLP_SYMBOL_NAME_MAX + 1] = '\0';
	symbol = klp_symbol_format("m", long_name, 0);
	assert_false(klp_symbol_parse(symbol, &object, &name, &sympos));
	free(symbol);
}

static void modules_have_kernel_names(void **state)
{
	char name[] = "x-tables-2";
	char *module = klp_object_module_name("fix-cve", "nf-tables");

	assert_string_equal(klp_kernel_name(name), "x_tables_2");
	assert_string_equal(module, "fix_cve__nf_tables");
	free(module);
}

static void exports_have_owners(void **state)
{
	struct diag *diag = diag_new("test");
	struct symvers *symvers = NULL;

	write_text("Module.symvers",
		   "0x12345678\tkmalloc\tvmlinux\tEXPORT_SYMBOL\t\n"
		   "0x00000000\txt_register\tnet/netfilter/x-tables\tEXPORT_SYMBOL_GPL\tNS\n");
	write_text(
		"core.symvers",
		"0xffffffff\tklp_split_enable\t/some/where/kmod/klp_split\tEXPORT_SYMBOL_GPL\t\n");
	assert_int_equal(symvers_load("Module.symvers", &symvers, diag), 0);
	assert_int_equal(symvers_add(symvers, "core.symvers", diag), 0);
	assert_int_equal(symvers_add(symvers, "core.symvers", diag), 0);
	assert_string_equal(symvers_owner(symvers, "kmalloc"), "vmlinux");
	assert_string_equal(symvers_owner(symvers, "xt_register"), "x_tables");
	assert_string_equal(symvers_owner(symvers, "klp_split_enable"), "klp_split");
	assert_null(symvers_owner(symvers, "kmallo"));
	assert_null(symvers_owner(symvers, "kmalloc2"));
	symvers_free(symvers);
	diag_free(diag);
}

static void bad_lists_are_refused(void **state)
{
	static const struct {
		const char *text, *code;
	} cases[] = {
		{ "kmalloc vmlinux\n", "KS930" },
		{ "0x1\tkmalloc\tvmlinux\n", "KS930" },
		{ "0x1\tkmalloc\tvmlinux\tEXPORT_SYMBOL\t\nrubbish\n", "KS930" },
		{ "zz\tkmalloc\tvmlinux\tEXPORT_SYMBOL\t\n", "KS930" },
		{ "0x1\tf\tvmlinux\tEXPORT_SYMBOL\t\n0x1\tf\tdrivers/m\tEXPORT_SYMBOL\t\n",
		  "KS931" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct diag *diag = diag_new("test");
		struct symvers *symvers = NULL;

		write_text("bad", cases[i].text);
		assert_true(symvers_load("bad", &symvers, diag) < 0);
		assert_null(symvers);
		assert_reported(diag, cases[i].code);
		diag_free(diag);
	}
}

static void modinfo_is_whole_strings(void **state)
{
	static const char info[] = "description=a name=b\0\0name=c\0depends=\0name=d\0unfinished=e";
	const size_t size = sizeof(info) - 1;
	size_t at = 0;

	assert_string_equal(modinfo_get(info, size, "name"), "c");
	assert_string_equal(modinfo_get(info, size, "depends"), "");
	assert_string_equal(modinfo_get(info, size, "description"), "a name=b");
	assert_null(modinfo_get(info, size, "nam"));
	assert_null(modinfo_get(info, size, "unfinished"));
	assert_string_equal(modinfo_next(info, size, "name", &at), "c");
	assert_string_equal(modinfo_next(info, size, "name", &at), "d");
	assert_null(modinfo_next(info, size, "name", &at));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_survive),
		cmocka_unit_test(malformed_names_are_refused),
		cmocka_unit_test(lengths_are_those_of_the_kernel),
		cmocka_unit_test(modules_have_kernel_names),
		cmocka_unit_test(exports_have_owners),
		cmocka_unit_test(bad_lists_are_refused),
		cmocka_unit_test(modinfo_is_whole_strings),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
