// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: names and sections of real kernels; outputs of create-diff-object that were changed
 *   after they were written.
 * Prevents: a variable that is mistaken for another one because of its number; a section for which
 *   the wrong rule is used; a defective output that passes its own check.
 * Fails if: a name or section is treated in another way than its row states, or a defect is not
 *   found (KS122).
 */
#include <sys/stat.h>

#include "lib/array.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "lib/special-sections.h"
#include "test/unit/fixture.h"
#include "create-diff-object/unit/unit-load.h"
#include "lib/elf-write.h"
#include "lib/temporary.h"

static void test_names_without_numbers(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} pairs[] = {
		{ "count.5", "count.17", true },
		{ "foo.isra.0", "foo.isra.12", true },
		{ "foo.constprop.0.isra.0", "foo.constprop.3.isra.1", true },
		{ "foo.part.0.cold", "foo.part.1.cold", true },
		{ "foo", "foo.isra.0", false },
		{ "foo.isra.0", "foo.constprop.0", false },
		{ "foo1", "foo2", false },
		{ "foo1.2", "foo2.1", false },
		{ "__UNIQUE_ID_ddebug847.0", "__UNIQUE_ID_ddebug849.3", true },
		{ "__UNIQUE_ID_ddebug847.0", "__UNIQUE_ID_license847", false },
		{ "__initcall__kmod_proc__377_173_proc_meminfo_init5",
		  "__initcall__kmod_proc__379_180_proc_meminfo_init5", true },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(pairs); i++) {
		int order = name_compare(pairs[i].a, pairs[i].b);

		assert_int_equal(!order, pairs[i].same);
		assert_int_equal(!name_compare(pairs[i].b, pairs[i].a), pairs[i].same);
		assert_int_equal(name_compare(pairs[i].a, pairs[i].a), 0);
	}
}

static void test_parents(void **state)
{
	static const struct {
		const char *name, *parent;
	} rows[] = {
		{ "foo.cold", "foo" },
		{ "foo.cold.7", "foo" },
		{ "foo.part.0.cold", "foo.part.0" },
		{ "foo.coldest", NULL },
		{ "foo", NULL },
		{ ".cold", NULL },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		char *parent;

		assert_int_equal(name_parent(rows[i].name, &parent), 0);
		if (rows[i].parent)
			assert_string_equal(parent, rows[i].parent);
		else
			assert_null(parent);
		free(parent);
	}
}

static void test_section_rules(void **state)
{
	static const struct {
		const char *name;
		uint64_t flags;
		enum section_kind kind;
	} rows[] = {
		{ ".text.foo", SHF_ALLOC | SHF_EXECINSTR, SECTION_CODE },
		{ ".sched.text", SHF_ALLOC | SHF_EXECINSTR, SECTION_CODE },
		{ ".init.text", SHF_ALLOC | SHF_EXECINSTR, SECTION_INIT },
		{ ".data.foo", SHF_ALLOC | SHF_WRITE, SECTION_DATA },
		{ ".data..percpu..shared_aligned", SHF_ALLOC | SHF_WRITE, SECTION_PERCPU },
		{ ".data..ro_after_init", SHF_ALLOC | SHF_WRITE, SECTION_DATA },
		{ ".rodata.foo", SHF_ALLOC, SECTION_CONST },
		{ ".rodata.foo.str1.8", SHF_ALLOC | SHF_MERGE | SHF_STRINGS, SECTION_STRINGS },
		{ ".rodata.cst16", SHF_ALLOC | SHF_MERGE, SECTION_STRINGS },
		{ "__jump_table", SHF_ALLOC | SHF_WRITE, SECTION_ENTRIES },
		{ ".orc_unwind", SHF_ALLOC, SECTION_PAIRED },
		{ "__dyndbg", SHF_ALLOC | SHF_WRITE, SECTION_DESCRIPTORS },
		{ "___ksymtab_gpl+foo", SHF_ALLOC, SECTION_REGISTRATION },
		{ "__ksymtab_strings", SHF_ALLOC | SHF_MERGE | SHF_STRINGS, SECTION_STRINGS },
		{ ".exitcall.exit", SHF_ALLOC | SHF_WRITE, SECTION_BUILD },
		{ ".initcall6.init", SHF_ALLOC, SECTION_REGISTRATION },
		{ "__fair_sched_class", SHF_ALLOC, SECTION_REGISTRATION },
		{ ".debug_info", 0, SECTION_BUILD },
		{ ".discard.addressable", SHF_ALLOC | SHF_WRITE, SECTION_BUILD },
		{ "__never_seen", SHF_ALLOC, SECTION_UNKNOWN },
		{ "__jump_table2", SHF_ALLOC | SHF_WRITE, SECTION_UNKNOWN },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct elf_section section = { .name = (char *)rows[i].name,
					       .flags = rows[i].flags };

		if (section_rule(&section)->kind != rows[i].kind)
			fail_msg("%s: kind %d, not %d", rows[i].name, section_rule(&section)->kind,
				 rows[i].kind);
	}
}

/* Everything of the output but the tampering; "new.o" is made of what only patched.o has. */
static struct unit *make_output(struct unit **original, struct object_index **object,
				struct symvers **symvers, struct diag *diag)
{
	struct unit *patched;
	bool any;

	mkdir("original", 0777);
	mkdir("patched", 0777);
	compile("original/unit", "extern int outside(int); int old(int x) { return x; }\n"
				 "int variable = 3;\n");
	compile("patched/unit", "extern int outside(int); int old(int x) { return x; }\n"
				"int variable = 3;\n"
				"int added(int x) { return outside(old(x) + variable) + 1; }\n");
	write_text("symvers", "0x00000000\toutside\tvmlinux\tEXPORT_SYMBOL\t\n");
	assert_int_equal(unit_load(original, "original/unit.o", diag), 0);
	assert_int_equal(unit_load(&patched, "patched/unit.o", diag), 0);
	assert_int_equal(object_index_load("original/unit.o", "object", object, diag), 0);
	assert_int_equal(symvers_load("symvers", symvers, diag), 0);
	assert_int_equal(correlate_units(*original, patched, NULL, diag), 0);
	assert_int_equal(compare_units(*original, patched, diag), 0);
	assert_int_equal(close_over_needed(*original, patched, &any, diag), 0);
	assert_true(any);
	assert_int_equal(refer_by_klp(*original, patched, *object, *symvers, &(struct called){ 0 },
				      diag),
			 0);
	assert_int_equal(unit_emit(patched, "new.o", diag), 0);
	return patched;
}

static void lose_a_relocation(struct elf_model *elf)
{
	elf_symbol_find(elf, "added")->section->n_relas--;
}

static void lose_a_reference(struct elf_model *elf)
{
	struct elf_section *refs = elf_section_find(elf, ".klp.refs");

	assert_non_null(refs);
	elf_section_remove(elf, refs);
}

static void lose_the_function(struct elf_model *elf)
{
	elf_symbol_rename(elf, elf_symbol_find(elf, "added"), "other");
}

static void gain_a_symbol(struct elf_model *elf)
{
	elf_symbol_add(elf, "nobody_has_this", STB_GLOBAL, STT_NOTYPE, NULL, 0, 0);
}

static void test_output_is_checked(void **state)
{
	static void (*const tamper[])(struct elf_model *) = {
		lose_a_relocation,
		lose_a_reference,
		lose_the_function,
		gain_a_symbol,
	};
	struct diag *diag = diag_new("test"), *found;
	struct unit *original, *patched;
	struct object_index *object;
	struct symvers *symvers;
	struct elf_model *elf;
	size_t i;

	patched = make_output(&original, &object, &symvers, diag);
	assert_int_equal(verify_output(patched, "new.o", diag), 0);
	assert_int_equal(diag_errors(diag), 0);
	for (i = 0; i < ARRAY_SIZE(tamper); i++) {
		found = diag_new("test");
		assert_int_equal(elf_model_load("new.o", &elf, found), 0);
		tamper[i](elf);
		assert_int_equal(elf_model_write(elf, "tampered.o", found), 0);
		elf_model_free(elf);
		assert_int_not_equal(verify_output(patched, "tampered.o", found), 0);
		assert_true(diag_has(found, "KS122"));
		diag_free(found);
	}
	unit_free(original);
	unit_free(patched);
	object_index_free(object);
	symvers_free(symvers);
	diag_free(diag);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_without_numbers),
		cmocka_unit_test(test_parents),
		cmocka_unit_test(test_section_rules),
		cmocka_unit_test(test_output_is_checked),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
