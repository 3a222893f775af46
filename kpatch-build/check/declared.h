/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Callbacks and states that the authors of the diffs declare: see declared.c.
 */
#ifndef KPATCH_BUILD_DECLARED_H
#define KPATCH_BUILD_DECLARED_H

#include <stdio.h>

#include "kpatch-build/build.h"

/* The callbacks of @object, and each state once, for the manifest. Caller owns the reference. */
json_t *callbacks_to_json(const struct reached *reached, const struct object *object);
json_t *states_to_json(const struct reached *reached);
bool object_has_callbacks(const struct reached *reached, const struct object *object);

/* For tables.h: the declarations of the callbacks, and the members of a struct klp_callbacks. */
void print_callback_declarations(FILE *out, const struct reached *reached,
				 const struct object *object);
void print_callback_members(FILE *out, const struct reached *reached, const struct object *object);
void print_states(FILE *out, const struct reached *reached);

/* For the summary: one line for each callback. */
void print_callbacks(FILE *out, const struct reached *reached, const struct object *object);

#endif
