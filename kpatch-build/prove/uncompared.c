// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists what a proof leaves out, each with the reason; see uncompared.h. */
#include <fnmatch.h>
#include <string.h>

#include "lib/array.h"
#include "lib/special-sections.h"
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
	{ ".BTF_ids", "*", BOTH, "resolve_btfids writes it after vmlinux is linked" },
	{ "*", "linux_banner", VMLINUX, "it contains the time when the kernel was linked" },
	{ "*", "linux_proc_banner", VMLINUX, "it contains the time when the kernel was linked" },
	{ "*", "init_uts_ns", VMLINUX, "it contains the time when the kernel was linked" },
};

static bool fits(const char *pattern, const char *text)
{
	return !fnmatch(pattern, text, 0);
}

const char *uncompared_symbol(const struct elf_symbol *symbol, bool vmlinux)
{
	for (size_t i = 0; i < ARRAY_SIZE(symbols); i++)
		if (fits(symbols[i].section, symbol->section->name) &&
		    fits(symbols[i].symbol, symbol->name) &&
		    (vmlinux || symbols[i].where != VMLINUX))
			return symbols[i].why;
	return NULL;
}

const char *uncompared_rest(const struct elf_section *section)
{
	return section_why_unproved(section->name)
		       ?: "no name tells which part of the shipped binary it is";
}
