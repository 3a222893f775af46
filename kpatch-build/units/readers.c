// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The table of readers; finds their files that a changed file leads to. See
 * readers.h for the problem; reader-texts.c compares the files.
 *
 * The first row that matches a file counts. A file may have two readers, such
 * as string.c of the boot code, which is also part of the purgatory: ->also.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/index/includes.h"
#include "kpatch-build/units/readers.h"
#include "kpatch-build/index/unit-index.h"

/* As in unit-index.c: no file is included through more others. */
#define DEPTH_MAX 8

#define VDSO "the vDSO"
#define VDSO_WHY "it is mapped into processes, which call it without entering the kernel"
#define BOOT "the boot code"
#define BOOT_WHY "it ran before the kernel did, and is no part of it"
#define REALMODE "the real mode code"
#define REALMODE_WHY "it is a blob of data that the kernel copied when it booted"
#define PURGATORY "the purgatory of kexec"
#define PURGATORY_WHY "it is a blob of data in the kernel, and runs after the kernel has ended"
#define STUB "the EFI stub"
#define STUB_WHY "it ran under the firmware, before the kernel did"
#define LINKER "a linker script"
#define LINKER_WHY "the running kernel and its modules are linked already"
#define DATA "assembly that consists of data"
#define DATA_WHY "the running kernel has the data already"
#define OFFSETS_WHY "the header is made of this file, and all assembly reads it"
#define PROGRAM "a program of the build"
#define PROGRAM_WHY "it ran when the kernel was built"

/* The flags in the makefiles of the folders, as far as the text or the code can depend on them. */
#define CFLAGS_VDSO "-fpic -DBUILD_VDSO -DDISABLE_BRANCH_PROFILING"
#define CFLAGS_VDSO32 "-m32 -mregparm=0 " CFLAGS_VDSO
#define CFLAGS_BOOT                                                      \
	"-m16 -march=i386 -mregparm=3 -ffreestanding -fno-pic -D_SETUP " \
	"-D__DISABLE_EXPORTS -DDISABLE_BRANCH_PROFILING"
#define CFLAGS_WAKEUP CFLAGS_BOOT " -D_WAKEUP -I@/arch/x86/boot"
#define CFLAGS_EARLY                                                           \
	"-mcmodel=small -mno-red-zone -mno-mmx -mno-sse -ffreestanding -fPIE " \
	"-D__DISABLE_EXPORTS -DDISABLE_BRANCH_PROFILING -include @/include/linux/hidden.h"
#define CFLAGS_STUB CFLAGS_EARLY " -D__NO_FORTIFY"
#define CFLAGS_PURGATORY                                                          \
	"-mcmodel=small -ffreestanding -fpic -D__DISABLE_EXPORTS -D__NO_FORTIFY " \
	"-DDISABLE_BRANCH_PROFILING"
#define CFLAGS_LINKER "-Ux86 -DLINKER_SCRIPT"
#define CFLAGS_PROGRAM                                                  \
	"-I@/tools/include -I@/include/uapi -I@/arch/x86/include/uapi " \
	"-I@/arch/x86/include -Iinclude -Iarch/x86/include/generated"
#define CFLAGS_MODPOST "-I@/scripts/include -Iscripts/mod -Iinclude"
#define CFLAGS_SELINUX "-I@/include/uapi -I@/include -I@/security/selinux/include -Iinclude"

static const struct reader table[] = {
	/* no readers */
	{ "arch/x86/entry/vdso/vma.c", NULL, .why = "a unit, which maps the vDSO" },
	{ "arch/x86/entry/vdso/extable.c", NULL, .why = "a unit" },
	{ "arch/x86/entry/vdso/vdso32-setup.c", NULL, .why = "a unit" },
	{ "arch/x86/boot/compressed/head_32.S", NULL, .why = "of 32-bit kernels" },
	{ "drivers/firmware/efi/libstub/arm*.c", NULL, .why = "of another architecture" },
	{ "drivers/firmware/efi/libstub/riscv*.c", NULL, .why = "the same" },
	{ "drivers/firmware/efi/libstub/loongarch*.c", NULL, .why = "the same" },
	{ "drivers/firmware/efi/libstub/kaslr.c", NULL, .why = "the same" },
	{ "drivers/firmware/efi/libstub/fdt.c", NULL,
	  .why = "for a device tree, which x86 doesn't boot by" },
	{ "drivers/firmware/efi/libstub/efi-stub.c", NULL,
	  .why = "EFI_GENERIC_STUB, which x86 doesn't use" },
	{ "drivers/firmware/efi/libstub/efi-stub-entry.c", NULL, .why = "the same" },
	{ "drivers/firmware/efi/libstub/s[ty]*.c", NULL,
	  .why = "the same: string.c and systable.c" },
	{ "drivers/firmware/efi/libstub/intrinsics.c", NULL, .why = "the same" },
	{ "drivers/firmware/efi/libstub/screen_info.c", NULL, .why = "the same" },
	{ "drivers/firmware/efi/libstub/zboot*", NULL, .why = "EFI_ZBOOT, which x86 doesn't have" },

	{ "arch/x86/entry/vdso/vdso2c.c", PROGRAM, PROGRAM_WHY, READER_PROGRAM,
	  .flags = CFLAGS_PROGRAM },
	{ "arch/x86/entry/vdso/*.lds.S", VDSO, VDSO_WHY, READER_CODE, .flags = CFLAGS_LINKER },
	{ "arch/x86/entry/vdso/*.[cS]", VDSO, VDSO_WHY, READER_CODE, .flags = CFLAGS_VDSO },
	{ "arch/x86/entry/vdso/vdso32/*.lds.S", VDSO, VDSO_WHY, READER_CODE,
	  .flags = CFLAGS_LINKER },
	{ "arch/x86/entry/vdso/vdso32/*.[cS]", VDSO, VDSO_WHY, READER_CODE,
	  .flags = CFLAGS_VDSO32 },
	{ "arch/x86/boot/compressed/string.c", PURGATORY, PURGATORY_WHY, READER_CODE,
	  .flags = CFLAGS_PURGATORY, .also = true },
	{ "arch/x86/boot/mkcpustr.c", PROGRAM, PROGRAM_WHY, READER_PROGRAM, .flags = NULL },
	{ "arch/x86/boot/tools/build.c", PROGRAM, PROGRAM_WHY, READER_PROGRAM,
	  .flags = CFLAGS_PROGRAM },
	{ "arch/x86/boot/compressed/mkpiggy.c", PROGRAM, PROGRAM_WHY, READER_PROGRAM,
	  .flags = CFLAGS_PROGRAM },
	{ "arch/x86/boot/*.[cS]", BOOT, BOOT_WHY, READER_CODE, .flags = CFLAGS_BOOT },
	{ "arch/x86/boot/compressed/*.lds.S", BOOT, BOOT_WHY, READER_CODE, .flags = CFLAGS_LINKER },
	{ "arch/x86/boot/compressed/*.[cS]", BOOT, BOOT_WHY, READER_CODE, .flags = CFLAGS_EARLY },
	{ "arch/x86/realmode/rmpiggy.S", DATA, DATA_WHY, READER_CODE, .flags = "" },
	{ "arch/x86/realmode/rm/*.lds.S", REALMODE, REALMODE_WHY, READER_CODE,
	  .flags = CFLAGS_LINKER },
	{ "arch/x86/realmode/rm/*.[cS]", REALMODE, REALMODE_WHY, READER_CODE,
	  .flags = CFLAGS_WAKEUP },
	{ "arch/x86/purgatory/*.[cS]", PURGATORY, PURGATORY_WHY, READER_CODE,
	  .flags = CFLAGS_PURGATORY },
	{ "lib/crypto/sha256.c", PURGATORY, PURGATORY_WHY, READER_CODE, .flags = CFLAGS_PURGATORY },
	{ "drivers/firmware/efi/libstub/*.c", STUB, STUB_WHY, READER_CODE, .flags = CFLAGS_STUB },
	{ "lib/cmdline.c", STUB, STUB_WHY, READER_CODE, .flags = CFLAGS_STUB },
	{ "lib/ctype.c", STUB, STUB_WHY, READER_CODE, .flags = CFLAGS_STUB },
	{ "arch/x86/kernel/vmlinux.lds.S", LINKER, LINKER_WHY, READER_CODE,
	  .flags = CFLAGS_LINKER },
	{ "scripts/module.lds.S", LINKER, LINKER_WHY, READER_CODE, .flags = CFLAGS_LINKER },
	{ "certs/*.S", DATA, DATA_WHY, READER_CODE, .flags = "" },
	{ "arch/x86/kernel/asm-offsets.c", "asm-offsets.h", OFFSETS_WHY, READER_OFFSETS,
	  .flags = "" },
	{ "kernel/bounds.c", "bounds.h", "the header is made of this file, and every unit reads it",
	  READER_OFFSETS, .flags = "" },
	{ "scripts/mod/devicetable-offsets.c", "modpost",
	  "it has made the aliases of all modules with these offsets", READER_OFFSETS,
	  .flags = "" },
	{ "scripts/mod/*.c", PROGRAM, PROGRAM_WHY, READER_PROGRAM, .flags = CFLAGS_MODPOST },
	{ "scripts/selinux/*/*.c", PROGRAM, PROGRAM_WHY, READER_PROGRAM, .flags = CFLAGS_SELINUX },
	{ "scripts/sorttable.c", PROGRAM, PROGRAM_WHY, READER_PROGRAM, .flags = CFLAGS_PROGRAM },
	{ "arch/x86/tools/relocs*.c", PROGRAM, PROGRAM_WHY, READER_PROGRAM,
	  .flags = CFLAGS_PROGRAM },
	{ "lib/gen_crc*table.c", PROGRAM, PROGRAM_WHY, READER_PROGRAM, .flags = CFLAGS_PROGRAM },
	/* these read no header of the kernel: only a change of the file itself matters */
	{ "usr/*.c", PROGRAM, PROGRAM_WHY, READER_PROGRAM, .flags = NULL },
	{ "certs/extract-cert.c", PROGRAM, PROGRAM_WHY, READER_PROGRAM, .flags = NULL },
	{ "drivers/tty/vt/conmakehash.c", PROGRAM, PROGRAM_WHY, READER_PROGRAM, .flags = NULL },
	{ "lib/raid6/mktables.c", PROGRAM, PROGRAM_WHY, READER_PROGRAM, .flags = NULL },
	{ "fs/unicode/mkutf8data.c", PROGRAM, PROGRAM_WHY, READER_PROGRAM, .flags = NULL },
};

static int add_file(struct readers *readers, const struct reader *reader, const char *source,
		    const char *change)
{
	struct reader_file *files;

	for (size_t i = 0; i < readers->n; i++)
		if (readers->files[i].reader == reader && !strcmp(readers->files[i].source, source))
			return 0;
	files = realloc(readers->files, (readers->n + 1) * sizeof(*files));
	if (!files)
		return -ENOMEM;
	readers->files = files;
	files[readers->n] = (struct reader_file){ reader, strdup(source), change };
	return files[readers->n++].source ? 0 : -ENOMEM;
}

static int add_rows(struct readers *readers, const char *source, const char *change, bool *found)
{
	bool more = true;
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(table) && more && !err; i++) {
		if (fnmatch(table[i].pattern, source, FNM_PATHNAME))
			continue;
		more = table[i].also;
		if (!table[i].name || (!table[i].flags && strcmp(source, change)))
			continue;
		err = add_file(readers, &table[i], source, change);
		*found = true;
	}
	return err;
}

static int add_at_depth(struct readers *readers, const struct unit_index *index, const char *source,
			const char *change, bool *found, int depth)
{
	int err = add_rows(readers, source, change, found);

	for (size_t i = 0; i < index->n_includes && depth < DEPTH_MAX && !err; i++) {
		const struct unit_index_include *include = &index->includes[i];

		if (include_can_be(include->includer, include->text, source))
			err = add_at_depth(readers, index, include->includer, change, found,
					   depth + 1);
	}
	return err;
}

int readers_add(struct readers *readers, const struct unit_index *index, const char *source,
		const char *change, bool *found)
{
	return add_at_depth(readers, index, source, change, found, 0);
}

bool is_of_reader(const struct unit_index *index, const char *source)
{
	struct readers readers = { 0 };
	bool found = false, is = !readers_add(&readers, index, source, source, &found) && found;

	readers_free(&readers);
	return is;
}

bool folder_has_reader(const char *folder, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].name && !strncmp(table[i].pattern, folder, n))
			return true;
	return false;
}

void readers_free(struct readers *readers)
{
	for (size_t i = 0; i < readers->n; i++)
		free(readers->files[i].source);
	free(readers->files);
	memset(readers, 0, sizeof(*readers));
}
