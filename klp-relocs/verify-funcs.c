// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel looks up a function to replace by the same rules as a klp symbol:
 * object, name, position. With a wrong position the livepatch replaces another
 * function of that name and leaves the function with the defect in place, and
 * every test passes except a test of the defect.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/arch.h"
#include "lib/files.h"
#include "lib/klp-format.h"
#include "klp-relocs/module.h"
#include "klp-relocs/verify.h"
#include "lib/text.h"

/* Words of an entry of .klp_split.funcs. */
enum word { OLD_NAME, NEW_FUNC, OLD_SYMPOS };

struct func {
	const char *name; /* NULL: malformed */
	const struct elf_symbol *new_func;
	unsigned long sympos;
};

/* The object whose functions the module replaces; malloc()ed, NULL if it doesn't say. */
static char *find_patched_object(const struct elf_model *module)
{
	const char *object = module_info(module, "klp_split_object");

	if (module_is_main(module))
		return strdup(KLP_VMLINUX);
	return object ? strndup(object, strcspn(object, ":")) : NULL;
}

static struct func *read_funcs(const struct elf_model *module, const struct elf_section *section)
{
	size_t n = section->size / KLP_FUNCS_ENTRY_SIZE;
	struct func *funcs = calloc(n + 1, sizeof(*funcs));
	const struct elf_rela *rela;

	if (!funcs)
		return NULL;
	for (size_t i = 0; i < n; i++)
		funcs[i].sympos = module_read_word(
			module, section->data + i * KLP_FUNCS_ENTRY_SIZE + 8 * OLD_SYMPOS);
	elf_for_each_rela(section, rela) {
		struct func *func = &funcs[rela->offset / KLP_FUNCS_ENTRY_SIZE];

		if (!arch_is_pointer(module->machine, rela->type))
			continue;
		if (rela->offset % KLP_FUNCS_ENTRY_SIZE == 8 * OLD_NAME)
			func->name = module_read_string(rela);
		else if (rela->offset % KLP_FUNCS_ENTRY_SIZE == 8 * NEW_FUNC)
			func->new_func = rela->symbol;
	}
	return funcs;
}

void verify_list_funcs(const struct elf_model *module,
		       void (*take)(const char *name, unsigned long sympos, void *arg), void *arg)
{
	const struct elf_section *section = elf_section_find(module, KLP_FUNCS_SECTION);
	struct func *funcs = section && section->data ? read_funcs(module, section) : NULL;
	size_t n = funcs ? section->size / KLP_FUNCS_ENTRY_SIZE : 0;

	for (size_t i = 0; i < n; i++)
		if (funcs[i].name)
			take(funcs[i].name, funcs[i].sympos, arg);
	free(funcs);
}

static bool is_code(const struct elf_symbol *symbol)
{
	return symbol && symbol->section && elf_section_is_code(symbol->section);
}

/*
 * To livepatch position 0 is the only function of that name, 1 is the first: the same if the name
 * is unique.
 */
static bool is_same(const struct func *a, const struct func *b)
{
	return a->name && b->name && !strcmp(a->name, b->name) &&
	       (a->sympos ?: 1) == (b->sympos ?: 1);
}

static void verify_func(const struct verify_inputs *in, const struct object_index *index,
			const struct func *func, struct diag *diag)
{
	struct diag_place place = { .file = in->module->path };
	const struct object_symbol *old;
	char *what;

	if (!func->name || !is_code(func->new_func)) {
		diag_error(diag, "KS232", &place, "'%s': no name or no new code", func->name ?: "");
		return;
	}
	what = format("%s,%lu", func->name, func->sympos);
	if (!what) {
		diag_oom(diag);
		return;
	}
	old = verify_position(in, index, func->name, func->sympos, what, NULL, diag);
	if (old && old->init)
		diag_error(diag, "KS229", &place, "'%s'", what);
	else if (old && old->type != STT_FUNC)
		diag_error(diag, "KS232", &place, "'%s': in %s it is no function", what,
			   object_index_name(index));
	free(what);
}

static void verify_section(const struct verify_inputs *in, const struct elf_section *section,
			   const struct object_index *index, struct diag *diag)
{
	struct func *funcs = read_funcs(in->module, section);
	struct diag_place place = { .file = in->module->path };
	size_t n = section->size / KLP_FUNCS_ENTRY_SIZE, j;

	if (!funcs) {
		diag_oom(diag);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		verify_func(in, index, &funcs[i], diag);
		for (j = 0; j < i && !is_same(&funcs[i], &funcs[j]); j++)
			;
		if (j < i)
			diag_error(diag, "KS232", &place, "'%s' is replaced twice", funcs[i].name);
	}
	free(funcs);
}

void verify_funcs(const struct verify_inputs *in, struct diag *diag)
{
	const struct elf_section *section = elf_section_find(in->module, KLP_FUNCS_SECTION);
	struct diag_place place = { .file = in->module->path };
	const struct object_index *index;
	char *object;

	if (!section || !section->size)
		return;
	object = find_patched_object(in->module);
	index = object ? verify_find_object(in, object) : NULL;
	if (!section->data || section->size % KLP_FUNCS_ENTRY_SIZE)
		diag_error(diag, "KS232", &place, "the list is cut off");
	else if (!object)
		diag_error(diag, "KS232", &place, "its modinfo has no klp_split_object=");
	else if (!index)
		diag_error(diag, "KS224", &place, "%s, whose functions it replaces", object);
	else
		verify_section(in, section, index, diag);
	free(object);
}
