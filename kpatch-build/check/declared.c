// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A livepatch has one callback of each kind for each object, and one list of
 * states. Units are compiled separately: their declarations
 * (klp-split-author.h) are joined here, and refused if two of them contradict
 * each other.
 */
#include <string.h>

#include "kpatch-build/check/declared.h"
#include "lib/klp-format.h"

#define build_for_each_callback(callback, unit, reached, object)                                  \
	for ((unit) = (reached)->units; (unit) < (reached)->units + (reached)->n_units; (unit)++) \
		if (!strcmp((unit)->object, (object)->name))                                      \
			result_for_each(callback, (unit)->result, callbacks)

#define build_for_each_state(state, unit, reached)                                                \
	for ((unit) = (reached)->units; (unit) < (reached)->units + (reached)->n_units; (unit)++) \
		result_for_each(state, (unit)->result, states)

static void tell_other(const struct diag_place *place, struct diag *diag)
{
	diag_detail(diag, "the other is %s%s%s:%u", place->function ?: "",
		    place->function ? ", " : "", place->file, place->line);
}

/* The first one of this kind for @object. */
static const struct result_callback *first_callback(const struct reached *reached,
						    const struct object *object, const char *kind)
{
	const struct result_callback *callback;
	const struct unit *unit;

	build_for_each_callback(callback, unit, reached, object)
		if (!strcmp(callback->kind, kind))
			return callback;
	return NULL;
}

/* Several units may declare the same state: the first one that does. */
static const struct result_state *first_state(const struct reached *reached, const char *id)
{
	const struct result_state *state;
	const struct unit *unit;

	build_for_each_state(state, unit, reached)
		if (!strcmp(state->id, id))
			return state;
	return NULL;
}

json_t *callbacks_to_json(const struct reached *reached, const struct object *object)
{
	const struct result_callback *callback;
	json_t *all = json_array();
	const struct unit *unit;

	build_for_each_callback(callback, unit, reached, object)
		json_array_append(all, callback->row);
	return all;
}

json_t *states_to_json(const struct reached *reached)
{
	const struct result_state *state;
	json_t *all = json_array();
	const struct unit *unit;

	build_for_each_state(state, unit, reached)
		if (first_state(reached, state->id) == state)
			json_array_append(all, state->row);
	return all;
}

static int check_callbacks(const struct reached *reached, const struct object *object,
			   struct diag *diag)
{
	const struct result_callback *callback, *first;
	const struct unit *unit;
	int err = 0;

	build_for_each_callback(callback, unit, reached, object) {
		first = first_callback(reached, object, callback->kind);
		if (first == callback)
			continue;
		err = diag_error(diag, "KS151", &callback->place,
				 "'%s' is not the only %s callback for %s", callback->name,
				 callback->kind, object->name);
		tell_other(&first->place, diag);
	}
	return err;
}

static int check_states(const struct reached *reached, struct diag *diag)
{
	const struct result_state *state, *first;
	const struct unit *unit;
	int err = 0;

	build_for_each_state(state, unit, reached) {
		first = first_state(reached, state->id);
		if (first->version == state->version)
			continue;
		err = diag_error(diag, "KS370", &state->place, "state %s, version %lld and %lld",
				 state->id, (long long)first->version, (long long)state->version);
		tell_other(&first->place, diag);
	}
	return err;
}

int check_declared(struct build *build)
{
	int err = check_states(&build->reached, build->diag), one;

	for (size_t i = 0; i < build->n_objects; i++) {
		one = check_callbacks(&build->reached, &build->objects[i], build->diag);
		err = err ?: one;
	}
	return err;
}

void print_callback_declarations(FILE *out, const struct reached *reached,
				 const struct object *object)
{
	const struct result_callback *callback;
	const struct unit *unit;

	build_for_each_callback(callback, unit, reached, object)
		fprintf(out, "%s " KLP_CALLBACK_PREFIX "%s(struct klp_object *obj);\n",
			strcmp(callback->kind, "pre_patch") ? "void" : "int", callback->kind);
}

void print_callback_members(FILE *out, const struct reached *reached, const struct object *object)
{
	const struct result_callback *callback;
	const struct unit *unit;
	const char *separator = "";

	build_for_each_callback(callback, unit, reached, object) {
		fprintf(out, "%s.%s = " KLP_CALLBACK_PREFIX "%s", separator, callback->kind,
			callback->kind);
		separator = ", ";
	}
}

bool object_has_callbacks(const struct reached *reached, const struct object *object)
{
	const struct result_callback *callback;
	const struct unit *unit;

	build_for_each_callback(callback, unit, reached, object)
		return true;
	return false;
}

void print_states(FILE *out, const struct reached *reached)
{
	const struct result_state *state;
	const struct unit *unit;
	bool any = false;

	build_for_each_state(state, unit, reached) {
		if (first_state(reached, state->id) != state)
			continue;
		if (!any)
			fputs("#define KLP_SPLIT_STATES klp_split_states\n"
			      "static struct klp_state klp_split_states[] = {\n",
			      out);
		any = true;
		fprintf(out, "\t{ .id = %s, .version = %lld },\n", state->id,
			(long long)state->version);
	}
	if (any)
		fputs("\t{ }\n};\n", out);
}

void print_callbacks(FILE *out, const struct reached *reached, const struct object *object)
{
	const struct result_callback *callback;
	const struct unit *unit;

	build_for_each_callback(callback, unit, reached, object)
		fprintf(out, "    %-8s %-32s %s:%u, as %s callback\n", "calls", callback->name,
			callback->place.file, callback->place.line, callback->kind);
}
