// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A function without __init may be called only by init code: a helper of
 * module_init(), an initcall, the init function itself. It has run, and will
 * not run again before the next boot or the next load of the module. ftrace can
 * redirect it, and the new code is never called: the livepatch changes nothing,
 * and what the old code did stays as it is.
 *
 * The references to the function tell: calls by init code and entries of lists
 * of initcalls. A call by a function that has finished itself is one of them. A
 * reference of another kind may keep the address, so nothing is said about such
 * a function, and nothing about a global function, which other units may call.
 */
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/check/function-uses.h"
#include "kpatch-build/result.h"
#include "lib/array.h"
#include "lib/text.h"

/* Calls that are nested deeper are not followed. */
#define CALLS_MAX 8

/* A module's init function, as the module loader knows it. */
#define INIT_FUNCTION "init_module"

/* include/linux/compiler.h: keeps a function from being dropped, and nothing reads it. */
#define ADDRESSABLE "__UNIQUE_ID___addressable_"

/* Lists of functions that the kernel calls while it boots. */
static const char *const boot_lists[] = { ".initcall", ".con_initcall.init", ".init.setup" };

struct uses {
	bool finished; /* there is a use by code that ran once */
	bool other;
};

static bool is_boot_list(const struct elf_section *section)
{
	for (size_t i = 0; i < ARRAY_SIZE(boot_lists); i++)
		if (str_starts(section->name, boot_lists[i]))
			return true;
	return false;
}

static bool is_finished(const struct elf_model *elf, const struct elf_symbol *function, int depth);

/* The function whose code is @section, though it may have several names; NULL: there are several. */
static const struct elf_symbol *caller_in(const struct elf_model *elf,
					  const struct elf_section *section)
{
	const struct elf_symbol *s, *found = NULL;

	elf_for_each_symbol(elf, s) {
		if (s->type != STT_FUNC || s->section != section)
			continue;
		if (found && found->value != s->value)
			return NULL;
		found = found ?: s;
	}
	return found;
}

static void look_at_code(const struct elf_model *elf, const struct elf_section *section,
			 const struct elf_rela *rela, const struct elf_symbol *function, int depth,
			 struct uses *uses)
{
	const struct elf_symbol *caller = caller_in(elf, section);

	caller = caller ? whole_function(elf, caller) : NULL;
	if (caller == function)
		return;
	if (is_call_by(elf, section, rela) &&
	    (is_init_section(section) || (caller && is_finished(elf, caller, depth + 1))))
		uses->finished = true;
	else
		uses->other = true;
}

static void look_at_data(const struct elf_model *elf, const struct elf_section *section,
			 const struct elf_rela *rela, struct uses *uses)
{
	const struct elf_symbol *variable = variable_at(elf, section, rela->offset);

	if (is_boot_list(section))
		uses->finished = true;
	else if (variable && !str_starts(variable->name, ADDRESSABLE))
		uses->other = true;
	/* Data outside of variables lists all functions, or places in them (mcount, ORC, bugs). */
}

/* Another unit may call a global function; only the module loader calls an init function. */
static bool is_known_by_name(const struct elf_model *elf, const struct elf_symbol *function,
			     struct uses *uses)
{
	const struct elf_symbol *s;
	bool known = false;

	elf_for_each_symbol(elf, s) {
		if (s->section != function->section || s->value != function->value ||
		    s->bind == STB_LOCAL)
			continue;
		if (!strcmp(s->name, INIT_FUNCTION))
			uses->finished = true;
		else
			known = true;
	}
	return known;
}

static bool is_finished(const struct elf_model *elf, const struct elf_symbol *function, int depth)
{
	const struct elf_section *section;
	struct uses uses = { 0 };
	const struct elf_rela *rela;

	if (depth > CALLS_MAX || !function->section || is_known_by_name(elf, function, &uses))
		return false;
	elf_for_each_section(elf, section) {
		if (!(section->flags & SHF_ALLOC) || section == function->section)
			continue;
		elf_for_each_rela(section, rela) {
			if (uses.other)
				return false;
			if (!rela_leads_to(rela, function))
				continue;
			if (section->flags & SHF_EXECINSTR)
				look_at_code(elf, section, rela, function, depth, &uses);
			else
				look_at_data(elf, section, rela, &uses);
		}
	}
	return uses.finished && !uses.other;
}

/* The function of that name; NULL: there is none, or more than one. */
static const struct elf_symbol *find_function(const struct elf_model *elf, const char *name)
{
	const struct elf_symbol *s, *found = NULL;

	elf_for_each_symbol(elf, s) {
		if (s->type != STT_FUNC || strcmp(s->name, name) || !s->section)
			continue;
		if (found)
			return NULL;
		found = s;
	}
	return found;
}

/* Count the functions of @unit that the livepatch replaces, and warn of those that have finished. */
static void count(const struct unit *unit, const struct elf_model *elf, size_t *replaced,
		  size_t *finished, struct diag *diag)
{
	const struct result_function *function;

	result_for_each(function, unit->result, functions) {
		const struct elf_symbol *symbol = find_function(elf, function->name);

		if (!function_is_replaced(function))
			continue;
		(*replaced)++;
		if (!symbol || !is_finished(elf, symbol, 0))
			continue;
		(*finished)++;
		diag_warning(diag, "KS188", &function->place, "'%s'", function->name);
	}
}

static bool has_callbacks(const struct unit *unit)
{
	const struct result_callback *callback;

	result_for_each(callback, unit->result, callbacks)
		return true;
	return false;
}

int check_finished(struct build *build)
{
	size_t replaced = 0, finished = 0;
	bool callbacks = false;
	int err = 0;

	for (size_t i = 0; i < build->n_units && !err; i++) {
		const struct unit *unit = &build->units[i];
		struct elf_model *elf = NULL;

		if (!unit->changed)
			continue;
		err = elf_model_load(unit->original, &elf, build->diag);
		if (err)
			break;
		count(unit, elf, &replaced, &finished, build->diag);
		callbacks |= has_callbacks(unit);
		elf_model_free(elf);
	}
	if (!err && finished && finished == replaced && !callbacks)
		err = diag_error(build->diag, "KS189", NULL, "%zu %s", replaced,
				 replaced == 1 ? "function" : "functions");
	return err;
}
