// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A klp relocation has no checksum: if another symbol is at that position, the
 * kernel silently patches the wrong function or jumps to a wrong address. So
 * everything that can be known beforehand is checked beforehand, against the
 * files that the machines run.
 */
#include <string.h>

#include "lib/klp-format.h"
#include "klp-relocs/module.h"
#include "klp-relocs/resolve.h"
#include "klp-relocs/verify.h"

/*
 * An undefined symbol that neither vmlinux nor the core exports can't be resolved, or it pins a
 * module.
 */
static void verify_undefined(const struct verify_inputs *in, struct diag *diag)
{
	struct diag_place place = { .file = in->module->path };
	const struct elf_symbol *symbol;
	bool any = false;

	elf_for_each_symbol(in->module, symbol) {
		if (!symbol_is_undefined(symbol) || is_ordinary_export(in->symvers, symbol->name))
			continue;
		if (!in->symvers) {
			any = true;
			continue;
		}
		diag_error(diag, "KS220", &place, "'%s'", symbol->name);
		tell_who_exports(in->symvers, symbol->name, diag);
		module_tell_uses(in->module, symbol, diag);
	}
	if (any)
		diag_error(diag, "KS220", &place, "no list of exports was given (--symvers)");
}

void verify(const struct verify_inputs *in, struct verify_counts *counts, struct diag *diag)
{
	*counts = (struct verify_counts){ 0 };
	module_check_livepatch(in->module, diag);
	verify_symbols(in, counts, diag);
	verify_undefined(in, diag);
	verify_keys(in, diag);
	if (in->linked)
		return;
	verify_sections(in, counts, diag);
	verify_funcs(in, diag);
	verify_landing(in, diag);
	verify_sites(in, diag);
	verify_modinfo(in, diag);
}
