// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: a small livepatch module with everything that the tools read: relocations, .klp.refs, a
 *   group, modinfo.
 * Prevents: a damaged or malicious file that makes a tool crash, read beyond its memory, or write
 *   nonsense.
 * Fails if: a file that is truncated at any length, or with any byte of its headers and tables
 *   changed, is neither loaded nor refused with a code; run it under the sanitizers (make check
 *   SANITIZE=1).
 */
#include "lib/array.h"
#include "test/unit/fixture.h"
#include "klp-relocs/convert.h"
#include "lib/elf-model.h"
#include "lib/object-index.h"
#include "klp-relocs/show.h"
#include "klp-relocs/verify.h"
#include "lib/elf-write.h"
#include "lib/temporary.h"

static const char module_source[] =
	".file \"unit.c\"\n"
	".section .modinfo,\"a\"\n.asciz \"livepatch=Y\"\n.asciz \"name=p__m\"\n"
	".asciz \"klp_split_patch=p\"\n.asciz \"klp_split_object=m:12\"\n.asciz \"depends=klp_split\"\n"
	".section __versions,\"a\"\n.quad 1\n.asciz \"used\"\n.zero 51\n"
	".section .strings,\"aMS\",@progbits,1\nm: .asciz \"m\"\nused_name: .asciz \"used\"\n"
	".section .klp.refs,\"a\"\n.quad used, m, used_name, 0\n"
	".section .klp_split.funcs,\"aw\"\n.quad used_name, f, 0\n"
	".section .text.shared,\"axG\",@progbits,shared,comdat\n.globl shared\nshared: call used\n"
	".section __patchable,\"awo\",@progbits,.text\n.quad f\n"
	".bss\n.local b\n.comm b,8\n"
	".section .note.gnu.build-id,\"a\",@note\n.long 4,2,3\n.asciz \"GNU\"\n.short 0x1234,0\n"
	".section .debug_info\n.quad used, f\n"
	".text\n.globl f\n.type f,@function\nf: call used\n mov $used, %rax\n ret\n.size f,.-f\n";

static char *good;
static size_t good_size;
static struct diag *diag;

static void read_as_index(const char *path)
{
	struct object_index *index = NULL;
	size_t n;

	if (!object_index_load(path, "m", &index, diag)) {
		object_index_find(index, "used", &n);
		object_index_find(index, "f", &n);
	}
	object_index_free(index);
}

static void verify_model(const struct elf_model *model)
{
	struct verify_inputs in = { .module = model, .target = model };
	struct object_index *index = NULL;
	struct verify_counts counts;

	/* as if it patched itself, so that what it refers to is looked up */
	if (!object_index_load("m.ko", "m", &index, diag)) {
		in.objects = &index;
		in.n_objects = 1;
	}
	verify(&in, &counts, diag);
	object_index_free(index);
	json_decref(show_json(model));
}

/* All that the tools do with a file; what they say of it may be anything. */
static void use(const void *content, size_t size)
{
	struct providers none = { 0 };
	struct elf_model *model = NULL;
	size_t before;

	diag_free(diag);
	diag = diag_new("test");
	assert_int_equal(write_file_atomic("m.ko", content, size, 0644), 0);
	read_as_index("m.ko");
	before = diag_errors(diag);
	if (elf_model_load("m.ko", &model, diag)) {
		assert_true(diag_errors(diag) > before);
		return;
	}
	verify_model(model);
	/* what was loaded can be written, and loaded again */
	if (!elf_model_write(model, "again.ko", diag)) {
		struct elf_model *again = NULL;

		elf_model_load("again.ko", &again, diag);
		assert_non_null(again);
		elf_model_free(again);
	} else {
		assert_true(diag_has(diag, "KS916") || diag_has(diag, "KS915"));
	}
	if (!convert(model, NULL, &none, diag))
		verify_model(model);
	elf_model_free(model);
}

static int make_module(void **state)
{
	if (enter_temp_dir(state))
		return -1;
	assemble("module", module_source);
	return read_file("module.o", &good, &good_size);
}

static int free_module(void **state)
{
	diag_free(diag);
	free(good);
	return 0;
}

static void every_length(void **state)
{
	for (size_t length = 0; length < good_size; length++)
		use(good, length);
	use(good, good_size);
	assert_false(diag_has(diag, "KS912"));
}

static void flip(size_t offset)
{
	static const unsigned char masks[] = { 0x01, 0x80, 0xff, 0x10 };
	char *bad = malloc(good_size);

	assert_non_null(bad);
	for (size_t i = 0; i < sizeof(masks); i++) {
		memcpy(bad, good, good_size);
		bad[offset] ^= masks[i];
		use(bad, good_size);
	}
	free(bad);
}

static void every_header_byte(void **state)
{
	const Elf64_Ehdr *ehdr = (const Elf64_Ehdr *)good;

	for (size_t i = 0; i < sizeof(*ehdr); i++)
		flip(i);
	for (size_t i = ehdr->e_shoff; i < good_size; i++)
		flip(i);
}

static void every_byte_of_tables(void **state)
{
	const Elf64_Ehdr *ehdr = (const Elf64_Ehdr *)good;
	const Elf64_Shdr *shdr = (const Elf64_Shdr *)(good + ehdr->e_shoff);

	for (size_t s = 1; s < ehdr->e_shnum; s++) {
		switch (shdr[s].sh_type) {
		case SHT_SYMTAB:
		case SHT_RELA:
		case SHT_GROUP:
		case SHT_NOTE:
			for (size_t i = 0; i < shdr[s].sh_size; i++)
				flip(shdr[s].sh_offset + i);
		}
	}
}

/* A field at a time, the values that hurt most. */
static void words_of_section_headers(void **state)
{
	static const uint64_t values[] = { 0,	       1,	  0x7fffffff, 0xffffffff,
					   1ull << 40, INT64_MAX, UINT64_MAX, UINT64_MAX - 7 };
	const Elf64_Ehdr *ehdr = (const Elf64_Ehdr *)good;
	char *bad = malloc(good_size);

	assert_non_null(bad);
	for (size_t offset = ehdr->e_shoff; offset + 8 <= good_size; offset += 8) {
		for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
			memcpy(bad, good, good_size);
			memcpy(bad + offset, &values[i], 8);
			use(bad, good_size);
		}
	}
	free(bad);
}

/* Each kind of damage is reported as what it is. */
static void patch_and_expect(size_t offset, const void *bytes, size_t size, const char *code)
{
	char *bad = malloc(good_size);

	assert_non_null(bad);
	memcpy(bad, good, good_size);
	memcpy(bad + offset, bytes, size);
	use(bad, good_size);
	assert_reported(diag, code);
	free(bad);
}

static const Elf64_Shdr *find_section(uint32_t type)
{
	const Elf64_Ehdr *ehdr = (const Elf64_Ehdr *)good;
	const Elf64_Shdr *shdr = (const Elf64_Shdr *)(good + ehdr->e_shoff);

	for (size_t i = 1; i < ehdr->e_shnum; i++)
		if (shdr[i].sh_type == type && shdr[i].sh_size)
			return &shdr[i];
	fail_msg("the module has no section of type %u", type);
	return NULL;
}

/* Where in the file symbol "f" is described: the only function with a size. */
static size_t symbol_f(void)
{
	const Elf64_Shdr *symtab = find_section(SHT_SYMTAB);
	const Elf64_Sym *symbols = (const Elf64_Sym *)(good + symtab->sh_offset);

	for (size_t i = 1; i < symtab->sh_size / sizeof(*symbols); i++)
		if (ELF64_ST_TYPE(symbols[i].st_info) == STT_FUNC && symbols[i].st_size)
			return (const char *)&symbols[i] - good;
	fail_msg("the module has no function");
	return 0;
}

static void damage_has_its_code(void **state)
{
	const Elf64_Shdr *rela = find_section(SHT_RELA), *symtab = find_section(SHT_SYMTAB);
	const Elf64_Shdr *progbits = find_section(SHT_PROGBITS);
	const uint64_t huge = UINT64_MAX, whole[] = { 0, good_size };
	const uint32_t rel = SHT_REL;

	patch_and_expect(rela->sh_offset + offsetof(Elf64_Rela, r_offset), &huge, 8, "KS914");
	patch_and_expect(rela->sh_offset + offsetof(Elf64_Rela, r_info) + 4, &huge, 4, "KS914");
	patch_and_expect(symtab->sh_offset + 24 + offsetof(Elf64_Sym, st_name), &huge, 4, "KS913");
	patch_and_expect(symtab->sh_offset + 24 + offsetof(Elf64_Sym, st_name), &huge, 4, "KS922");
	patch_and_expect(symbol_f() + offsetof(Elf64_Sym, st_size), &huge, 4, "KS913");
	patch_and_expect((const char *)progbits - good + offsetof(Elf64_Shdr, sh_offset), &huge, 8,
			 "KS912");
	/* a section that is the whole file: inside, but on top of all others */
	patch_and_expect((const char *)progbits - good + offsetof(Elf64_Shdr, sh_offset), whole, 16,
			 "KS912");
	patch_and_expect((const char *)rela - good + offsetof(Elf64_Shdr, sh_type), &rel, 4,
			 "KS916");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_length),		cmocka_unit_test(every_header_byte),
		cmocka_unit_test(every_byte_of_tables), cmocka_unit_test(words_of_section_headers),
		cmocka_unit_test(damage_has_its_code),
	};

	return cmocka_run_group_tests(tests, make_module, free_module);
}
