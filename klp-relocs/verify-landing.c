// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A pointer to a function of the running kernel works on each machine whose
 * processor doesn't track indirect branches. On the other machines an indirect
 * call through it is a fatal fault, unless the kernel itself uses that
 * function's address (lib/landing-pads.h). Whether the machine tracks branches
 * isn't known here; whether the kernel is built for it is known.
 *
 * A stub with ENDBR and a jump to the function could replace the pointer. But
 * the kernel may keep the pointer, and the stub disappears with the livepatch
 * where the function stays. So the tool makes no stub: it refuses, and the
 * author decides.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/klp-format.h"
#include "lib/landing-pads.h"
#include "lib/special-sections.h"
#include "klp-relocs/module.h"
#include "klp-relocs/verify.h"

/* Lists of the livepatch itself that name functions, and through which nothing calls them. */
static const struct {
	const char *name;
	const char *reason;
} no_calls[] = {
	{ KLP_PLACES_SECTION, "names functions that ftrace redirects for the core" },
	{ KLP_FUNCS_SECTION, "names functions that ftrace redirects for livepatch" },
};

struct pass {
	const struct verify_inputs *in;
	struct landing_pads **pads; /* as in->objects */
	struct diag *diag;
};

bool verify_holds_no_calls(const struct elf_section *section)
{
	for (size_t i = 0; i < ARRAY_SIZE(no_calls); i++)
		if (!strcmp(section->name, no_calls[i].name))
			return true;
	return section_is_about_code(section->name);
}

static struct landing_pads *pads_of(const struct pass *pass, const struct object_index *index)
{
	for (size_t i = 0; i < pass->in->n_objects; i++)
		if (pass->in->objects[i] == index)
			return pass->pads[i];
	return NULL;
}

static void verify_address(const struct pass *pass, const struct elf_section *section,
			   const struct elf_rela *rela)
{
	const struct elf_model *module = pass->in->module;
	struct diag_place place = { .file = module->path };
	const struct object_index *index;
	const struct object_symbol *target;
	const struct elf_symbol *user;

	/* a direct call or jump may go anywhere */
	if (!rela->symbol || module_branch(module, section, rela, NULL))
		return;
	target = verify_find_target(pass->in, rela->symbol, &index);
	if (!target || target->type != STT_FUNC || landing_pads_has(pads_of(pass, index), target))
		return;
	user = module_symbol_at(module, section, rela->offset);
	place.function = user ? user->name : NULL;
	diag_error(pass->diag, "KS233", &place, "'%s' of %s", target->name,
		   object_index_name(index));
	diag_detail(pass->diag, "used by %s%s%s+%#lx%s", user ? user->name : "", user ? " (" : "",
		    section->name, rela->offset, user ? ")" : "");
}

static bool load_pads(struct pass *pass)
{
	for (size_t i = 0; i < pass->in->n_objects; i++)
		if (landing_pads_load(pass->in->objects[i], &pass->pads[i], pass->diag))
			return false;
	return true;
}

void verify_landing(const struct verify_inputs *in, struct diag *diag)
{
	struct pass pass = { .in = in, .diag = diag };
	const struct elf_section *section, *relocated;
	const struct object_index *vmlinux;
	const struct elf_rela *rela;

	vmlinux = verify_find_object(in, KLP_VMLINUX);
	pass.pads = calloc(in->n_objects + 1, sizeof(*pass.pads));
	if (!pass.pads)
		diag_oom(diag);
	else if (vmlinux && load_pads(&pass) && landing_pads_any_sealed(pads_of(&pass, vmlinux)))
		elf_for_each_section(in->module, section) {
			relocated = section->flags & SHF_RELA_LIVEPATCH ? section->target : section;
			if (!relocated || !section_is_loaded(relocated) ||
			    verify_holds_no_calls(relocated))
				continue;
			elf_for_each_rela(section, rela)
				verify_address(&pass, relocated, rela);
		}
	for (size_t i = 0; pass.pads && i < in->n_objects; i++)
		landing_pads_free(pass.pads[i]);
	free(pass.pads);
}
