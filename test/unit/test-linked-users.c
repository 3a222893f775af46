// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: a linked file without relocations, with code and data that refer to a variable or
 *   function.
 * Prevents: a member of a variable that code of another unit uses, or a static key that only jump
 *   labels use, that counts as unused: the diff silently removes the variable.
 * Fails if: a place isn't found, another address counts as a reference, or a reference to what
 *   follows the variable counts as one to the variable.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "kpatch-build/check/linked-users.h"
#include "kpatch-build/check/lost-users.h"
#include "lib/diag.h"

#define VARIABLE 0x2000
#define BEHIND 0x2010 /* a function */

static unsigned char code[] = {
	0x83, 0x3d, 0xfd, 0x0f, 0,    0, 1, /* 1000: cmpl $1,VARIABLE+4(%rip) */
	0x8b, 0x05, 0xfb, 0x0f, 0,    0, /* 1007: mov VARIABLE+8(%rip),%eax */
	0x48, 0xc7, 0xc0, 0,	0x20, 0, 0, /* 100d: mov $VARIABLE,%rax */
	0xe8, 0xf7, 0x0f, 0,	0, /* 1014: call BEHIND */
};

/* A pointer to the last byte, a jump label's key with its lowest bit set, and a pointer to the byte after it. */
static uint64_t data[] = { VARIABLE + 15, (VARIABLE | 1) - 0x3008, BEHIND };

struct found {
	uint64_t place, meant;
};

struct list {
	struct found found[32];
	size_t n;
};

static int keep(void *arg, uint64_t place, uint64_t meant)
{
	struct list *list = arg;

	assert_true(list->n < 32);
	list->found[list->n++] = (struct found){ place, meant };
	return 0;
}

static bool has(const struct list *list, uint64_t place, uint64_t meant)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->found[i].place == place && (!meant || list->found[i].meant == meant))
			return true;
	return false;
}

static void add_section(Elf *elf, uint64_t address, uint64_t flags, void *bytes, size_t size)
{
	Elf_Scn *scn = elf_newscn(elf);
	Elf_Data *d = elf_newdata(scn);
	GElf_Shdr shdr;

	*d = (Elf_Data){ .d_buf = bytes, .d_size = size, .d_align = 1, .d_version = EV_CURRENT };
	gelf_getshdr(scn, &shdr);
	shdr.sh_type = SHT_PROGBITS;
	shdr.sh_flags = SHF_ALLOC | flags;
	shdr.sh_addr = address;
	gelf_update_shdr(scn, &shdr);
}

static int make_file(void **state)
{
	char path[] = "/tmp/test-linked-users.XXXXXX";
	int fd = mkstemp(path);
	Elf64_Ehdr *ehdr;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_WRITE, NULL);
	ehdr = elf64_newehdr(elf);
	ehdr->e_type = ET_EXEC;
	ehdr->e_machine = EM_X86_64;
	ehdr->e_ident[EI_DATA] = ELFDATA2LSB;
	add_section(elf, 0x1000, SHF_EXECINSTR, code, sizeof(code));
	add_section(elf, 0x3000, 0, data, sizeof(data));
	if (elf_update(elf, ELF_C_WRITE) < 0)
		return -1;
	elf_end(elf);
	unlink(path);
	*state = elf_begin(fd, ELF_C_READ, NULL);
	return *state ? 0 : -1;
}

static int drop_file(void **state)
{
	elf_end(*state);
	return 0;
}

static void each_byte_of_a_variable_is_found(void **state)
{
	struct list list = { .n = 0 };

	assert_int_equal(linked_users(*state, VARIABLE, 16, keep, &list), 0);
	assert_true(has(&list, 0x1002, VARIABLE + 4));
	assert_true(has(&list, 0x1009, VARIABLE + 8));
	assert_true(has(&list, 0x1010, VARIABLE));
	assert_true(has(&list, 0x3000, VARIABLE + 15));
	assert_true(has(&list, 0x3008, VARIABLE));
	assert_false(has(&list, 0x1015, 0));
	assert_false(has(&list, 0x3010, 0));
}

static void a_function_is_meant_by_its_address_only(void **state)
{
	struct list list = { .n = 0 };

	assert_int_equal(linked_users(*state, BEHIND, 1, keep, &list), 0);
	assert_true(has(&list, 0x1015, BEHIND));
	assert_true(has(&list, 0x3010, BEHIND));
	assert_int_equal(list.n, 2);
}

/* Whoever can't be asked must not count as no user. */
static void a_file_that_cannot_be_read_is_an_error(void **state)
{
	struct diag *diag = diag_new("test");
	char path[] = "/tmp/test-linked-users.XXXXXX";
	int fd = mkstemp(path);
	bool refers = true;

	(void)state;
	assert_true(diag);
	assert_true(fd >= 0);
	assert_true(binary_refers_to("/nowhere/module.ko", "name", &refers, diag) < 0);
	assert_int_equal(write(fd, "!<no ELF file>", 14), 14);
	assert_true(binary_refers_to(path, "name", &refers, diag) < 0);
	assert_true(diag_has_error(diag, "KS153"));
	assert_int_equal(diag_errors(diag), 2);
	assert_true(refers);
	close(fd);
	unlink(path);
	diag_free(diag);
}

static void a_file_without_symbols_is_an_error(void **state)
{
	struct diag *diag = diag_new("test");
	char path[] = "/tmp/test-linked-users.XXXXXX";
	int fd = mkstemp(path);
	bool refers = true;
	Elf *elf;

	(void)state;
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_WRITE, NULL);
	elf64_newehdr(elf)->e_ident[EI_DATA] = ELFDATA2LSB;
	assert_true(elf_update(elf, ELF_C_WRITE) > 0);
	elf_end(elf);
	assert_true(binary_refers_to(path, "name", &refers, diag) < 0);
	assert_true(diag_has_error(diag, "KS153"));
	close(fd);
	unlink(path);
	diag_free(diag);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_byte_of_a_variable_is_found),
		cmocka_unit_test(a_function_is_meant_by_its_address_only),
		cmocka_unit_test(a_file_that_cannot_be_read_is_an_error),
		cmocka_unit_test(a_file_without_symbols_is_an_error),
	};

	return cmocka_run_group_tests(tests, make_file, drop_file);
}
