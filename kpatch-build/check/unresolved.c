// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Half of a fix: a header declares a function, a unit calls it, and the unit
 * that defines it isn't in the diff. A kernel would not link. A livepatch's
 * modules are linked much later, when the calling line is no longer known. So
 * it is reported here, as soon as all units are compared.
 */
#include <string.h>

#include "kpatch-build/build.h"
#include "lib/elf-model.h"
#include "lib/klp-format.h"
#include "kpatch-build/check/unresolved.h"

struct diag_place unresolved_place(const struct unit *unit, const char *name)
{
	struct diag_place place = { .file = unit->source };
	const struct result_use *use;

	result_for_each(use, unit->result, unresolved)
		if (!strcmp(use->name, name))
			return use->place;
	return place;
}

bool is_resolved(const struct unit *unit, const char *name)
{
	const struct result_reference *reference;

	result_for_each(reference, unit->result, references)
		if (reference->global && !strcmp(reference->symbol, name))
			return true;
	return false;
}

static bool is_defined(const struct elf_symbol *symbol)
{
	return symbol->bind != STB_LOCAL && symbol->section;
}

/* Undefined and not needed, or defined for all. */
static bool is_weak(const struct elf_symbol *symbol)
{
	return symbol->bind == STB_WEAK;
}

/* Does the output of @unit have a symbol of that name that @counts? */
static int look_into(const struct unit *unit, const char *name,
		     bool (*counts)(const struct elf_symbol *symbol), bool *found,
		     struct diag *diag)
{
	const struct elf_symbol *symbol;
	struct elf_model *model;
	int err = elf_model_load(unit->changed, &model, diag);

	if (err)
		return err;
	symbol = elf_symbol_find(model, name);
	*found |= symbol && counts(symbol);
	elf_model_free(model);
	return 0;
}

/*
 * Can @unit use the definitions of @other? Object modules can use those of the main module, but not
 * the other way round.
 */
static bool is_given(const struct unit *unit, const struct unit *other)
{
	return !strcmp(other->object, unit->object) || !strcmp(other->object, KLP_VMLINUX);
}

static int check_use(const struct reached *reached, const struct unit *unit, const char *name,
		     struct diag *diag)
{
	struct diag_place place = unresolved_place(unit, name);
	bool found = is_resolved(unit, name);
	int err = 0;

	if (!found)
		err = look_into(unit, name, is_weak, &found, diag);
	for (size_t i = 0; i < reached->n_units && !found && !err; i++) {
		const struct unit *other = &reached->units[i];

		if (!other->changed || !is_given(unit, other))
			continue;
		/* static until now: the unit that has it knows where it is */
		found = !strcmp(other->object, unit->object) && is_resolved(other, name);
		if (!found)
			err = look_into(other, name, is_defined, &found, diag);
	}
	return err
		       ?: found ? 0
				: diag_error(diag, "KS146", &place, "'%s', in %s", name,
					     place.function ?: unit->source);
}

int check_unresolved(struct build *build)
{
	const struct result_use *use;
	int err = 0, one;

	for (size_t i = 0; i < build->n_units; i++) {
		const struct unit *unit = &build->units[i];

		result_for_each(use, unit->result, unresolved) {
			one = unit->changed
				      ? check_use(&build->reached, unit, use->name, build->diag)
				      : 0;
			err = err ?: one;
		}
	}
	return err;
}
