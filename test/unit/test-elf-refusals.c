// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: an object file with each kind of section and symbol that the ELF model reads; in turn,
 *   one of its fields is wrong.
 * Prevents: a wrong field that the loader accepts, because another check happened to catch the
 *   example that was tried.
 * Fails if: a wrong field is accepted, or refused for another reason than its own; or many wrong
 *   fields together take more memory or time than the file's size justifies.
 */
#include "lib/array.h"
#include "lib/elf-model.h"
#include "test/unit/fixture.h"
#include "lib/temporary.h"

static const char source[] =
	".text\n.globl f\n.type f,@function\nf: call g\n ret\n.size f,.-f\n"
	".data\n.globl d\n.type d,@object\nd: .quad f\n.size d,.-d\n"
	".section .text.shared,\"axG\",@progbits,shared,comdat\n.globl shared\nshared: call g\n"
	".section ordered,\"awo\",@progbits,.text\n.quad f\n"
	".bss\n.local b\n.comm b,8\n"
	/* sections that become another kind have to exist */
	".section spare,\"\"\n.zero 72\n"
	".section .debug_str,\"MS\",@progbits,1\n.rept 100\n.asciz \"the same string once more\"\n.endr\n";

static char *good;
static size_t good_size;

static Elf64_Shdr *headers_of(char *file)
{
	return (Elf64_Shdr *)(file + ((Elf64_Ehdr *)file)->e_shoff);
}

static unsigned int section_number(char *file, const char *name)
{
	Elf64_Shdr *shdr = headers_of(file);
	Elf64_Ehdr *ehdr = (Elf64_Ehdr *)file;

	for (unsigned int i = 1; i < ehdr->e_shnum; i++)
		if (!strcmp(file + shdr[ehdr->e_shstrndx].sh_offset + shdr[i].sh_name, name))
			return i;
	fail_msg("no section %s", name);
	return 0;
}

static Elf64_Shdr *section(char *file, const char *name)
{
	return &headers_of(file)[section_number(file, name)];
}

static Elf64_Sym *symbol(char *file, const char *name)
{
	Elf64_Shdr *symtab = section(file, ".symtab"), *strtab = section(file, ".strtab");
	Elf64_Sym *symbols = (Elf64_Sym *)(file + symtab->sh_offset);

	for (size_t i = 1; i < symtab->sh_size / sizeof(*symbols); i++)
		if (!strcmp(file + strtab->sh_offset + symbols[i].st_name, name))
			return &symbols[i];
	fail_msg("no symbol %s", name);
	return NULL;
}

static char *name_of(char *file, const char *name)
{
	return file + section(file, ".strtab")->sh_offset + symbol(file, name)->st_name;
}

static Elf64_Rela *rela(char *file, const char *name)
{
	return (Elf64_Rela *)(file + section(file, name)->sh_offset);
}

static void cut_end_of(char *file, const char *name)
{
	Elf64_Shdr *s = section(file, name);

	file[s->sh_offset + s->sh_size - 1] = 'x';
}

/* As SYMTAB_SHNDX: one word for each symbol; "spare" is large enough for the first eighteen. */
static Elf32_Word *add_large_indices(char *file)
{
	Elf64_Shdr *s = section(file, "spare");

	s->sh_type = SHT_SYMTAB_SHNDX;
	s->sh_link = section_number(file, ".symtab");
	s->sh_entsize = 4;
	return (Elf32_Word *)(file + s->sh_offset);
}

#define LIE(name, statement)      \
	static void name(char *f) \
	{                         \
		statement;        \
	}

LIE(program_headers, ((Elf64_Ehdr *)f)->e_phnum = 1; ((Elf64_Ehdr *)f)->e_phentsize = 56)
LIE(no_sections, ((Elf64_Ehdr *)f)->e_shnum = 0; ((Elf64_Ehdr *)f)->e_shoff = 0)
LIE(names_nowhere, ((Elf64_Ehdr *)f)->e_shstrndx = ((Elf64_Ehdr *)f)->e_shnum)
LIE(names_in_code, ((Elf64_Ehdr *)f)->e_shstrndx = section_number(f, ".text"))
LIE(sections_nowhere, ((Elf64_Ehdr *)f)->e_shoff = UINT64_MAX - 63)
LIE(endless_section_names, cut_end_of(f, ".shstrtab"))
LIE(section_name, section(f, "spare")->sh_name = UINT32_MAX)
LIE(two_symtabs, section(f, "spare")->sh_type = SHT_SYMTAB)
LIE(overlap, section(f, ".data")->sh_offset = 0; section(f, ".data")->sh_size = good_size)
LIE(overflow, section(f, ".data")->sh_offset = UINT64_MAX; section(f, ".data")->sh_size = 8)
LIE(huge_sections, section(f, ".data")->sh_size = UINT64_MAX; section(f, "spare")->sh_size = 72)
LIE(alignment_no_power, section(f, ".data")->sh_addralign = 3)
LIE(alignment_huge, section(f, ".data")->sh_addralign = 1ull << 40)
LIE(link_nowhere, section(f, "ordered")->sh_link = UINT32_MAX)
LIE(link_to_table, section(f, "ordered")->sh_link = section_number(f, ".symtab"))
LIE(group_without_flags, section(f, ".group")->sh_size = 0)
LIE(group_half_word, section(f, ".group")->sh_size = 7)
LIE(group_signature, section(f, ".group")->sh_info = UINT32_MAX)
LIE(not_compressed, section(f, ".data")->sh_flags |= SHF_COMPRESSED)
LIE(compressed_names, section(f, ".strtab")->sh_flags |= SHF_COMPRESSED)

LIE(endless_strings, cut_end_of(f, ".strtab"))
LIE(strings_nowhere, section(f, ".symtab")->sh_link = UINT32_MAX)
LIE(strings_in_code, section(f, ".symtab")->sh_link = section_number(f, ".text"))
LIE(symbol_size, section(f, ".symtab")->sh_entsize = 16)
LIE(symbol_size_zero, section(f, ".symtab")->sh_entsize = 0)
LIE(half_a_symbol, section(f, ".symtab")->sh_size -= 1)
LIE(symbol_name, symbol(f, "d")->st_name = UINT32_MAX)
LIE(symbol_name_moves_cursor, *name_of(f, "d") = '\x1b')
LIE(symbol_name_is_no_text, *name_of(f, "d") = '\xff')
LIE(symbol_section, symbol(f, "d")->st_shndx = 0xfeff)
LIE(symbol_special, symbol(f, "d")->st_shndx = SHN_LOPROC)
LIE(symbol_in_table, symbol(f, "d")->st_shndx = section_number(f, ".symtab"))
LIE(symbol_beyond, symbol(f, "d")->st_value = 1)
LIE(symbol_overflow, symbol(f, "d")->st_value = UINT64_MAX; symbol(f, "d")->st_size = 2)
LIE(large_without_table, symbol(f, "d")->st_shndx = SHN_XINDEX)
LIE(large_zero, add_large_indices(f); symbol(f, "d")->st_shndx = SHN_XINDEX)
LIE(large_nowhere, Elf32_Word *words = add_large_indices(f); memset(words, 0xff, 72);
    symbol(f, "d")->st_shndx = SHN_XINDEX)
LIE(large_of_another, add_large_indices(f); section(f, "spare")->sh_link = 1)

LIE(rela_without_addend, section(f, ".rela.text")->sh_type = SHT_REL)
LIE(rela_size, section(f, ".rela.text")->sh_entsize = 16)
LIE(half_a_rela, section(f, ".rela.data")->sh_size -= 1)
LIE(rela_of_nothing, section(f, ".rela.text")->sh_info = UINT32_MAX)
LIE(rela_of_table, section(f, ".rela.text")->sh_info = section_number(f, ".symtab"))
LIE(rela_of_itself, section(f, ".rela.text")->sh_info = section_number(f, ".rela.text"))
LIE(rela_of_bss, section(f, ".rela.text")->sh_info = section_number(f, ".bss"))
LIE(rela_symbols, section(f, ".rela.text")->sh_link = section_number(f, ".strtab"))
LIE(rela_type, rela(f, ".rela.text")->r_info = ELF64_R_INFO(1, 250))
LIE(rela_symbol, rela(f, ".rela.text")->r_info = ELF64_R_INFO(1000, R_X86_64_PC32))
LIE(rela_beyond, rela(f, ".rela.data")->r_offset = 1)
LIE(rela_overflow, rela(f, ".rela.data")->r_offset = UINT64_MAX - 3)

static const struct {
	const char *what;
	void (*tell)(char *file);
	/* words: a part of the message, so that each is refused for its own reason */
	const char *code, *words;
} lies[] = {
#define ROW(name, code, words)           \
	{                                \
#name, name, code, words \
	}
	ROW(program_headers, "KS911", "program headers"),
	ROW(no_sections, "KS912", "it has no table of sections"),
	ROW(names_nowhere, "KS912", "it has no table of sections"),
	ROW(names_in_code, "KS912", "no table of strings"),
	ROW(sections_nowhere, "KS91", ""),
	ROW(endless_section_names, "KS912", "no table of strings"),
	ROW(section_name, "KS912", "no valid name"),
	ROW(two_symtabs, "KS916", "two symbol tables"),
	ROW(overlap, "KS912", "more content than the file has"),
	ROW(overflow, "KS912", "not in the file"),
	ROW(huge_sections, "KS912", "more content than the file has"),
	ROW(alignment_no_power, "KS912", "impossible alignment"),
	ROW(alignment_huge, "KS912", "impossible alignment"),
	ROW(link_nowhere, "KS912", "which doesn't exist"),
	ROW(link_to_table, "KS912", "which doesn't exist"),
	ROW(group_without_flags, "KS912", "broken group"),
	ROW(group_half_word, "KS912", "not in the file"),
	ROW(group_signature, "KS912", "broken group"),
	ROW(not_compressed, "KS912", "compression"),
	ROW(compressed_names, "KS912", "no table of strings"),
	ROW(endless_strings, "KS912", "no table of strings"),
	ROW(strings_nowhere, "KS912", "section 4294967295"),
	ROW(strings_in_code, "KS912", "no table of strings"),
	ROW(symbol_size, "KS913", "not in the file"),
	ROW(symbol_size_zero, "KS913", "not in the file"),
	ROW(half_a_symbol, "KS913", "not in the file"),
	ROW(symbol_name, "KS913", "no valid name"),
	ROW(symbol_name_moves_cursor, "KS913", "no valid name"),
	ROW(symbol_name_is_no_text, "KS913", "no valid name"),
	ROW(symbol_section, "KS913", "there is no section"),
	ROW(symbol_special, "KS916", "special section"),
	ROW(symbol_in_table, "KS913", "lies in a table"),
	ROW(symbol_beyond, "KS913", "extends beyond section"),
	ROW(symbol_overflow, "KS913", "extends beyond section"),
	ROW(large_without_table, "KS913", "no table says in which section"),
	ROW(large_zero, "KS913", "no table says in which section"),
	ROW(large_nowhere, "KS913", "there is no section 4294967295"),
	ROW(large_of_another, "KS913", "it doesn't fit the symbol table"),
	ROW(rela_without_addend, "KS916", "without addends"),
	ROW(rela_size, "KS914", "is not in the file"),
	ROW(half_a_rela, "KS914", "is not in the file"),
	ROW(rela_of_nothing, "KS914", "relocates section 4294967295"),
	ROW(rela_of_table, "KS914", "which doesn't exist"),
	ROW(rela_of_itself, "KS914", "which doesn't exist"),
	ROW(rela_of_bss, "KS914", "beyond the end"),
	ROW(rela_symbols, "KS914", "another symbol table"),
	ROW(rela_type, "KS914", "unknown relocation type 250"),
	ROW(rela_symbol, "KS914", "there is no symbol 1000"),
	ROW(rela_beyond, "KS914", "beyond the end"),
	ROW(rela_overflow, "KS914", "beyond the end"),
};

/* The messages of loading @content; "" if it was taken. Free it. */
static char *complaints(const void *content, size_t size)
{
	struct diag *diag = diag_new("test");
	struct elf_model *model = NULL;
	char *text = NULL;
	size_t length;
	FILE *out;
	int err;

	assert_int_equal(write_file_atomic("lie.o", content, size, 0644), 0);
	err = elf_model_load("lie.o", &model, diag);
	assert_int_equal(!err, !diag_errors(diag));
	assert_int_equal(!err, !!model);
	out = open_memstream(&text, &length);
	diag_print(diag, out);
	fclose(out);
	elf_model_free(model);
	diag_free(diag);
	return text;
}

static void each_lie_is_told(void **state)
{
	char *text = complaints(good, good_size);

	assert_string_equal(text, "");
	free(text);
	for (size_t i = 0; i < ARRAY_SIZE(lies); i++) {
		char *bad = malloc(good_size);

		assert_non_null(bad);
		memcpy(bad, good, good_size);
		lies[i].tell(bad);
		text = complaints(bad, good_size);
		if (!strstr(text, lies[i].code) || !strstr(text, lies[i].words))
			fail_msg("%s: not %s '%s' but: %s", lies[i].what, lies[i].code,
				 lies[i].words, *text ? text : "taken");
		free(text);
		free(bad);
	}
}

/* Nothing follows links, so a circle of them is as good as any; it must only not be walked. */
static void circles_of_links_end(void **state)
{
	char *bad = malloc(good_size), *text;

	assert_non_null(bad);
	memcpy(bad, good, good_size);
	section(bad, "ordered")->sh_link = section_number(bad, "ordered");
	text = complaints(bad, good_size);
	assert_string_equal(text, "");
	free(text);
	free(bad);
}

/* A header that claims a terabyte, in front of a few bytes. */
static void compression_may_not_promise_all(void **state)
{
	Elf64_Chdr *chdr;
	char *content, *text;
	size_t size;

	RUN("objcopy", "--compress-debug-sections=zlib-gabi", "good.o", "small.o");
	assert_int_equal(read_file("small.o", &content, &size), 0);
	text = complaints(content, size);
	assert_string_equal(text, "");
	free(text);
	assert_true(section(content, ".debug_str")->sh_flags & SHF_COMPRESSED);
	chdr = (Elf64_Chdr *)(content + section(content, ".debug_str")->sh_offset);
	chdr->ch_size = 1ull << 40;
	text = complaints(content, size);
	assert_non_null(strstr(text, "bad compression header"));
	free(text);
	chdr->ch_size = 2601;
	text = complaints(content, size);
	assert_non_null(strstr(text, "KS912"));
	free(text);
	free(content);
}

/* An object of nothing but symbols: the last @n are called by the first byte of a long name. */
static char *many_symbols(size_t n, size_t length, size_t *size)
{
	static const char names[] = "\0.symtab\0.strtab\0.shstrtab";
	const uint64_t strings = sizeof(Elf64_Ehdr), symbols = strings + length + 8 - length % 8;
	const uint64_t section_names = symbols + (n + 1) * sizeof(Elf64_Sym),
		       headers = section_names + 32;
	const Elf64_Shdr shdr[] = {
		{ 0 },
		{ .sh_name = 1,
		  .sh_type = SHT_SYMTAB,
		  .sh_offset = symbols,
		  .sh_link = 2,
		  .sh_info = 1,
		  .sh_size = (n + 1) * sizeof(Elf64_Sym),
		  .sh_entsize = sizeof(Elf64_Sym) },
		{ .sh_name = 9,
		  .sh_type = SHT_STRTAB,
		  .sh_offset = strings,
		  .sh_size = length + 1 },
		{ .sh_name = 17,
		  .sh_type = SHT_STRTAB,
		  .sh_offset = section_names,
		  .sh_size = sizeof(names) },
	};
	char *file = calloc(1, headers + sizeof(shdr));
	Elf64_Ehdr *ehdr = (Elf64_Ehdr *)file;
	Elf64_Sym *symbol;

	assert_non_null(file);
	memcpy(ehdr, good, sizeof(*ehdr));
	ehdr->e_shoff = headers;
	ehdr->e_shnum = ARRAY_SIZE(shdr);
	ehdr->e_shstrndx = 3;
	memset(file + strings + 1, 'n', length - 1);
	for (symbol = (Elf64_Sym *)(file + symbols) + 1; n--; symbol++) {
		symbol->st_name = 1;
		symbol->st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE);
	}
	memcpy(file + section_names, names, sizeof(names));
	memcpy(file + headers, shdr, sizeof(shdr));
	*size = headers + sizeof(shdr);
	return file;
}

/* 2,000 names of a megabyte: 2 GB in a file of 1 MB. */
static void names_may_not_multiply_the_file(void **state)
{
	size_t size;
	char *file = many_symbols(2000, 1 << 20, &size), *text = complaints(file, size);

	assert_non_null(strstr(text, "KS913"));
	assert_non_null(strstr(text, "no valid name"));
	free(text);
	free(file);
}

/* With a walk over all of that name for each, this takes hours. */
static void a_million_symbols_may_have_one_name(void **state)
{
	size_t size;
	char *file = many_symbols(1000000, 2, &size), *text = complaints(file, size);

	assert_string_equal(text, "");
	free(text);
	free(file);
}

static int make_object(void **state)
{
	if (enter_temp_dir(state))
		return -1;
	assemble("good", source);
	return read_file("good.o", &good, &good_size);
}

static int free_object(void **state)
{
	free(good);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_lie_is_told),
		cmocka_unit_test(circles_of_links_end),
		cmocka_unit_test(compression_may_not_promise_all),
		cmocka_unit_test(names_may_not_multiply_the_file),
		cmocka_unit_test(a_million_symbols_may_have_one_name),
	};

	return cmocka_run_group_tests(tests, make_object, free_object);
}
