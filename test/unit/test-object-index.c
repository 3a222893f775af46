// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: linked files and modules with symbols of equal names: static and global, weak, in init
 *   sections, in sections that kallsyms leaves out, at one address.
 * Prevents: a position that the kernel counts differently: another function is patched, or another
 *   variable used.
 * Fails if: order, count or block differ from those of scripts/kallsyms.c and
 *   kernel/module/kallsyms.c.
 */
#include <elf.h>

#include "lib/array.h"
#include "test/unit/fixture.h"
#include "lib/object-index.h"
#include "lib/object-index-running.h"
#include "lib/temporary.h"

static struct object_index *load(const char *path, const char *object)
{
	struct diag *diag = diag_new("test");
	struct object_index *index = NULL;

	object_index_load(path, object, &index, diag);
	assert_no_problems(diag);
	assert_non_null(index);
	diag_free(diag);
	return index;
}

static void link_vmlinux(void)
{
	assemble("a",
		 ".file \"a.c\"\n.text\n.type twin,@function\ntwin: ret\n.type only_a,@function\n"
		 "only_a: ret\n.globl _start\n_start: ret\n");
	assemble("b",
		 ".file \"b.c\"\n.text\n.type twin,@function\ntwin: ret\n.type only_b,@function\n"
		 "only_b: ret\n.data\n.type state,@object\nstate: .quad 0\n");
	assemble("c",
		 ".file \"a.c\"\n.text\n.globl twin\n.type twin,@function\ntwin: ret\n"
		 ".type other_a,@function\nother_a: ret\n"
		 ".section .init.text,\"ax\"\n.type setup,@function\nsetup: ret\n"
		 ".globl twin_abs\ntwin_abs = 0x1234\n.globl __crc_twin\n.set __crc_twin, twin\n"
		 ".section .debug_x\nnot_loaded: .quad 0\n");
	/* c has the lowest address, although it is last in the symbol table */
	RUN("ld", "-Ttext=0x400000", "-o", "vmlinux", "c.o", "a.o", "b.o", "--section-start",
	    ".init.text=0x500000", "--build-id=0x0123456789abcdef0123456789abcdef01234567");
}

static void vmlinux_is_counted_by_address(void **state)
{
	const struct object_symbol *twins;
	struct object_index *index;
	size_t n;

	link_vmlinux();
	index = load("vmlinux", "vmlinux");
	assert_false(object_index_is_module(index));
	assert_string_equal(object_index_name(index), "vmlinux");
	assert_string_equal(object_index_build_id(index),
			    "0123456789abcdef0123456789abcdef01234567");

	twins = object_index_find(index, "twin", &n);
	assert_int_equal(n, 3);
	assert_int_equal(twins[0].bind, STB_GLOBAL); /* static ones don't come first */
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(twins[i].sympos, i + 1);
		assert_int_equal(twins[i].count, 3);
		assert_int_equal(object_symbol_klp_pos(&twins[i]), i + 1);
		assert_true(!i || twins[i].value > twins[i - 1].value);
	}

	assert_non_null(object_index_find(index, "state", &n));
	assert_int_equal(n, 1);
	assert_int_equal(object_symbol_klp_pos(object_index_find(index, "only_a", &n)), 0);
	assert_true(object_index_find(index, "setup", &n)->init);
	assert_false(object_index_find(index, "only_a", &n)->init);
	object_index_free(index);
}

static void what_kallsyms_leaves_out_is_not_counted(void **state)
{
	static const char *const names[] = { "twin_abs", "__crc_twin", "not_loaded",
					     "missing",	 "",	       "a.c" };
	struct object_index *index;
	size_t n;

	link_vmlinux();
	index = load("vmlinux", "vmlinux");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		assert_null(object_index_find(index, names[i], &n));
		assert_int_equal(n, 0);
	}
	object_index_free(index);
}

/* No linker puts two functions at one address: change it in the file. */
static void move_second_to_first(const char *path, const char *name)
{
	struct object_index *index = load(path, "vmlinux");
	const struct object_symbol *pair;
	uint64_t from, to;
	char *content;
	size_t n, size;

	pair = object_index_find(index, name, &n);
	assert_int_equal(n, 2);
	assert_int_equal(pair[0].bind, STB_WEAK);
	to = pair[0].value;
	from = pair[1].value;
	object_index_free(index);

	assert_int_equal(read_file(path, &content, &size), 0);
	for (size_t i = 0; i + sizeof(from) <= size; i++)
		if (!memcmp(content + i, &from, sizeof(from)))
			memcpy(content + i, &to, sizeof(to));
	assert_int_equal(write_file_atomic(path, content, size, 0755), 0);
	free(content);
}

/* At one address, compare_symbols() of scripts/kallsyms.c sorts a weak function after others. */
static void weak_comes_last_at_one_address(void **state)
{
	const struct object_symbol *pair;
	struct object_index *index;
	size_t n;

	assemble("weak", ".text\n.weak pair\n.type pair,@function\npair: ret\n");
	/* ld would join a weak and a global one; a static one of that name stays */
	assemble("strong", ".text\n.globl _start\n_start:\n.type pair,@function\npair: ret\n");
	RUN("ld", "-Ttext=0x400000", "-o", "tie", "weak.o", "strong.o");
	move_second_to_first("tie", "pair");
	index = load("tie", "vmlinux");
	pair = object_index_find(index, "pair", &n);
	assert_int_equal(pair[0].value, pair[1].value);
	assert_int_equal(pair[0].bind, STB_LOCAL);
	assert_int_equal(pair[1].bind, STB_WEAK);
	object_index_free(index);
}

static void modules_are_counted_by_symbol_table(void **state)
{
	const struct object_symbol *twins;
	struct object_index *index;
	size_t n;

	assemble("m1", ".file \"m1.c\"\n.text\n nop\n.type twin,@function\ntwin: ret\n");
	assemble("m2", ".file \"m2.c\"\n.text\n nop\n.type twin,@function\ntwin: ret\n"
		       "call elsewhere\n");
	RUN("ld", "-r", "-o", "m.ko", "m2.o", "m1.o");
	index = load("m.ko", "m");
	assert_true(object_index_is_module(index));
	twins = object_index_find(index, "twin", &n);
	assert_int_equal(n, 2);
	assert_true(twins[0].symtab_index < twins[1].symtab_index);
	assert_false(twins[0].moves || twins[1].moves);
	/* undefined symbols are not the module's */
	assert_null(object_index_find(index, "elsewhere", &n));
	object_index_free(index);
}

/*
 * is_core_symbol(): after init, symbols in init sections are no longer listed,
 * and what was second becomes first.
 */
static void positions_that_change_with_init_are_marked(void **state)
{
	const struct object_symbol *symbols;
	struct object_index *index;
	size_t n;

	assemble("i1", ".file \"i1.c\"\n.text\n.type stays,@function\nstays: ret\n"
		       ".type shifts,@function\n.section .init.text,\"ax\"\nshifts: ret\n");
	assemble("i2", ".file \"i2.c\"\n.text\n.type shifts,@function\nshifts: ret\n"
		       ".section .init.text,\"ax\"\n.type stays,@function\nstays: ret\n");
	RUN("ld", "-r", "-o", "i.ko", "i1.o", "i2.o");
	index = load("i.ko", "i");

	symbols = object_index_find(index, "stays", &n);
	assert_int_equal(n, 2);
	assert_false(symbols[0].moves); /* 1 before and after init */
	assert_true(symbols[1].moves && symbols[1].init);

	symbols = object_index_find(index, "shifts", &n);
	assert_int_equal(n, 2);
	assert_true(symbols[0].moves && symbols[0].init);
	assert_true(symbols[1].moves); /* 2 before, 1 after */
	assert_false(symbols[1].init);
	object_index_free(index);
}

/* The kernel keeps the whole symbol table of a livepatch module. */
static void livepatch_modules_keep_their_symbols(void **state)
{
	struct object_index *index;
	size_t n;

	assemble(
		"lp",
		".section .modinfo,\"a\"\n.asciz \"description=no livepatch=\"\n.asciz \"livepatch=Y\"\n"
		".section .init.text,\"ax\"\n.type early,@function\nearly: ret\n");
	index = load("lp.o", "lp");
	assert_false(object_index_find(index, "early", &n)->moves);
	assert_true(object_index_find(index, "early", &n)->init);
	object_index_free(index);

	assemble("no", ".section .modinfo,\"a\"\n.asciz \"description=no livepatch=\"\n"
		       ".section .init.text,\"ax\"\n.type early,@function\nearly: ret\n");
	index = load("no.o", "no");
	assert_true(object_index_find(index, "early", &n)->moves);
	object_index_free(index);
}

static void blocks_are_found_by_their_locals(void **state)
{
	static const char *const both[] = { "twin", "only_a" }, *const wrong[] = { "twin",
										   "only_b" };
	static const char *const other[] = { "other_a" };
	const struct object_symbol *twins;
	struct object_index *index;
	uint32_t block = 0;
	size_t n;

	link_vmlinux();
	index = load("vmlinux", "vmlinux");
	assert_int_equal(object_index_match_block(index, "a.c", both, 2, &block), 1);
	twins = object_index_find(index, "twin", &n);
	assert_int_equal(twins[0].file, 0); /* the global one is in no block */
	assert_int_equal(twins[1].file, block);
	assert_int_equal(object_index_match_block(index, "kernel/a.c", both, 2, &block), 1);
	assert_int_equal(object_index_match_block(index, "a.c", wrong, 2, &block), 0);
	assert_int_equal(object_index_match_block(index, "z.c", both, 2, &block), 0);
	/* two files of one name: the locals tell them apart, or nothing does */
	assert_int_equal(object_index_match_block(index, "a.c", other, 1, &block), 1);
	assert_int_not_equal(block, twins[1].file);
	assert_int_equal(object_index_match_block(index, "a.c", NULL, 0, &block), 2);
	object_index_free(index);
}

/* `strip -g` takes the FILE symbols out of a module, and only those may be taken from another file. */
static void stripped_files_have_the_same_symbols(void **state)
{
	static const struct {
		const char *path;
		bool same;
	} cases[] = { { "mod.ko", true }, { "stripped.ko", true }, { "other.ko", false } };
	struct object_index *index, *other;
	size_t n;

	assemble("a", ".file \"a.c\"\n.text\n.type twin,@function\ntwin: ret\n.size twin, 1\n");
	assemble("b", ".file \"b.c\"\n.text\n.type twin,@function\ntwin: ret\n.size twin, 1\n");
	assemble("c",
		 ".file \"b.c\"\n.text\nnop\n.type twin,@function\ntwin: ret\n.size twin, 1\n");
	RUN("ld", "-r", "-o", "mod.ko", "a.o", "b.o");
	RUN("ld", "-r", "-o", "other.ko", "a.o", "c.o");
	RUN("objcopy", "-g", "mod.ko", "stripped.ko");
	index = load("mod.ko", "mod");
	assert_int_not_equal(object_index_find(index, "twin", &n)->file, 0);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		other = load(cases[i].path, "mod");
		assert_int_equal(object_index_same_symbols(index, other), cases[i].same);
		assert_int_equal(object_index_same_symbols(other, index), cases[i].same);
		object_index_free(other);
	}
	object_index_free(index);
}

static void tells_what_it_cant_use(void **state)
{
	static const struct {
		const char *path, *code;
	} cases[] = {
		{ "missing", "KS901" },
		{ "text", "KS920" },
		{ "stripped", "KS921" },
		{ "archive.a", "KS920" },
	};

	link_vmlinux();
	RUN("strip", "-o", "stripped", "vmlinux");
	RUN("ar", "rc", "archive.a", "a.o");
	write_text("text", "#!/bin/sh\n");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct diag *diag = diag_new("test");
		struct object_index *index = NULL;

		assert_true(object_index_load(cases[i].path, "x", &index, diag) < 0);
		assert_null(index);
		assert_reported(diag, cases[i].code);
		diag_free(diag);
	}
}

static void running_objects_are_counted_by_line(void **state)
{
	static const char kallsyms[] = "ffffffff81000000 T _stext\n"
				       "ffffffff81000010 t twice\n"
				       "ffffffff81000020 T twice\n"
				       "ffffffff82000000 D __init_begin\n"
				       "ffffffff82000010 t early\n"
				       "ffffffff82001000 D __init_end\n"
				       "ffffffffc0002000 t twice\t[mod]\n"
				       "ffffffffc0001000 t twice\t[mod]\n"
				       "ffffffffc0001000 b other\t[mod2]\n";
	struct diag *diag = diag_new("test");
	const struct object_symbol *found;
	struct object_index *index;
	size_t n;

	assert_int_equal(object_index_running(kallsyms, "vmlinux", "abcd", &index, diag), 0);
	assert_string_equal(object_index_build_id(index), "abcd");
	found = object_index_find(index, "twice", &n);
	assert_int_equal(n, 2);
	assert_int_equal(found[0].value, 0xffffffff81000010);
	assert_int_equal(found[0].type, STT_FUNC);
	assert_int_equal(found[1].bind, STB_GLOBAL);
	assert_false(found[0].init);
	assert_true(object_index_find(index, "early", &n)->init);
	assert_null(object_index_find(index, "other", &n));
	object_index_free(index);

	/* of a module in its own order, whatever the addresses are */
	assert_int_equal(object_index_running(kallsyms, "mod", NULL, &index, diag), 0);
	found = object_index_find(index, "twice", &n);
	assert_int_equal(n, 2);
	assert_int_equal(found[0].value, 0xffffffffc0002000);
	assert_int_equal(found[1].sympos, 2);
	object_index_free(index);

	/* as a user who may not see addresses reads it */
	assert_true(object_index_running("0000000000000000 T _stext\n", "vmlinux", NULL, &index,
					 diag) < 0);
	assert_reported(diag, "KS950");
	diag_free(diag);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vmlinux_is_counted_by_address),
		cmocka_unit_test(what_kallsyms_leaves_out_is_not_counted),
		cmocka_unit_test(weak_comes_last_at_one_address),
		cmocka_unit_test(modules_are_counted_by_symbol_table),
		cmocka_unit_test(positions_that_change_with_init_are_marked),
		cmocka_unit_test(livepatch_modules_keep_their_symbols),
		cmocka_unit_test(blocks_are_found_by_their_locals),
		cmocka_unit_test(stripped_files_have_the_same_symbols),
		cmocka_unit_test(running_objects_are_counted_by_line),
		cmocka_unit_test(tells_what_it_cant_use),
	};

	return cmocka_run_group_tests(tests, enter_temp_dir, NULL);
}
