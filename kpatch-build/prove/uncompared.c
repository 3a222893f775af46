// SPDX-License-Identifier: GPL-2.0-or-later
/* What a proof leaves out, each with the reason; see uncompared.h. */
#include <fnmatch.h>
#include <string.h>

#include "kpatch-build/prove/uncompared.h"

enum where { BOTH, VMLINUX };

static const struct {
	const char *section, *symbol; /* patterns */
	enum where where;
	const char *why;
} symbols[] = {
	{ ".discard*", "*", BOTH, "the linker drops it: only tools of the build read it" },
	{ ".exitcall.exit", "*", VMLINUX, "the linker drops it: vmlinux is never unloaded" },
	{ ".modinfo", "*", VMLINUX,
	  "the linker moves it out of vmlinux, to modules.builtin.modinfo" },
	{ ".BTF_ids", "*", BOTH, "resolve_btfids writes it when all is linked" },
	{ "*", "linux_banner", VMLINUX, "it has the time when the kernel was linked" },
	{ "*", "linux_proc_banner", VMLINUX, "it has the time when the kernel was linked" },
	{ "*", "init_uts_ns", VMLINUX, "it has the time when the kernel was linked" },
};

static const struct {
	const char *section, *why;
} rests[] = {
	{ "*.str1.*", "strings are compared where something refers to them" },
	{ ".rodata.cst*", "constants are compared where something refers to them" },
	{ "__ksymtab_strings", "names of exports are compared with the exports" },
	{ "___kcrctab*", "checksums of exports: known from Module.symvers" },
	{ ".export_symbol", "namespaces of exports: known from Module.symvers" },
	{ ".orc_unwind*", "how to unwind the code: objtool has read it out of the code" },
	{ ".orc_header", "the version of that" },
	{ "__patchable_function_entries",
	  "the linker drops it: it says where the code has padding" },
	{ ".ibt_endbr_seal", "objtool has read it out of the code of all units" },
	{ "__tracepoints_strings",
	  "names of the tracepoints, compared where something refers to them" },
	{ ".BTF_ids", "resolve_btfids writes it when all is linked" },
	{ ".discard*", "the linker drops it: only tools of the build read it" },
	{ ".modinfo", "the linker moves it out of vmlinux, to modules.builtin.modinfo" },
	{ "__modver", "versions of modules: nothing but sysfs shows them" },
};

static bool fits(const char *pattern, const char *text)
{
	return !fnmatch(pattern, text, 0);
}

const char *uncompared_symbol(const struct elf_symbol *symbol, bool vmlinux)
{
	for (size_t i = 0; i < sizeof(symbols) / sizeof(*symbols); i++)
		if (fits(symbols[i].section, symbol->section->name) &&
		    fits(symbols[i].symbol, symbol->name) &&
		    (vmlinux || symbols[i].where != VMLINUX))
			return symbols[i].why;
	return NULL;
}

const char *uncompared_rest(const struct elf_section *section)
{
	for (size_t i = 0; i < sizeof(rests) / sizeof(*rests); i++)
		if (fits(rests[i].section, section->name))
			return rests[i].why;
	return "no name says which part of the shipped binary it is";
}
