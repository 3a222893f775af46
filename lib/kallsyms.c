// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kallsyms is made from vmlinux's symbol table, without some names. If one of
 * them were counted here, all later symbols of that name would have the wrong
 * position.
 */
#include <string.h>

#include "lib/text.h"
#include "lib/array.h"
#include "lib/kallsyms.h"

/*
 * Names that vmlinux has and kallsyms doesn't: scripts/mksysmap or
 * scripts/kallsyms.c: is_ignored_symbol() drops them. Newer kernels have all of
 * them in mksysmap.
 */
static const struct {
	enum { PREFIX, SUFFIX, WHOLE, CONTAINS } part;
	const char *text;
	const char *reason;
} left_out[] = {
	{ PREFIX, "$", "mapping symbols of arm64, mips and others" },
	{ PREFIX, ".L", "compiler's labels" },
	{ PREFIX, "__crc_", "checksums of exports" },
	{ PREFIX, "__kstrtab_", "names of exports" },
	{ PREFIX, "__kstrtabns_", "namespaces of exports" },
	{ WHOLE, "L0", "a label of loongarch" },
	{ PREFIX, "__efistub_", "EFI stub of arm64" },
	{ PREFIX, "__kvm_nvhe_$", "arm64 hypervisor code" },
	{ PREFIX, "__kvm_nvhe_.L", "arm64 hypervisor code" },
	{ PREFIX, "__pi_$", "arm64 and riscv early code" },
	{ PREFIX, "__pi_.L", "arm64 and riscv early code" },
	{ PREFIX, "__AArch64ADRPThunk_", "linker's thunks" },
	{ PREFIX, "__ARMV5PILongThunk_", "linker's thunks" },
	{ PREFIX, "__ARMV7PILongThunk_", "linker's thunks" },
	{ PREFIX, "__ThumbV7PILongThunk_", "linker's thunks" },
	{ PREFIX, "__LA25Thunk_", "linker's thunks" },
	{ PREFIX, "__microLA25Thunk_", "linker's thunks" },
	{ PREFIX, "__kcfi_typeid_", "type identifiers of kCFI" },
	{ SUFFIX, "_from_arm", "linker's stubs" },
	{ SUFFIX, "_from_thumb", "linker's stubs" },
	{ SUFFIX, "_veneer", "linker's stubs" },
	{ CONTAINS, ".long_branch.", "stubs of powerpc" },
	{ CONTAINS, ".plt_branch.", "stubs of powerpc" },
	{ WHOLE, "kallsyms_addresses", "kallsyms itself, which doesn't exist while it is made" },
	{ WHOLE, "kallsyms_offsets", "kallsyms itself" },
	{ WHOLE, "kallsyms_relative_base", "kallsyms itself" },
	{ WHOLE, "kallsyms_num_syms", "kallsyms itself" },
	{ WHOLE, "kallsyms_names", "kallsyms itself" },
	{ WHOLE, "kallsyms_markers", "kallsyms itself" },
	{ WHOLE, "kallsyms_token_table", "kallsyms itself" },
	{ WHOLE, "kallsyms_token_index", "kallsyms itself" },
	{ WHOLE, "kallsyms_seqs_of_names", "kallsyms itself" },
};

static bool has_suffix(const char *name, const char *suffix)
{
	size_t n = strlen(name), m = strlen(suffix);

	return n >= m && !strcmp(name + n - m, suffix);
}

bool kallsyms_leaves_out(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(left_out); i++) {
		const char *text = left_out[i].text;

		switch (left_out[i].part) {
		case PREFIX:
			if (str_starts(name, text))
				return true;
			break;
		case SUFFIX:
			if (has_suffix(name, text))
				return true;
			break;
		case WHOLE:
			if (!strcmp(name, text))
				return true;
			break;
		case CONTAINS:
			if (strstr(name, text))
				return true;
			break;
		}
	}
	return false;
}
