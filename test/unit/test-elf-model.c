// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: objects as GCC and the assembler make them, with relocations, groups, linked and
 *   compressed sections.
 * Prevents: an index that is not updated when something is added, removed or renamed: a relocation
 *   then patches the wrong word of a running kernel.
 * Fails if: a model that is written and loaded again differs, a name doesn't find the first symbol
 *   of that name, or a model that refers to something removed is written.
 */
#include "lib/array.h"
#include "test/unit/fixture.h"
#include "lib/elf-model.h"
#include "lib/elf-write.h"
#include "lib/temporary.h"

static struct elf_model *load(const char *path)
{
	struct diag *diag = diag_new("test");
	struct elf_model *model = NULL;

	elf_model_load(path, &model, diag);
	assert_no_problems(diag);
	assert_non_null(model);
	diag_free(diag);
	return model;
}

static void write_model(struct elf_model *model, const char *path)
{
	struct diag *diag = diag_new("test");

	elf_model_write(model, path, diag);
	assert_no_problems(diag);
	diag_free(diag);
}

static void assert_same_symbol(const struct elf_symbol *a, const struct elf_symbol *b)
{
	assert_int_equal(!a, !b);
	if (!a)
		return;
	assert_string_equal(a->name, b->name);
	assert_int_equal(a->value, b->value);
	assert_int_equal(a->size, b->size);
	assert_int_equal(a->type, b->type);
	assert_int_equal(a->bind, b->bind);
	assert_int_equal(a->other, b->other);
	assert_int_equal(a->shndx, b->shndx);
	assert_int_equal(!a->section, !b->section);
	if (a->section)
		assert_string_equal(a->section->name, b->section->name);
}

static void assert_same_section(const struct elf_section *a, const struct elf_section *b)
{
	assert_string_equal(a->name, b->name);
	assert_int_equal(a->type, b->type);
	assert_int_equal(a->flags, b->flags);
	assert_int_equal(a->align, b->align);
	assert_int_equal(a->entsize, b->entsize);
	assert_int_equal(a->size, b->size);
	if (a->data && a->type != SHT_GROUP)
		assert_memory_equal(a->data, b->data, a->size);
	assert_int_equal(!a->link, !b->link);
	if (a->link)
		assert_string_equal(a->link->name, b->link->name);
	assert_int_equal(!a->target, !b->target);
	if (a->target)
		assert_string_equal(a->target->name, b->target->name);
	assert_int_equal(a->n_relas, b->n_relas);
	for (size_t i = 0; i < a->n_relas; i++) {
		assert_int_equal(a->relas[i].offset, b->relas[i].offset);
		assert_int_equal(a->relas[i].type, b->relas[i].type);
		assert_int_equal(a->relas[i].addend, b->relas[i].addend);
		assert_same_symbol(a->relas[i].symbol, b->relas[i].symbol);
	}
}

static void assert_same(const struct elf_model *a, const struct elf_model *b)
{
	const struct elf_section *s, *t = b->sections;
	const struct elf_symbol *x, *y = b->symbols;

	assert_int_equal(a->machine, b->machine);
	assert_int_equal(a->encoding, b->encoding);
	assert_int_equal(a->n_sections, b->n_sections);
	assert_int_equal(a->n_symbols, b->n_symbols);
	elf_for_each_section(a, s) {
		assert_same_section(s, t);
		t = t->next;
	}
	elf_for_each_symbol(a, x) {
		assert_same_symbol(x, y);
		y = y->next;
	}
}

static void compile_unit(void)
{
	compile("unit",
		"extern int shared; int helper(int);\n"
		"static int counter; static const char *names[] = { \"a\", \"b\" };\n"
		"static int __attribute__((noinline)) work(int x)\n"
		"{ static int calls; calls++; counter += x; return helper(counter) + calls; }\n"
		"int entry(int x) { return work(x) + shared + names[x & 1][0]; }\n"
		"__attribute__((weak)) int maybe(void) { return 3; }\n");
}

static void survives_a_round_trip(void **state)
{
	struct elf_model *first, *second;

	compile_unit();
	first = load("unit.o");
	assert_non_null(elf_section_find(first, ".text.entry"));
	assert_true(elf_section_is_code(elf_section_find(first, ".text.entry")));
	write_model(first, "copy.o");
	second = load("copy.o");
	assert_same(first, second);
	elf_model_free(first);
	elf_model_free(second);

	RUN("ld", "-r", "-o", "linked.o", "copy.o");
	RUN("objdump", "-dr", "copy.o");
	RUN("eu-elflint", "--gnu-ld", "copy.o");
}

static void same_input_same_bytes(void **state)
{
	struct elf_model *model;
	char *a, *b;
	size_t m, n;

	compile_unit();
	model = load("unit.o");
	write_model(model, "1.o");
	elf_model_free(model);
	model = load("unit.o");
	write_model(model, "2.o");
	elf_model_free(model);
	assert_int_equal(read_file("1.o", &a, &m), 0);
	assert_int_equal(read_file("2.o", &b, &n), 0);
	assert_int_equal(m, n);
	assert_memory_equal(a, b, n);
	free(a);
	free(b);
}

/* The signature of a module follows the ELF data. */
static void ignores_what_follows(void **state)
{
	struct elf_model *plain, *with;
	char *content;
	size_t size;

	compile_unit();
	plain = load("unit.o");
	assert_int_equal(read_file("unit.o", &content, &size), 0);
	content = realloc(content, size + 28);
	memcpy(content + size, "~Module signature appended~\n", 28);
	assert_int_equal(write_file_atomic("signed.o", content, size + 28, 0644), 0);
	with = load("signed.o");
	assert_same(plain, with);
	elf_model_free(plain);
	elf_model_free(with);
	free(content);
}

static void finds_the_first_of_a_name(void **state)
{
	struct elf_symbol *first, *second, *third;
	struct elf_model *model;

	assemble("names", ".file \"dup\"\n.text\nnop\nnop\nnop\n"
			  ".type one,@function\none=.text\n.type two,@function\ntwo=.text+1\n"
			  ".type three,@function\nthree=.text+2\n");
	model = load("names.o");
	first = elf_symbol_find(model, "one");
	second = elf_symbol_find(model, "two");
	third = elf_symbol_find(model, "three");
	assert_non_null(third);
	assert_null(elf_symbol_find(model, ""));
	assert_null(elf_symbol_find(model, "names.s"));

	/* of symbols renamed to one name, the first in the table is found, in whatever order they were renamed */
	assert_int_equal(elf_symbol_rename(model, third, "dup"), 0);
	assert_int_equal(elf_symbol_rename(model, second, "dup"), 0);
	assert_ptr_equal(elf_symbol_find(model, "dup"), second);
	assert_null(elf_symbol_find(model, "two"));
	assert_int_equal(elf_symbol_rename(model, first, "dup"), 0);
	assert_ptr_equal(elf_symbol_find(model, "dup"), first);
	elf_symbol_remove(model, first);
	assert_ptr_equal(elf_symbol_find(model, "dup"), second);
	elf_symbol_remove(model, second);
	elf_symbol_remove(model, third);
	assert_null(elf_symbol_find(model, "dup"));

	first = elf_symbol_add(model, "again", STB_LOCAL, STT_FUNC, NULL, 0, 0);
	second = elf_symbol_add(model, "again", STB_GLOBAL, STT_FUNC, NULL, 0, 0);
	assert_ptr_equal(elf_symbol_find(model, "again"), first);
	elf_symbol_remove(model, first);
	assert_ptr_equal(elf_symbol_find(model, "again"), second);
	elf_model_free(model);
}

static void keeps_ten_thousand_names_apart(void **state)
{
	struct elf_model *model = NULL;
	struct diag *diag = diag_new("test");
	char name[32];

	assert_int_equal(elf_model_new(NULL, &model, diag), 0);
	for (int i = 0; i < 10000; i++) {
		snprintf(name, sizeof(name), "symbol_%d", i);
		assert_non_null(elf_symbol_add(model, name, STB_GLOBAL, STT_FUNC, NULL, i, 0));
	}
	for (int i = 0; i < 10000; i += 7) {
		snprintf(name, sizeof(name), "symbol_%d", i);
		assert_int_equal(elf_symbol_find(model, name)->value, i);
	}
	elf_model_free(model);
	diag_free(diag);
}

/* Removing something changes all later numbers; members of groups are numbers, too. */
static void groups_follow_their_members(void **state)
{
	struct elf_section *group, *victim;
	struct elf_model *model, *again;
	const uint32_t *words;

	assemble("group", ".section .victim,\"a\"\n.long 1\n"
			  ".section .text.shared,\"axG\",@progbits,shared,comdat\n"
			  ".globl shared\nshared: call other\n.text\nnop\n");
	model = load("group.o");
	victim = elf_section_find(model, ".victim");
	assert_non_null(victim);
	elf_section_remove(model, victim);
	write_model(model, "shrunk.o");
	elf_model_free(model);

	again = load("shrunk.o");
	group = again->sections;
	while (group && group->type != SHT_GROUP)
		group = group->next;
	assert_non_null(group);
	assert_string_equal(group->group_signature->name, "shared");
	words = (const uint32_t *)group->data;
	assert_int_equal(group->size, 12);
	assert_int_equal(words[0], GRP_COMDAT);
	assert_int_equal(words[1], elf_section_find(again, ".text.shared")->index);
	assert_int_equal(words[2], elf_section_find(again, ".text.shared")->index + 1);
	elf_model_free(again);
	RUN("ld", "-r", "-o", "linked.o", "shrunk.o", "group.o");
}

static void links_are_kept(void **state)
{
	struct elf_model *model, *again;

	assemble("order",
		 ".section .drop,\"a\"\n.long 0\n.section .text.f,\"ax\"\nf: nop\n"
		 ".section __patchable_function_entries,\"awo\",@progbits,.text.f\n.quad f\n");
	model = load("order.o");
	elf_section_remove(model, elf_section_find(model, ".drop"));
	write_model(model, "order2.o");
	again = load("order2.o");
	assert_string_equal(elf_section_find(again, "__patchable_function_entries")->link->name,
			    ".text.f");
	elf_model_free(model);
	elf_model_free(again);
}

static void compressed_sections_are_expanded(void **state)
{
	struct elf_model *model;
	char big[70000] = ".section .debug_str,\"MS\",@progbits,1\n.asciz \"";

	memset(big + strlen(big), 'x', 60000);
	strcat(big, "\"\n.section .debug_info\n.long .debug_str+5\n");
	write_text("big.s", big);
	RUN("as", "--64", "--compress-debug-sections=zlib", "-o", "big.o", "big.s");
	model = load("big.o");
	assert_int_equal(elf_section_find(model, ".debug_str")->size, 60001);
	assert_false(elf_section_find(model, ".debug_str")->flags & SHF_COMPRESSED);
	write_model(model, "flat.o");
	elf_model_free(model);
	elf_model_free(load("flat.o"));
}

/* As a kernel ships its modules. */
static void compressed_files_are_unpacked(void **state)
{
	static const char *const packed[] = { "unit.o.xz", "unit.o.gz" };
	struct elf_model *model, *same;

	compile_unit();
	RUN("xz", "-fk", "unit.o");
	RUN("gzip", "-fk", "unit.o");
	model = load("unit.o");
	for (size_t i = 0; i < ARRAY_SIZE(packed); i++) {
		same = load(packed[i]);
		assert_same(model, same);
		elf_model_free(same);
	}
	elf_model_free(model);
}

static void klp_sections_keep_relas_and_target(void **state)
{
	struct elf_section *klp;
	struct elf_model *model, *again;
	struct elf_symbol *symbol;

	compile_unit();
	model = load("unit.o");
	symbol = elf_symbol_add(model, ".klp.sym.vmlinux.f,0", STB_GLOBAL, STT_NOTYPE, NULL, 0, 0);
	symbol->shndx = SHN_LIVEPATCH;
	for (int i = 0; i < 2; i++) {
		klp = elf_section_add(model, i ? ".klp.rela.b.text" : ".klp.rela.a.text", SHT_RELA,
				      SHF_RELA_LIVEPATCH, 8, NULL, 0);
		klp->target = elf_section_find(model, ".text.entry");
		assert_int_equal(elf_rela_add(klp, i, R_X86_64_PC32, symbol, -4), 0);
	}
	write_model(model, "klp.o");
	again = load("klp.o");
	klp = elf_section_find(again, ".klp.rela.b.text");
	assert_non_null(klp);
	assert_int_equal(klp->n_relas, 1);
	assert_int_equal(klp->relas[0].offset, 1);
	assert_int_equal(klp->relas[0].symbol->shndx, SHN_LIVEPATCH);
	assert_string_equal(klp->target->name, ".text.entry");
	/* ordinary relocations of the target are not mixed up with them */
	assert_int_equal(klp->target->n_relas, elf_section_find(model, ".text.entry")->n_relas);
	elf_model_free(model);
	elf_model_free(again);
}

static void locals_come_first(void **state)
{
	struct elf_section *text;
	struct elf_model *model, *again;
	const struct elf_symbol *symbol;
	bool global = false;

	compile_unit();
	model = load("unit.o");
	text = elf_section_find(model, ".text.entry");
	elf_symbol_add(model, "late_local", STB_LOCAL, STT_FUNC, text, 0, 1);
	assert_int_equal(
		elf_rela_add(text, 0, R_X86_64_64, elf_symbol_find(model, "late_local"), 7), 0);
	write_model(model, "late.o");
	again = load("late.o");
	elf_for_each_symbol(again, symbol) {
		global |= symbol->bind != STB_LOCAL;
		assert_false(global && symbol->bind == STB_LOCAL);
	}
	text = elf_section_find(again, ".text.entry");
	assert_string_equal(text->relas[text->n_relas - 1].symbol->name, "late_local");
	RUN("eu-elflint", "--gnu-ld", "late.o");
	elf_model_free(model);
	elf_model_free(again);
}

static void appends_aligned(void **state)
{
	struct elf_model *model = NULL;
	struct diag *diag = diag_new("test");
	struct elf_section *section, *bss;

	assert_int_equal(elf_model_new(NULL, &model, diag), 0);
	section = elf_section_add(model, ".data", SHT_PROGBITS, SHF_ALLOC, 1, "abc", 3);
	assert_int_equal(elf_section_append(section, "defg", 4, 8), 8);
	assert_int_equal(section->size, 12);
	assert_int_equal(section->align, 8);
	assert_memory_equal(section->data, "abc\0\0\0\0\0defg", 12);
	assert_int_equal(elf_section_append(section, NULL, 2, 1), 12);
	assert_memory_equal(section->data + 12, "\0\0", 2);
	assert_true(elf_section_append(section, "x", UINT64_MAX - 4, 1) < 0);
	bss = elf_section_add(model, ".bss", SHT_NOBITS, SHF_ALLOC, 4, NULL, 6);
	assert_int_equal(elf_section_append(bss, NULL, 4, 4), 8);
	assert_null(bss->data);
	elf_model_free(model);
	diag_free(diag);
}

static void refuses_to_write_what_was_removed(void **state)
{
	struct diag *diag = diag_new("test");
	struct elf_model *model;

	compile_unit();
	model = load("unit.o");
	elf_symbol_remove(model, elf_symbol_find(model, "helper"));
	assert_int_not_equal(elf_model_write(model, "broken.o", diag), 0);
	assert_reported(diag, "KS915");
	assert_false(path_exists("broken.o"));
	elf_model_free(model);

	model = load("unit.o");
	elf_section_remove(model, elf_section_find(model, ".text.entry"));
	assert_null(elf_symbol_find(model, "entry"));
	elf_model_free(model);
	diag_free(diag);
}

static void tells_what_it_cant_load(void **state)
{
	static const struct {
		const char *path, *code;
	} cases[] = {
		{ "missing.o", "KS901" }, { "broken.o.xz", "KS901" }, { "text.o", "KS910" },
		{ "empty.o", "KS910" },	  { "program", "KS911" },     { "small.o", "KS911" },
	};

	write_text("text.o",
		   "this is no object file, but longer than its header would be; and more…");
	write_text("empty.o", "");
	write_text("broken.o.xz", "not compressed at all");
	assemble("start", ".globl _start\n_start: ret\n");
	RUN("ld", "-o", "program", "start.o");
	write_text("small.s", "ret\n");
	RUN("as", "--32", "-o", "small.o", "small.s");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct diag *diag = diag_new("test");
		struct elf_model *model = NULL;

		assert_true(elf_model_load(cases[i].path, &model, diag) < 0);
		assert_null(model);
		assert_reported(diag, cases[i].code);
		diag_free(diag);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(survives_a_round_trip),
		cmocka_unit_test(same_input_same_bytes),
		cmocka_unit_test(ignores_what_follows),
		cmocka_unit_test(finds_the_first_of_a_name),
		cmocka_unit_test(keeps_ten_thousand_names_apart),
		cmocka_unit_test(groups_follow_their_members),
		cmocka_unit_test(links_are_kept),
		cmocka_unit_test(compressed_sections_are_expanded),
		cmocka_unit_test(compressed_files_are_unpacked),
		cmocka_unit_test(klp_sections_keep_relas_and_target),
		cmocka_unit_test(locals_come_first),
		cmocka_unit_test(appends_aligned),
		cmocka_unit_test(refuses_to_write_what_was_removed),
		cmocka_unit_test(tells_what_it_cant_load),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
