// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: modules as kbuild links them, with lists of references (.klp.refs) that are right, or
 *   wrong in one word.
 * Prevents: a reference to the running kernel that reaches another symbol than its unit meant; one
 *   that the kernel applies too late, or twice; guesses about a malformed list.
 * Fails if: convert makes another klp symbol or relocation than lib/klp-format.h describes, or
 *   accepts a malformed list; show names another place; or verify misses a symbol that doesn't
 *   exist, or isn't unique.
 */
#include <errno.h>

#include "test/unit/fixture.h"
#include "klp-relocs/convert.h"
#include "klp-relocs/refs.h"
#include "klp-relocs/show.h"
#include "klp-relocs/verify.h"
#include "lib/array.h"
#include "lib/elf-model.h"
#include "lib/elf-write.h"
#include "lib/klp-format.h"
#include "lib/object-index.h"
#include "lib/symvers.h"

#define MODINFO \
	".section .modinfo,\"a\"\n.asciz \"livepatch=Y\"\n.asciz \"name=fix\"\n.asciz \"klp_split_patch=fix\"\n"
#define STRINGS                                                                          \
	".section .strings,\"aMS\",@progbits,1\nvmlinux: .asciz \"vmlinux\"\n"           \
	"table: .asciz \"x_tables\"\nname: .asciz \"hidden\"\nother: .asciz \"other\"\n" \
	"comma: .asciz \"a,b\"\ndotted: .asciz \"a.b\"\nempty: .asciz \"\"\n"
#define REFS ".section .klp.refs,\"a\"\n"
/* Two calls and a pointer: the first reference to a symbol is the one that the kernel resolves. */
#define CODE                                                                                                      \
	".text\n.globl f\n.type f,@function\nf: call hidden_1\n call hidden_1\n call printk\n ret\n.size f,.-f\n" \
	".data\n.type pointer,@object\npointer: .quad hidden_1\n.size pointer,8\n"

static struct diag *diag;
static struct symvers *symvers;

static int make_folder(void **state)
{
	if (enter_temp_dir(state))
		return -1;
	diag = diag_new("test");
	write_text("Module.symvers", "0x1\tprintk\tvmlinux\tEXPORT_SYMBOL\t\n"
				     "0x1\txt_register\tnet/x_tables\tEXPORT_SYMBOL\t\n");
	return symvers_load("Module.symvers", &symvers, diag);
}

static int free_all(void **state)
{
	symvers_free(symvers);
	diag_free(diag);
	return 0;
}

static struct elf_model *load(const char *text)
{
	struct elf_model *model;

	diag_free(diag);
	diag = diag_new("test");
	assemble("m", text);
	assert_int_equal(elf_model_load("m.o", &model, diag), 0);
	return model;
}

static int convert_alone(struct elf_model *model)
{
	static const struct providers none;

	return convert(model, symvers, &none, diag);
}

static const struct elf_section *find_section(const struct elf_model *model, const char *name)
{
	const struct elf_section *section = elf_section_find(model, name);

	if (!section)
		fail_msg("no section %s", name);
	return section;
}

static void references_become_klp_relocations(void **state)
{
	struct elf_model *model =
		load(MODINFO STRINGS REFS ".quad hidden_1, table, name, 3\n" CODE);
	const struct elf_section *text, *data, *klp;

	assert_int_equal(convert_alone(model), 0);
	assert_no_problems(diag);
	assert_null(elf_section_find(model, KLP_REFS_SECTION));
	/* the name of the undefined symbol was for the linker only */
	assert_null(elf_symbol_find(model, "hidden_1"));
	assert_int_equal(elf_symbol_find(model, ".klp.sym.x_tables.hidden,3")->shndx,
			 SHN_LIVEPATCH);
	assert_int_equal(elf_symbol_find(model, "printk")->shndx, SHN_UNDEF);

	/* the first one is a klp relocation, applied while the module loads: for "vmlinux" */
	klp = find_section(model, ".klp.rela.vmlinux.text");
	text = find_section(model, ".text");
	data = find_section(model, ".data");
	assert_true(klp->flags & SHF_RELA_LIVEPATCH);
	assert_ptr_equal(klp->target, text);
	assert_int_equal(klp->n_relas, 1);
	assert_int_equal(klp->relas[0].offset, 1);
	assert_string_equal(klp->relas[0].symbol->name, ".klp.sym.x_tables.hidden,3");
	/* those after it are ordinary, and so is what refers to an export */
	assert_int_equal(text->n_relas, 2);
	assert_int_equal(text->relas[0].offset, 6);
	assert_ptr_equal(text->relas[0].symbol, klp->relas[0].symbol);
	assert_string_equal(text->relas[1].symbol->name, "printk");
	assert_int_equal(data->n_relas, 1);
	assert_null(elf_section_find(model, ".klp.rela.vmlinux.data"));
	elf_model_free(model);
}

/* The kernel resolves the sections in the order of their numbers, so the first reference must be in the first. */
static void klp_sections_are_the_first(void **state)
{
	struct elf_model *model =
		load(MODINFO STRINGS REFS ".quad hidden_1, table, name, 3\n" CODE);
	const struct elf_section *klp;

	assert_int_equal(convert_alone(model), 0);
	assert_int_equal(elf_model_write(model, "m.ko", diag), 0);
	elf_model_free(model);
	assert_int_equal(elf_model_load("m.ko", &model, diag), 0);
	klp = find_section(model, ".klp.rela.vmlinux.text");
	assert_true(klp->index < find_section(model, ".text")->rela_index);
	assert_true(klp->index < find_section(model, ".data")->rela_index);
	elf_model_free(model);
}

static void references_that_agree_are_one(void **state)
{
	struct elf_model *model = load(
		MODINFO STRINGS REFS ".quad hidden_1, vmlinux, name, 0\n"
				     ".quad hidden_1, vmlinux, name, 0\n"
				     ".quad hidden_2, vmlinux, name, 0\n" CODE ".quad hidden_2\n");
	struct elf_symbol *symbol;
	size_t n = 0;

	assert_int_equal(convert_alone(model), 0);
	elf_for_each_symbol(model, symbol)
		n += symbol->shndx == SHN_LIVEPATCH;
	assert_int_equal(n, 1);
	assert_non_null(elf_symbol_find(model, ".klp.sym.vmlinux.hidden,0"));
	elf_model_free(model);
}

static void what_the_link_defines_stays(void **state)
{
	struct elf_model *model = load(MODINFO STRINGS REFS
				       ".quad here, vmlinux, name, 0\n"
				       ".text\n.globl here\nhere: ret\n call here\n");

	assert_int_equal(convert_alone(model), 0);
	assert_non_null(elf_symbol_find(model, "here"));
	assert_null(elf_symbol_find(model, ".klp.sym.vmlinux.hidden,0"));
	elf_model_free(model);
}

/* What is refused, and by which code: never half converted. */
static void refused_modules(void **state)
{
	static const struct {
		const char *what, *code, *text;
	} cases[] = {
		{ "no livepatch", "KS201", STRINGS REFS ".quad hidden_1, vmlinux, name, 0\n" CODE },
		{ "cut off", "KS203", MODINFO STRINGS REFS ".quad hidden_1, vmlinux, name\n" CODE },
		{ "a word is no pointer", "KS203",
		  MODINFO STRINGS REFS ".quad hidden_1, 0, name, 0\n" CODE },
		{ "half a pointer", "KS203",
		  MODINFO STRINGS REFS ".long hidden_1, 0\n.quad vmlinux, name, 0\n" CODE },
		{ "not at a word", "KS203",
		  MODINFO STRINGS REFS
		  ".quad 0, vmlinux, name, 0\n.reloc .klp.refs+1, R_X86_64_64, hidden_1\n" CODE },
		{ "a position that is an address", "KS203",
		  MODINFO STRINGS REFS ".quad hidden_1, vmlinux, name, f\n" CODE },
		{ "a place beside the symbol", "KS203",
		  MODINFO STRINGS REFS ".quad hidden_1 + 4, vmlinux, name, 0\n" CODE },
		{ "no object", "KS203",
		  MODINFO STRINGS REFS ".quad hidden_1, empty, name, 0\n" CODE },
		{ "an object that no module can be", "KS203",
		  MODINFO STRINGS REFS ".quad hidden_1, dotted, name, 0\n" CODE },
		{ "a name that sscanf() splits", "KS203",
		  MODINFO STRINGS REFS ".quad hidden_1, vmlinux, comma, 0\n" CODE },
		{ "a name beyond its section", "KS203",
		  MODINFO STRINGS REFS ".quad hidden_1, vmlinux, name + 999, 0\n" CODE },
		{ "a name before its section", "KS203",
		  MODINFO STRINGS REFS ".quad hidden_1, vmlinux, name - 999, 0\n" CODE },
		{ "a name that isn't known yet", "KS203",
		  MODINFO STRINGS REFS ".quad hidden_1, vmlinux, elsewhere, 0\n" CODE },
		{ "two objects", "KS204",
		  MODINFO STRINGS REFS
		  ".quad hidden_1, vmlinux, name, 0\n.quad hidden_1, table, name, 0\n" CODE },
		{ "two names", "KS204",
		  MODINFO STRINGS REFS
		  ".quad hidden_1, vmlinux, name, 0\n.quad hidden_1, vmlinux, other, 0\n" CODE },
		{ "two positions", "KS204",
		  MODINFO STRINGS REFS
		  ".quad hidden_1, vmlinux, name, 1\n.quad hidden_1, vmlinux, name, 2\n" CODE },
		{ "no reference", "KS205", MODINFO STRINGS CODE },
		{ "another module's export", "KS205", MODINFO ".text\ncall xt_register\n" },
		{ "a weak symbol", "KS205", MODINFO ".text\n.weak perhaps\ncall perhaps\n" },
		{ "a type that the loader doesn't know", "KS206",
		  MODINFO STRINGS REFS
		  ".quad hidden_1, vmlinux, name, 0\n.text\n.reloc ., R_X86_64_16, hidden_1\n.short 0\n" },
		{ "a value where the address goes", "KS207",
		  MODINFO STRINGS REFS
		  ".quad hidden_1, vmlinux, name, 0\n.data\n.reloc ., R_X86_64_64, hidden_1\n.quad 1\n" },
		{ "no main module", "KS209",
		  MODINFO ".section .klp_split.main_build_id,\"a\"\n.zero 41\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct elf_model *model = load(cases[i].text);

		if (!convert_alone(model))
			fail_msg("%s: converted", cases[i].what);
		if (!diag_has(diag, cases[i].code)) {
			diag_print(diag, stderr);
			fail_msg("%s: not %s", cases[i].what, cases[i].code);
		}
		elf_model_free(model);
	}
}

static void nothing_is_converted_twice(void **state)
{
	struct elf_model *model =
		load(MODINFO STRINGS REFS ".quad hidden_1, vmlinux, name, 0\n" CODE);

	assert_int_equal(convert_alone(model), 0);
	assert_int_equal(convert_alone(model), -EINVAL);
	assert_reported(diag, "KS202");
	elf_model_free(model);
}

static void all_problems_are_said_at_once(void **state)
{
	struct elf_model *model =
		load(MODINFO STRINGS ".text\ncall one\ncall two\n.weak three\ncall three\n");

	assert_int_not_equal(convert_alone(model), 0);
	assert_int_equal(diag_count(diag, "KS205"), 3);
	elf_model_free(model);
}

static const char *string_of(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key)) ?: "(none)";
}

static json_int_t number_of(const json_t *row, const char *key)
{
	return json_integer_value(json_object_get(row, key));
}

static const json_t *row_at(const json_t *shown, const char *section, json_int_t offset)
{
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(shown, "relocations"), i, row)
		if (!strcmp(string_of(row, "section"), section) &&
		    number_of(row, "offset") == offset)
			return row;
	fail_msg("nothing is shown at %s+%d", section, (int)offset);
	return NULL;
}

static void relocations_are_shown(void **state)
{
	struct elf_model *model =
		load(MODINFO STRINGS REFS ".quad hidden_1, table, name, 3\n" CODE);
	json_t *shown = show_json(model);
	const json_t *row;

	assert_true(json_is_false(json_object_get(shown, "converted")));
	assert_int_equal(json_array_size(json_object_get(shown, "relocations")), 0);
	json_decref(shown);

	assert_int_equal(convert_alone(model), 0);
	shown = show_json(model);
	assert_true(json_is_true(json_object_get(shown, "converted")));
	assert_int_equal(json_array_size(json_object_get(shown, "relocations")), 3);
	row = row_at(shown, ".text", 1);
	assert_string_equal(string_of(row, "type"), "R_X86_64_PLT32");
	assert_string_equal(string_of(row, "object"), "x_tables");
	assert_string_equal(string_of(row, "symbol"), "hidden");
	assert_string_equal(string_of(row, "function"), "f");
	assert_int_equal(number_of(row, "sympos"), 3);
	assert_int_equal(number_of(row, "addend"), -4);
	assert_string_equal(string_of(row_at(shown, ".data", 0), "function"), "pointer");
	json_decref(shown);
	elf_model_free(model);
}

static void malformed_names_are_shown_as_such(void **state)
{
	struct elf_model *model =
		load(MODINFO STRINGS REFS ".quad hidden_1, table, name, 3\n" CODE);
	json_t *shown, *row;
	char *text;
	size_t size;
	FILE *out;

	assert_int_equal(convert_alone(model), 0);
	assert_int_equal(elf_symbol_rename(model,
					   elf_symbol_find(model, ".klp.sym.x_tables.hidden,3"),
					   ".klp.sym.x_tables"),
			 0);
	shown = show_json(model);
	row = json_array_get(json_object_get(shown, "relocations"), 0);
	assert_true(json_is_null(json_object_get(row, "object")));
	assert_string_equal(string_of(row, "symbol"), ".klp.sym.x_tables");
	json_decref(shown);
	out = open_memstream(&text, &size);
	show_text(model, out);
	fclose(out);
	assert_non_null(strstr(text, "(malformed)"));
	free(text);
	elf_model_free(model);
}

/* verify_module: problems with a module that calls vmlinux' symbol "hidden" at @sympos, if vmlinux is @vmlinux. */
static void verify_module(const char *sympos, const char *vmlinux)
{
	char *text =
		format(MODINFO STRINGS REFS ".quad hidden_1, vmlinux, name, %s\n" CODE, sympos);
	struct object_index *index = NULL;
	struct verify_inputs in = { .symvers = symvers, .objects = &index, .n_objects = 1 };
	struct verify_counts counts = { 0 };
	struct elf_model *model;

	assemble("vmlinux", vmlinux);
	model = load(text);
	assert_int_equal(convert_alone(model), 0);
	assert_int_equal(object_index_load("vmlinux.o", "vmlinux", &index, diag), 0);
	in.module = model;
	verify(&in, &counts, diag);
	assert_int_equal(counts.symbols, 1);
	object_index_free(index);
	elf_model_free(model);
	free(text);
}

static void symbols_are_looked_for(void **state)
{
	/* (relocatable: what else verify says of such a vmlinux doesn't matter here) */
	static const char one[] =
		".text\n.globl printk\nprintk: ret\n.type hidden,@function\nhidden: ret\n";
	static const char none[] = ".text\n.globl printk\nprintk: ret\n";

	verify_module("0", one);
	assert_false(diag_has(diag, "KS222"));
	assert_false(diag_has(diag, "KS223"));
	verify_module("1", one);
	assert_false(diag_has(diag, "KS222"));
	verify_module("2", one);
	assert_reported(diag, "KS222");
	verify_module("0", none);
	assert_reported(diag, "KS222");
}

static void position_0_claims_to_be_the_only_one(void **state)
{
	static const char two[] =
		".text\n.globl printk\nprintk: ret\n.type a,@function\na: ret\n.type b,@function\nb: ret\n";
	struct object_index *index = NULL;
	struct verify_inputs in = { .symvers = symvers, .objects = &index, .n_objects = 1 };
	struct verify_counts counts;
	struct elf_model *model;

	assemble("vmlinux", two);
	RUN("objcopy", "--redefine-sym", "a=hidden", "vmlinux.o");
	RUN("objcopy", "--redefine-sym", "b=hidden", "vmlinux.o");
	for (int sympos = 0; sympos < 3; sympos++) {
		char *text = format(MODINFO STRINGS REFS ".quad hidden_1, vmlinux, name, %d\n" CODE,
				    sympos);

		model = load(text);
		assert_int_equal(convert_alone(model), 0);
		assert_int_equal(object_index_load("vmlinux.o", "vmlinux", &index, diag), 0);
		in.module = model;
		verify(&in, &counts, diag);
		assert_int_equal(diag_has(diag, "KS223"), sympos == 0);
		assert_false(diag_has(diag, "KS222"));
		object_index_free(index);
		elf_model_free(model);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(references_become_klp_relocations),
		cmocka_unit_test(klp_sections_are_the_first),
		cmocka_unit_test(references_that_agree_are_one),
		cmocka_unit_test(what_the_link_defines_stays),
		cmocka_unit_test(refused_modules),
		cmocka_unit_test(nothing_is_converted_twice),
		cmocka_unit_test(all_problems_are_said_at_once),
		cmocka_unit_test(relocations_are_shown),
		cmocka_unit_test(malformed_names_are_shown_as_such),
		cmocka_unit_test(symbols_are_looked_for),
		cmocka_unit_test(position_0_claims_to_be_the_only_one),
	};

	return cmocka_run_group_tests(tests, make_folder, free_all);
}
