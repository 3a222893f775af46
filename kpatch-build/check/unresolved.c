// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Half of a fix: a header declares a function, a unit calls it, and the unit that
 * defines it isn't in the diff. A kernel would not link. A livepatch's modules are
 * linked much later, and by then nobody knows which line called it; so it is
 * said here, as soon as all units are compared.
 */
#include <errno.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "lib/elf-model.h"
#include "lib/klp-format.h"

struct diag_place unresolved_place(const struct unit *unit, const char *name)
{
	struct diag_place place = { .file = unit->source };
	const json_t *use;
	size_t i;

	json_array_foreach(json_object_get(unit->result, "unresolved"), i, use) {
		const char *file = json_string_value(json_object_get(use, "file"));
		const char *have = json_string_value(json_object_get(use, "name"));

		if (!have || strcmp(have, name))
			continue;
		place.file = file ?: unit->source;
		place.line = json_integer_value(json_object_get(use, "line"));
		place.function = json_string_value(json_object_get(use, "function"));
		break;
	}
	return place;
}

bool is_resolved(const struct unit *unit, const char *name)
{
	const json_t *reference;
	size_t i;

	json_array_foreach(json_object_get(unit->result, "references"), i, reference) {
		const char *have = json_string_value(json_object_get(reference, "name"));

		if (have && !strcmp(have, name) &&
		    json_is_true(json_object_get(reference, "global")))
			return true;
	}
	return false;
}

/* Does the output of @unit have it: defined for all, or, if @weak, undefined and not needed? */
static int look_into(struct build *build, const struct unit *unit, const char *name, bool weak,
		     bool *found)
{
	const struct elf_symbol *symbol;
	struct elf_model *model;
	int err = elf_model_load(unit->changed, &model, build->diag);

	if (err)
		return err;
	symbol = elf_symbol_find(model, name);
	if (symbol && symbol->bind != STB_LOCAL)
		*found |= weak ? symbol->bind == STB_WEAK : symbol->section != NULL;
	elf_model_free(model);
	return 0;
}

/*
 * May @unit have what @other defines? Object modules are given what the main module has, and not
 * the other way round.
 */
static bool is_given(const struct unit *unit, const struct unit *other)
{
	return !strcmp(other->object, unit->object) || !strcmp(other->object, KLP_VMLINUX);
}

static int check_use(struct build *build, const struct unit *unit, const char *name)
{
	struct diag_place place = unresolved_place(unit, name);
	bool found = is_resolved(unit, name);
	int err = 0;

	if (!found)
		err = look_into(build, unit, name, true, &found);
	for (size_t i = 0; i < build->n_units && !found && !err; i++) {
		const struct unit *other = &build->units[i];

		if (!other->changed || !is_given(unit, other))
			continue;
		/* static until now: the unit that has it knows where it is */
		found = !strcmp(other->object, unit->object) && is_resolved(other, name);
		if (!found)
			err = look_into(build, other, name, false, &found);
	}
	return err
		       ?: found ? 0
				: diag_error(build->diag, "KS146", &place, "'%s', in %s", name,
					     place.function ?: unit->source);
}

int check_unresolved(struct build *build)
{
	const json_t *use;
	int err = 0, one;
	size_t u;

	for (size_t i = 0; i < build->n_units; i++) {
		const struct unit *unit = &build->units[i];

		json_array_foreach(json_object_get(unit->result, "unresolved"), u, use) {
			const char *name = json_string_value(json_object_get(use, "name"));

			one = unit->changed && name ? check_use(build, unit, name) : 0;
			err = err ?: one;
		}
	}
	return err;
}
