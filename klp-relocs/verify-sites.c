// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * While the kernel loads a module it rewrites the places in code that objtool and the compiler have
 * listed, and it unwinds stacks with another list. Nothing reports an incomplete list: a return
 * stays open to speculation, a transition never trusts a stack with that function on it. Where
 * objtool runs on linked modules, it doesn't make a list that the module already has, and units
 * that went through objtool already have some.
 *
 * The symbols around each list in vmlinux tell which lists the kernel has.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "lib/arch.h"
#include "lib/klp-format.h"
#include "lib/landing-pads.h"
#include "lib/special-sections.h"
#include "klp-relocs/module.h"
#include "klp-relocs/verify.h"

#define ENDBR ".ibt_endbr_seal"
#define STATIC_CALLS ".static_call_sites"
#define TRAMPOLINE "__SCT__"
#define PADDING "__pfx_" /* padding before the function of that name */
#define REPLACEMENTS ".altinstr_replacement" /* copied to other places, which are listed */

struct place {
	const struct elf_section *section;
	uint64_t offset;
	size_t entry;
};

struct places {
	struct place *all; /* sorted */
	size_t n;
};

/* The module's own list of branches. */
struct list {
	bool needed; /* vmlinux has one */
	struct places places;
};

struct pass {
	const struct elf_model *module;
	const struct object_index *vmlinux;
	struct list *lists; /* as section_rules[] */
	struct places sealed;
	struct diag *diag;
};

static bool vmlinux_has(const struct pass *pass, const struct section_rule *list)
{
	const struct object_symbol *from, *to;
	size_t n_from, n_to;

	from = object_index_find(pass->vmlinux, list->start, &n_from);
	to = object_index_find(pass->vmlinux, list->stop, &n_to);
	return n_from == 1 && n_to == 1 ? from->value < to->value : false;
}

static int compare(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->section != y->section)
		return x->section < y->section ? -1 : 1;
	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* Read the places that the module's entries of that list refer to by their first relocation. */
static bool read_places(const struct pass *pass, const struct section_rule *list,
			struct places *places)
{
	const struct elf_section *s = elf_section_find(pass->module, list->name);
	unsigned int entry = list->size;
	const struct elf_rela *rela;

	places->all = calloc(s ? s->n_relas + 1 : 1, sizeof(*places->all));
	if (!places->all) {
		diag_oom(pass->diag);
		return false;
	}
	if (s)
		elf_for_each_rela(s, rela)
			if (rela->offset % entry == 0 && rela->symbol && rela->symbol->section)
				places->all[places->n++] =
					(struct place){ rela->symbol->section,
							rela->symbol->value + rela->addend,
							rela->offset / entry };
	qsort(places->all, places->n, sizeof(*places->all), compare);
	return true;
}

/* The last of @places in @section that isn't after @offset. */
static const struct place *place_before(const struct places *places,
					const struct elf_section *section, uint64_t offset)
{
	const struct place *found = NULL;
	size_t low = 0, high = places->n, middle;
	struct place key = { section, offset, 0 };

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare(&places->all[middle], &key) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low && places->all[low - 1].section == section)
		found = &places->all[low - 1];
	return found;
}

static bool has_place(const struct places *places, const struct elf_section *section,
		      uint64_t offset)
{
	const struct place *found = place_before(places, section, offset);

	return found && found->offset == offset;
}

/* The name of @symbol in the object that defines it. */
static void name_of(const struct elf_symbol *symbol, char name[512])
{
	char *object, *own;
	unsigned long sympos;

	if (symbol->shndx == SHN_LIVEPATCH &&
	    klp_symbol_parse(symbol->name, &object, &own, &sympos)) {
		snprintf(name, 512, "%s", own);
		free(object);
		free(own);
	} else {
		snprintf(name, 512, "%s", symbol->name);
	}
}

static bool fits(const struct section_rule *list, const char *name, bool is_call)
{
	switch (list->branches) {
	case BRANCHES_TO:
		return !strcmp(name, list->to);
	case BRANCHES_TO_PREFIX:
		return str_starts(name, list->to);
	case ALL_CALLS:
		return is_call;
	default:
		return false;
	}
}

static void report(const struct pass *pass, const struct elf_section *section, uint64_t offset,
		   const char *list, const char *reason)
{
	const struct elf_symbol *user = module_symbol_at(pass->module, section, offset);
	struct diag_place place = { .file = pass->module->path };

	place.function = user ? user->name : NULL;
	diag_error(pass->diag, "KS240", &place, "%s+%#lx (%s) in %s", section->name, offset,
		   user ? user->name : "?", list);
	diag_detail(pass->diag, "the list is for: %s", reason);
}

/*
 * A list may name the prefix of an instruction: `cs call` keeps the length that a retpoline may
 * need.
 */
static bool is_listed(const struct places *places, const struct elf_section *section,
		      uint64_t offset)
{
	return has_place(places, section, offset) || (offset && section->data[offset - 1] == 0x2e &&
						      has_place(places, section, offset - 1));
}

static void verify_branch(const struct pass *pass, const struct elf_section *section,
			  const struct elf_rela *rela)
{
	unsigned int opcode;
	enum arch_branch branch = module_branch(pass->module, section, rela, &opcode);
	char name[512];

	if (branch == ARCH_NO_BRANCH || !rela->symbol)
		return;
	name_of(rela->symbol, name);
	for (size_t i = 0; i < n_section_rules; i++) {
		const struct section_rule *list = &section_rules[i];

		if (!fits(list, name, branch == ARCH_CALL))
			continue;
		/* a call of __fentry__ is in its own list and in the list of calls */
		if (pass->lists[i].needed &&
		    !(list->not_in && !strcmp(section->name, list->not_in)) &&
		    !is_listed(&pass->lists[i].places, section, rela->offset - opcode))
			report(pass, section, rela->offset - opcode, list->name, list->reason);
		return;
	}
}

/* Call @call for each relocation in the module's memory, including those that livepatch applies. */
static void for_each_reloc(const struct pass *pass,
			   void (*call)(const struct pass *, const struct elf_section *,
					const struct elf_rela *))
{
	const struct elf_section *section, *relocated;
	const struct elf_rela *rela;

	elf_for_each_section(pass->module, section) {
		relocated = section->flags & SHF_RELA_LIVEPATCH ? section->target : section;
		if (relocated && section_is_loaded(relocated))
			elf_for_each_rela(section, rela)
				call(pass, relocated, rela);
	}
}

static void verify_branch_in_code(const struct pass *pass, const struct elf_section *section,
				  const struct elf_rela *rela)
{
	if (elf_section_is_code(section) && strcmp(section->name, REPLACEMENTS))
		verify_branch(pass, section, rela);
}

/*
 * The kernel looks up the key of a trampoline that is exported without its key. It doesn't find
 * other keys (kernel/static_call_inline.c: static_call_add_module(), 6.12).
 */
static void verify_static_call(const struct pass *pass, const struct elf_section *section,
			       const struct elf_rela *rela)
{
	struct diag_place place = { .file = pass->module->path };
	char name[512];

	if (strcmp(section->name, STATIC_CALLS) || rela->offset % 8 == 0 || !rela->symbol ||
	    symbol_is_undefined(rela->symbol))
		return;
	name_of(rela->symbol, name);
	if (str_starts(name, TRAMPOLINE))
		diag_error(pass->diag, "KS241", &place, "'%s'", name);
}

/*
 * struct orc_entry: two words of 16 bits, then 4 bits for the base register of the stack pointer;
 * 0: undefined (arch/x86/include/asm/orc_types.h, 6.1 and 6.12).
 */
static bool can_unwind(const struct elf_section *entries, size_t size, size_t number)
{
	return entries && entries->data && (number + 1) * size <= entries->size && size > 4 &&
	       entries->data[number * size + 4] & 0xf;
}

static void verify_unwinding(const struct pass *pass)
{
	const struct elf_section *entries = elf_section_find(pass->module, ".orc_unwind");
	const struct elf_section *addresses = elf_section_find(pass->module, ".orc_unwind_ip");
	size_t n = addresses ? addresses->size / 4 : 0;
	const struct elf_symbol *symbol;
	const struct place *place;
	struct places places = { 0 };

	if (!read_places(pass, section_named(".orc_unwind_ip"), &places))
		return;
	elf_for_each_symbol(pass->module, symbol) {
		if (symbol->type != STT_FUNC || !symbol->section || !symbol->size ||
		    str_starts(symbol->name, PADDING) || !elf_section_is_code(symbol->section) ||
		    !strcmp(symbol->section->name, KLP_HELD_SECTION))
			continue;
		place = place_before(&places, symbol->section, symbol->value);
		if (!place || !n ||
		    !can_unwind(entries, entries ? entries->size / n : 0, place->entry))
			report(pass, symbol->section, symbol->value, ".orc_unwind",
			       "unwinding the stack through the function");
	}
	free(places.all);
}

#define TRAMPOLINES ".static_call.text" /* a tracepoint refers to its own, to rewrite its calls */

/* The module's own function to which the relocation is a pointer that can be called; NULL: none. */
static const struct elf_symbol *function_pointed_to(const struct pass *pass,
						    const struct elf_section *section,
						    const struct elf_rela *rela)
{
	uint64_t offset = rela->symbol ? rela->symbol->value + rela->addend : 0;
	const struct elf_symbol *function;

	if (verify_holds_no_calls(section) || !rela->symbol || !rela->symbol->section ||
	    !elf_section_is_code(rela->symbol->section) ||
	    !strcmp(rela->symbol->section->name, TRAMPOLINES) ||
	    !arch_is_address(pass->module->machine, rela->type))
		return NULL;
	function = module_symbol_at(pass->module, rela->symbol->section, offset);
	return function && function->type == STT_FUNC && function->value == offset ? function
										   : NULL;
}

/* lib/landing-pads.h does the same for functions of the kernel. */
static void verify_own_pointer(const struct pass *pass, const struct elf_section *section,
			       const struct elf_rela *rela)
{
	const struct elf_symbol *function = function_pointed_to(pass, section, rela);
	struct diag_place place = { .file = pass->module->path };
	const char *why = NULL;

	if (!function)
		return;
	if (!function->section->data ||
	    !landing_pad_size(pass->module->machine, function->section->data + function->value,
			      function->size))
		why = "it doesn't begin with ENDBR";
	else if (has_place(&pass->sealed, function->section, function->value))
		why = "its ENDBR is listed in " ENDBR;
	if (!why)
		return;
	place.function = function->name;
	diag_error(pass->diag, "KS242", &place, "'%s': %s", function->name, why);
	diag_detail(pass->diag, "used by %s+%#lx", section->name, rela->offset);
}

void verify_sites(const struct verify_inputs *in, struct diag *diag)
{
	struct pass pass = { .module = in->module, .diag = diag };
	bool ok = true;

	pass.vmlinux = verify_find_object(in, KLP_VMLINUX);
	if (!pass.vmlinux)
		return;
	pass.lists = calloc(n_section_rules, sizeof(*pass.lists));
	if (!pass.lists) {
		diag_oom(diag);
		return;
	}
	for (size_t i = 0; i < n_section_rules && ok; i++) {
		if (section_rules[i].branches == NO_BRANCHES)
			continue;
		pass.lists[i].needed = vmlinux_has(&pass, &section_rules[i]);
		ok = read_places(&pass, &section_rules[i], &pass.lists[i].places);
	}
	if (ok) {
		for_each_reloc(&pass, verify_branch_in_code);
		for_each_reloc(&pass, verify_static_call);
		if (vmlinux_has(&pass, section_named(".orc_unwind_ip")))
			verify_unwinding(&pass);
		if (vmlinux_has(&pass, section_named(ENDBR)) &&
		    read_places(&pass, section_named(ENDBR), &pass.sealed))
			for_each_reloc(&pass, verify_own_pointer);
	}
	for (size_t i = 0; i < n_section_rules; i++)
		free(pass.lists[i].places.all);
	free(pass.lists);
	free(pass.sealed.all);
}
