// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel looks up a klp symbol by object, name and position when the
 * livepatch is loaded, and loading fails if it isn't there. The same lookup in
 * the files that the kernel and the modules were loaded from gives the same
 * answer at build time.
 *
 * A klp symbol takes no reference on its module. That is safe only if the module
 * can't be unloaded while the code is in use: if it is the target itself, a
 * module that the target depends on, or the main module.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "lib/klp-format.h"
#include "klp-relocs/module.h"
#include "klp-relocs/verify.h"

const struct object_index *verify_find_object(const struct verify_inputs *in, const char *name)
{
	for (size_t i = 0; i < in->n_objects; i++)
		if (!strcmp(object_index_name(in->objects[i]), name))
			return in->objects[i];
	return NULL;
}

/* "x_tables:<build-id>" of an object module names its target. */
static bool is_target(const struct verify_inputs *in, const char *object)
{
	const char *name = in->target ? module_info(in->target, "name") : NULL, *value;
	size_t length = strlen(object), at = 0;

	if (module_is_main(in->module))
		return false; /* its code runs whether its targets are loaded or not */
	if (name && !strcmp(name, object))
		return true;
	while ((value = module_info_next(in->module, "klp_split_object", &at)))
		if (!strncmp(value, object, length) && (value[length] == ':' || !value[length]))
			return true;
	return false;
}

/*
 * False for the main module itself: the kernel doesn't find it yet while its own relocations are
 * applied.
 */
static bool is_own_main_module(const struct elf_model *module, const char *object)
{
	const char *patch = module_info(module, "klp_split_patch");

	return patch && !strcmp(patch, object) && !module_is_main(module);
}

/*
 * A module that the target depends on is loaded as long as the target is. A main module has no
 * target.
 */
static bool is_dependency(const struct verify_inputs *in, const char *object)
{
	return in->target && !module_is_main(in->module) &&
	       module_list_has(module_info(in->target, "depends"), object);
}

static void verify_dependency(const struct verify_inputs *in, const struct elf_symbol *symbol,
			      const char *object, struct diag *diag)
{
	struct diag_place place = { .file = in->module->path };
	const char *depends = in->target ? module_info(in->target, "depends") : NULL;

	if (!strcmp(object, KLP_VMLINUX) || is_target(in, object) ||
	    is_own_main_module(in->module, object) || is_dependency(in, object))
		return;
	diag_error(diag, "KS225", &place, "'%s'", symbol->name);
	if (module_is_main(in->module))
		diag_detail(diag, "%s is a main module, which is loaded without them",
			    in->module->path);
	else if (in->target)
		diag_detail(diag, "%s depends on: %s", in->target->path,
			    depends && *depends ? depends : "no module");
	else
		diag_detail(diag, "what the patched module depends on is not known (--target)");
	module_tell_uses(in->module, symbol, diag);
}

/* Position 0 means that the name is unique; klp_find_object_symbol() fails if it isn't. */
const struct object_symbol *verify_pick(const struct object_symbol *symbols, size_t n,
					unsigned long sympos)
{
	if (sympos > n)
		return NULL;
	return &symbols[sympos ? sympos - 1 : 0];
}

static const struct object_symbol *find_export(const struct object_index *vmlinux, const char *name)
{
	const struct object_symbol *symbols;
	size_t n;

	symbols = object_index_find(vmlinux, name, &n);
	for (size_t i = 0; i < n; i++)
		if (symbols[i].bind != STB_LOCAL)
			return &symbols[i];
	return NULL;
}

const struct object_symbol *verify_find_target(const struct verify_inputs *in,
					       const struct elf_symbol *symbol,
					       const struct object_index **index)
{
	const struct object_symbol *found = NULL;
	const struct object_index *owner;
	unsigned long sympos;
	char *object, *name;
	size_t n;

	if (symbol->shndx != SHN_LIVEPATCH) {
		owner = verify_find_object(in, KLP_VMLINUX);
		if (!owner || !symbol_is_undefined(symbol))
			return NULL;
		found = find_export(owner, symbol->name);
	} else {
		if (!klp_symbol_parse(symbol->name, &object, &name, &sympos))
			return NULL;
		owner = verify_find_object(in, object);
		if (owner)
			found = object_index_find(owner, name, &n);
		if (found)
			found = verify_pick(found, n, sympos);
		free(object);
		free(name);
	}
	if (found)
		*index = owner;
	return found;
}

const struct object_symbol *verify_position(const struct verify_inputs *in,
					    const struct object_index *index, const char *name,
					    unsigned long sympos, const char *what,
					    const struct elf_symbol *symbol, struct diag *diag)
{
	struct diag_place place = { .file = in->module->path };
	const char *object = object_index_name(index);
	const struct object_symbol *symbols, *found;
	size_t n;

	symbols = object_index_find(index, name, &n);
	found = n ? verify_pick(symbols, n, sympos) : NULL;
	if (!found)
		diag_error(diag, "KS222", &place, "'%s': %s has %zu of that name", what, object, n);
	else if (!sympos && n > 1)
		diag_error(diag, "KS223", &place, "'%s': %s has %zu of that name", what, object, n);
	else if (found->moves || (found->init && object_index_is_module(index)))
		diag_error(diag, "KS229", &place, "'%s'", what);
	else if (!found->value && !object_index_is_module(index))
		/* to klp_find_object_symbol() address 0 means "not found" */
		diag_error(diag, "KS222", &place, "'%s': its address is 0", what);
	else
		return found;
	if (symbol)
		module_tell_uses(in->module, symbol, diag);
	return NULL;
}

static void verify_existence(const struct verify_inputs *in, const struct elf_symbol *symbol,
			     const struct object_index *index, const char *name,
			     unsigned long sympos, struct diag *diag)
{
	struct diag_place place = { .file = in->module->path };
	const struct object_symbol *found;

	found = verify_position(in, index, name, sympos, symbol->name, symbol, diag);
	if (!found || !found->init)
		return;
	/*
	 * __ref functions of vmlinux refer to init code while the kernel boots, and so do their
	 * replacements; kallsyms always lists init code
	 */
	diag_warning(diag, "KS229", &place, "'%s'", symbol->name);
	module_tell_uses(in->module, symbol, diag);
}

/* Report each missing object once, with the first of its symbols. */
static void report_missing_object(const struct verify_inputs *in, const struct elf_symbol *symbol,
				  const char *object, struct diag *diag)
{
	struct diag_place place = { .file = in->module->path };
	const struct elf_symbol *other;
	size_t n = 0, length = strlen(object);

	elf_for_each_symbol(in->module, other) {
		const char *rest = other->name + strlen(KLP_SYM_PREFIX);

		if (other->shndx != SHN_LIVEPATCH || !str_starts(other->name, KLP_SYM_PREFIX) ||
		    strncmp(rest, object, length) || rest[length] != '.')
			continue;
		if (!n++ && other != symbol)
			return;
	}
	diag_error(diag, "KS224", &place, "%s", object);
	diag_detail(diag, "%zu symbol%s, such as %s", n, n == 1 ? "" : "s", symbol->name);
}

static void verify_symbol(const struct verify_inputs *in, const struct elf_symbol *symbol,
			  struct diag *diag)
{
	struct diag_place place = { .file = in->module->path };
	const struct object_index *index;
	unsigned long sympos;
	char *object, *name;

	if (symbol->shndx != SHN_LIVEPATCH ||
	    !klp_symbol_parse(symbol->name, &object, &name, &sympos)) {
		diag_error(diag, "KS221", &place, "symbol '%s' %s", symbol->name,
			   symbol->shndx != SHN_LIVEPATCH ? "is not marked SHN_LIVEPATCH"
							  : "has a malformed name");
		return;
	}
	verify_dependency(in, symbol, object, diag);
	index = verify_find_object(in, object);
	if (index)
		verify_existence(in, symbol, index, name, sympos, diag);
	else
		report_missing_object(in, symbol, object, diag);
	free(object);
	free(name);
}

void verify_symbols(const struct verify_inputs *in, struct verify_counts *counts, struct diag *diag)
{
	const struct elf_symbol *symbol;

	elf_for_each_symbol(in->module, symbol) {
		if (symbol->shndx != SHN_LIVEPATCH && !str_starts(symbol->name, KLP_SYM_PREFIX))
			continue;
		verify_symbol(in, symbol, diag);
		counts->symbols++;
	}
}
