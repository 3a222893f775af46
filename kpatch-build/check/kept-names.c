// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * If create-diff-object can't tell which of two variables is meant (KS127), the
 * compiler could: its assembler text has names, which the assembler replaces by
 * offsets, as they are local. So the unit is compiled to such a text, the local
 * variables that share a section are made global in it, and it is assembled.
 * The result isn't part of the livepatch; create-diff-object reads the names
 * from it (--names).
 *
 * If that fails, the refusal stays.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "kpatch-build/build.h"
#include "kpatch-build/compile/command.h"
#include "kpatch-build/compile/compile.h"
#include "lib/elf-model.h"
#include "lib/files.h"
#include "lib/process.h"
#include "kpatch-build/compile/numbered-commands.h"
#include "kpatch-build/result.h"
#include "lib/text.h"

#define AMBIGUOUS "KS127"

static bool is_local_variable(const struct elf_symbol *symbol)
{
	return symbol->section && symbol->type == STT_OBJECT && symbol->bind == STB_LOCAL;
}

static bool shares_section(const struct elf_model *model, const struct elf_symbol *symbol)
{
	const struct elf_symbol *other;

	elf_for_each_symbol(model, other)
		if (other != symbol && other->section == symbol->section &&
		    other->type == STT_OBJECT)
			return true;
	return false;
}

/* Add this after the text of @path: the assembler accepts it anywhere. */
static int make_global(const struct unit *unit, const char *path, struct diag *diag)
{
	const struct elf_symbol *symbol;
	struct elf_model *model;
	FILE *out;
	int err = elf_model_load(unit->patched, &model, diag);

	if (err)
		return err;
	out = fopen(path, "ae");
	elf_for_each_symbol(model, symbol)
		if (out && is_local_variable(symbol) && shares_section(model, symbol))
			fprintf(out, "\t.globl %s\n", symbol->name);
	elf_model_free(model);
	if (!out || fflush(out) || ferror(out))
		err = diag_errno(diag, errno, path, "write");
	if (out)
		fclose(out);
	return err;
}

static int run_in_tree(const struct kernel *kernel, const char *const *argv)
{
	struct process process = { .argv = argv, .cwd = kernel->build };
	int err = process_run(&process);

	process_end(&process);
	return err;
}

/* Compile as for patched.o, but with -S. */
static int compile_text(const struct job *job, const struct kernel *kernel,
			const struct trees *trees, const struct unit *unit, const char *text)
{
	char *depfile = path_join(unit->dir, "names.d", NULL);
	struct command_paths paths = {
		trees->original, trees->numbered, unit->goal, text, depfile,
	};
	struct command command = { 0 };
	int err = depfile ? command_parse(unit->command, &paths, &command) : -ENOMEM;

	err = err ?: add_author_folder(job, &command);
	err = err ?: add_numbered_flags(&command);
	err = err ?: command_add_word(&command, 0, "-S");
	err = err ?: run_in_tree(kernel, command.steps[0].list);
	command_free(&command);
	free(depfile);
	return err;
}

static int assemble(const struct kernel *kernel, const char *text, const char *object)
{
	const char *const argv[] = { kernel->cc, "-c", "-o", object, text, NULL };

	return run_in_tree(kernel, argv);
}

static int keep_names(const struct job *job, const struct kernel *kernel, const struct trees *trees,
		      struct unit *unit, bool *kept)
{
	char *text = path_join(unit->dir, "names.s", NULL);
	char *object = path_join(unit->dir, "names.o", NULL);
	int err = text && object ? 0 : diag_oom(job->diag);

	if (!err && !compile_text(job, kernel, trees, unit, text)) {
		err = make_global(unit, text, job->diag);
		if (!err && !assemble(kernel, text, object)) {
			unit->names = object;
			object = NULL;
			*kept = true;
		}
	}
	free(text);
	free(object);
	return err;
}

int keep_ambiguous_names(struct build *build, bool *kept)
{
	int err = 0;

	*kept = false;
	for (size_t i = 0; i < build->n_units && !err; i++) {
		struct unit *unit = &build->units[i];

		if (!unit->names && result_has_code(unit->result, AMBIGUOUS))
			err = keep_names(&build->job, &build->kernel, &build->trees, unit, kept);
	}
	return err;
}
