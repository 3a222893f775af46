// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The pass that compares the freshly compiled originals with what is shipped:
 * first the compiler that each object names (a plain answer to the most common
 * mistake), then every function that will be replaced, by prove.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "files.h"
#include "modules.h"
#include "prove.h"
#include "shipped.h"

struct pass {
	struct build *build;
	struct unit *unit;
	const struct shipped_code *code;
	struct elf_model *original;
};

/* Each compiler that ours names must be one that theirs names. */
static int check_comment(struct build *build, const struct unit *unit, const struct object *object)
{
	struct diag_place place = { .file = unit->source };
	char *ours = NULL, *theirs = NULL;
	size_t n_ours, n_theirs;
	int err;

	err = shipped_section(unit->original, ".comment", &ours, &n_ours, build->diag);
	if (!err)
		err = shipped_section(object->file, ".comment", &theirs, &n_theirs, build->diag);
	if (err == -ENOENT) { /* stripped: the code will tell */
		free(ours);
		return 0;
	}
	for (char *at = ours; !err && at < ours + n_ours; at += strlen(at) + 1) {
		if (!*at || memmem(theirs, n_theirs, at, strlen(at) + 1))
			continue;
		err = diag_error(build->diag, "KS332", &place, "%s", object->name);
		diag_detail(build->diag, "here:    %s", at);
		diag_detail(build->diag, "shipped: %s", theirs + !*theirs);
	}
	free(ours);
	free(theirs);
	return err;
}

static const struct elf_symbol *find_function(const struct elf_model *model, const char *name)
{
	const struct elf_symbol *s;

	elf_for_each_symbol(model, s)
		if (s->type == STT_FUNC && s->section && !strcmp(s->name, name))
			return s;
	return NULL;
}

static int report(const struct pass *pass, const struct elf_symbol *symbol, unsigned int line,
		  enum prove_verdict verdict, const struct prove_result *result)
{
	static const char *const codes[] = {
		[PROVE_DIFFERENT] = "KS330",
		[PROVE_NOT_SHIPPED] = "KS331",
		[PROVE_UNKNOWN] = "KS333",
	};
	struct diag *diag = pass->build->diag;
	struct diag_place place = {
		.file = pass->unit->source, .line = line, .function = symbol->name,
	};

	if (verdict == PROVE_ERROR)
		return diag_oom(diag);
	diag_error(diag, codes[verdict], &place, "'%s' of %s", symbol->name, pass->unit->object);
	if (result->why)
		diag_detail(diag, "at +%#lx: %s", result->offset, result->why);
	if (result->ours)
		diag_detail(diag, "compiled here: %s", result->ours);
	if (result->shipped)
		diag_detail(diag, "shipped:       %s", result->shipped);
	return -EINVAL;
}

/*
 * @sympos as the differ says, 0 if it says that there is only one; negative if
 * nobody has said: then one of that name must be equal.
 */
static int prove_one(struct pass *pass, const struct elf_symbol *symbol, int sympos,
		     unsigned int line)
{
	const struct object_symbol *found;
	struct prove_result result = { 0 };
	enum prove_verdict verdict = PROVE_NOT_SHIPPED;
	size_t n;
	int err = 0;

	found = object_index_find(shipped_code_index(pass->code), symbol->name, &n);
	if (sympos == 0 && n > 1)
		result.why = "the name isn't unique, and no position was given";
	for (size_t i = 0; i < n && verdict != PROVE_EQUAL; i++) {
		if (sympos == 0 && n > 1)
			break;
		if (sympos > 0 && found[i].sympos != (unsigned int)sympos)
			continue;
		prove_result_free(&result);
		verdict = prove_function(pass->original, symbol, pass->code, &found[i], &result);
	}
	if (verdict == PROVE_EQUAL)
		pass->unit->proved++;
	else if (sympos < 0 && symbol->bind == STB_WEAK)
		pass->unit->overridden++; /* what is shipped is another unit's */
	else
		err = report(pass, symbol, line, verdict, &result);
	prove_result_free(&result);
	return err;
}

static bool is_part_of(const char *name, const char *function)
{
	size_t n = strlen(function);

	return !strncmp(name, function, n) && !strncmp(name + n, ".cold", 5);
}

/* A function that is replaced, and the unlikely part that the compiler split off. */
static int prove_replaced(struct pass *pass, const json_t *function)
{
	unsigned int line = json_integer_value(json_object_get(function, "line"));
	const char *name = function_name(function);
	struct diag_place place = { .file = pass->unit->source, .line = line, .function = name };
	const struct elf_symbol *symbol = find_function(pass->original, name), *part;
	int err, one;

	if (!symbol)
		return diag_error(pass->build->diag, "KS333", &place,
				  "'%s' isn't in the compiled original", name);
	err = prove_one(pass, symbol, function_sympos(function), line);
	elf_for_each_symbol(pass->original, part) {
		if (part->type != STT_FUNC || !part->section || !is_part_of(part->name, name))
			continue;
		one = prove_one(pass, part, -1, line);
		err = err ?: one;
	}
	return err;
}

static int prove_functions(struct pass *pass)
{
	const struct elf_symbol *symbol;
	const json_t *function;
	int err = 0, one;
	size_t i;

	if (pass->build->options.prove) {
		elf_for_each_symbol(pass->original, symbol) {
			if (symbol->type != STT_FUNC || !symbol->section)
				continue;
			one = prove_one(pass, symbol, -1, 0);
			err = err ?: one;
		}
		return err;
	}
	json_array_foreach(json_object_get(pass->unit->result, "functions"), i, function) {
		if (!function_is_replaced(function))
			continue;
		one = prove_replaced(pass, function);
		err = err ?: one;
	}
	return err;
}

static int prove_object(struct build *build, const struct object *object)
{
	struct shipped_code *code = NULL;
	int err = 0, one;

	for (size_t i = 0; i < build->n_units; i++) {
		struct pass pass = { .build = build, .unit = &build->units[i] };

		if ((!pass.unit->changed && !build->options.prove) ||
		    strcmp(pass.unit->object, object->name))
			continue;
		one = check_comment(build, pass.unit, object);
		if (!one && !code)
			one = shipped_code_load(object->file, object->name, &code, build->diag);
		pass.code = code;
		if (!one)
			one = elf_model_load(pass.unit->original, &pass.original, build->diag);
		one = one ?: prove_functions(&pass);
		elf_model_free(pass.original);
		err = err ?: one;
	}
	shipped_code_free(code);
	return err;
}

int prove_units(struct build *build)
{
	int err = 0, one;

	progress_step(build->progress, "prove that the originals are the shipped code");
	for (size_t i = 0; i < build->n_objects; i++) {
		one = prove_object(build, &build->objects[i]);
		err = err ?: one;
	}
	return err;
}
