/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What create-diff-object reports about one unit, in structures. Its JSON comes
 * from another process, and 25 files use it. It is read and checked once, here,
 * so none of them has to handle missing or wrong members.
 */
#ifndef KPATCH_BUILD_RESULT_H
#define KPATCH_BUILD_RESULT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/diag.h"

enum result_status { RESULT_NEW, RESULT_CHANGED, RESULT_REMOVED };

/* In all places, @file is the unit's source if nothing else is known; @line is 0 then. */

struct result_function {
	const char *name;
	struct diag_place place; /* its function is @name */
	enum result_status status;
	unsigned int sympos;
	/* NULL, or why an unchanged function is replaced: it calls this one */
	const char *leads_to;
	/* its signature before and after, if it changed and others may call it */
	const char *was, *is;
	bool is_exit; /* the module's exit function */
	const char *sleeps; /* NULL, or why a task may stay in it for long: set by sleepers.c */
	json_t *row; /* create-diff-object's description of it, for the manifest */
};

struct result_data {
	const char *name;
	json_t *row;
};

/* A symbol of the running kernel that the new code uses by a klp relocation. */
struct result_reference {
	const char *object, *name;
	unsigned int sympos;
	bool global; /* other units may use it as … */
	const char *symbol;
	bool variable;
	size_t size; /* of a variable, in bytes */
};

/* The diff exports a symbol that the running kernel already has. */
struct result_export {
	const char *name;
	struct diag_place place;
};

/* A use of a symbol that neither the object has nor the kernel exports. */
struct result_use {
	const char *name;
	struct diag_place place;
};

/* A writable variable that the unit gains or loses. */
struct result_variable {
	const char *name;
	const char *type; /* NULL: not known */
	size_t size;
	struct diag_place place;
	enum result_status status; /* RESULT_NEW or RESULT_REMOVED */
};

/* What the author declares with klp-split-author.h. */
struct result_callback {
	const char *kind, *name; /* "pre_patch" */
	struct diag_place place;
	json_t *row;
};

struct result_state {
	const char *id; /* as in the source: a number in C */
	json_int_t version;
	struct diag_place place;
	json_t *row;
};

/* A diagnostic that create-diff-object reported. */
struct result_problem {
	const char *code;
	struct diag_place place; /* its function is NULL if it isn't about one */
};

struct result {
	struct result_function *functions;
	struct result_data *data;
	struct result_reference *references;
	struct result_export *exports;
	struct result_use *unresolved;
	struct result_variable *variables;
	struct result_callback *callbacks;
	struct result_state *states;
	struct result_problem *diagnostics;
	size_t n_functions, n_data, n_references, n_exports, n_unresolved, n_variables, n_callbacks;
	size_t n_states, n_diagnostics;
	/* the whole report, which owns the strings; only output/ uses "inlined" and "ledger" */
	json_t *json;
};

/*
 * result_for_each(function, unit->result, functions): the member's name selects the list. @result
 * may be NULL: the unit was not compared.
 */
#define result_for_each(item, result, member)             \
	for ((item) = (result) ? (result)->member : NULL; \
	     (result) && (item) < (result)->member + (result)->n_##member; (item)++)

/*
 * Read the file that create-diff-object wrote. @source is the unit's, and must live as long as the
 * result. Returns 0; -ENOENT if it contains no JSON; -EPROTO if it isn't as documented, with the
 * wrong list and member in @wrong (of @size bytes); -ENOMEM. *@result is set on success only.
 */
int result_load(const char *path, const char *source, struct result **result, char *wrong,
		size_t size);
/* @result may be NULL. */
void result_free(struct result *result);

/* Add a reference to the unit. 0 or -ENOMEM. */
int result_add_reference(struct result *result, const char *object, const char *name,
			 unsigned int sympos);
/* Say, also in the manifest, why a task may stay in @function. 0 or -ENOMEM. */
int result_function_sleeps(struct result_function *function, const char *why);

/* Does it replace a function of the running kernel? */
bool function_is_replaced(const struct result_function *function);
/* "new", "changed", "removed" */
const char *result_status_text(enum result_status status);
/* Did create-diff-object report @code? */
bool result_has_code(const struct result *result, const char *code);

#endif
