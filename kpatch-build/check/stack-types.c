// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * struct job { … } job; fill(&job); finish(&job): such a structure may change.
 * Livepatch switches a task only while none of the replaced functions is on the
 * task's stack. So the task runs either the old version of all of them or the
 * new one, if
 *
 * - all functions that have the structure on their stack are replaced (debug information:
 *   type-stack.h);
 * - pointers to it are passed only to static functions, which are called directly, and whose
 *   address nothing has;
 * - no pointer of another type is converted to one to it, or the other way round, so nothing
 *   else gets access to it. The compiler shows that (tree-dump.h), for the original and the
 *   patched source.
 *
 * If something can't be compiled or understood, the refusal stays (KS350).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/check/stack-types.h"
#include "kpatch-build/check/tree-dump.h"
#include "kpatch-build/compile/command.h"
#include "kpatch-build/compile/compile.h"
#include "kpatch-build/compile/numbered-commands.h"
#include "kpatch-build/result.h"
#include "lib/elf-model.h"
#include "lib/files.h"
#include "lib/process.h"
#include "lib/special-sections.h"
#include "lib/text.h"
#include "lib/type-stack.h"

/* "foo" for "foo.isra.0" */
static bool is_made_of(const char *symbol, const char *function)
{
	size_t length = strlen(function);

	return !strncmp(symbol, function, length) && (!symbol[length] || symbol[length] == '.');
}

static bool is_part_of_another(const char *symbol)
{
	return strstr(symbol, ".cold");
}

static bool is_replaced(const struct unit *unit, const char *symbol)
{
	const struct result_function *function;

	result_for_each(function, unit->result, functions)
		if (!strcmp(function->name, symbol) && function_is_replaced(function) &&
		    !function->is_exit)
			return true;
	return false;
}

/* Are all symbols that the object has for that function replaced? */
static bool function_is_wholly_replaced(const struct unit *unit, const struct elf_model *original,
					const char *function)
{
	const struct elf_symbol *symbol;
	bool any = false;

	elf_for_each_symbol(original, symbol) {
		if (symbol->type != STT_FUNC || !is_made_of(symbol->name, function) ||
		    is_part_of_another(symbol->name))
			continue;
		if (!is_replaced(unit, symbol->name))
			return false;
		any = true;
	}
	return any;
}

static bool has_address(const struct elf_section *section, const struct elf_symbol *function)
{
	const struct elf_rela *rela;

	elf_for_each_rela(section, rela)
		if (rela->symbol && rela->symbol->section == function->section &&
		    rela->symbol->value + rela->addend == function->value)
			return true;
	return false;
}

/* Does data contain the address? For code, the compiler shows it. */
static bool data_has_address(const struct elf_model *model, const struct elf_symbol *function)
{
	const struct elf_section *section;

	elf_for_each_section(model, section)
		if (section->flags & SHF_ALLOC && !(section->flags & SHF_EXECINSTR) &&
		    !section_is_about_code(section->name) && has_address(section, function))
			return true;
	return false;
}

/* Only this unit calls the functions that take a pointer, and none through their address. */
static bool takers_are_private(const struct elf_model *model, const struct stack_type *type)
{
	const struct elf_symbol *symbol;

	elf_for_each_symbol(model, symbol)
		for (size_t i = 0; i < type->n_uses; i++) {
			if (!type->uses[i].parameter ||
			    !is_made_of(symbol->name, type->uses[i].function))
				continue;
			if (symbol->bind != STB_LOCAL)
				return false;
			if (symbol->section && symbol->type == STT_FUNC &&
			    data_has_address(model, symbol))
				return false;
		}
	return true;
}

static bool objects_allow(const struct unit *unit, const struct stack_type *old,
			  const struct stack_type *new, struct diag *diag)
{
	struct elf_model *original = NULL, *patched = NULL;
	bool allow = !elf_model_load(unit->original, &original, diag) &&
		     !elf_model_load(unit->patched, &patched, diag) &&
		     takers_are_private(original, old) && takers_are_private(patched, new);

	for (size_t i = 0; i < old->n_holders && allow; i++)
		allow = function_is_wholly_replaced(unit, original, old->holders[i]);
	elf_model_free(original);
	elf_model_free(patched);
	return allow;
}

/* Dump the unit as it was compiled, from the tree @root. */
static int dump_tree(const struct job *job, const struct kernel *kernel, const struct trees *trees,
		     const struct unit *unit, const char *root, const char *dump)
{
	char *depfile = path_join(unit->dir, "tree.d", NULL),
	     *output = path_join(unit->dir, "tree.s", NULL);
	char *option = format("-fdump-tree-original=%s", dump);
	struct command_paths paths = { trees->original, root, unit->goal, output, depfile };
	struct process process = { .cwd = kernel->build };
	struct command command = { 0 };
	int err = depfile && output && option ? command_parse(unit->command, &paths, &command)
					      : -ENOMEM;

	err = err ?: add_author_folder(job, &command);
	err = err ?: add_numbered_flags(&command);
	err = err ?: command_add_word(&command, 0, "-S");
	err = err ?: command_add_word(&command, 0, option);
	if (!err) {
		process.argv = command.steps[0].list;
		err = process_run(&process);
		process_end(&process);
	}
	if (output)
		remove(output);
	command_free(&command);
	free(depfile);
	free(output);
	free(option);
	return err;
}

static bool source_allows(const struct job *job, const struct kernel *kernel,
			  const struct trees *trees, const struct unit *unit, const char *root,
			  const struct stack_type *type)
{
	char *dump = path_join(unit->dir, "tree.original", NULL), *text = NULL;
	size_t size;
	bool allows = dump && !dump_tree(job, kernel, trees, unit, root, dump) &&
		      !read_file(dump, &text, &size) && tree_dump_keeps_type(text, type);

	if (dump)
		remove(dump);
	free(dump);
	free(text);
	return allows;
}

bool stays_on_replaced_stacks(const struct job *job, const struct kernel *kernel,
			      const struct trees *trees, const struct unit *unit,
			      const struct stack_type *old, const struct stack_type *new)
{
	return old->n_uses && new->n_uses &&objects_allow(unit, old, new, job->diag) &&
	       source_allows(job, kernel, trees, unit, trees->numbered, new) &&
	       source_allows(job, kernel, trees, unit, trees->original, old);
}
