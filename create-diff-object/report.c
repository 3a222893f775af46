// SPDX-License-Identifier: GPL-2.0-or-later
/* Writes the two forms of report.h. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/declared.h"
#include "lib/diag-json.h"
#include "lib/files.h"
#include "create-diff-object/inlined.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"
#include "create-diff-object/report.h"
#include "create-diff-object/unit/variables.h"
#include "create-diff-object/ledger-report.h"
#include "create-diff-object/unit/unit-load.h"

void report_free_units(struct report *report)
{
	for (size_t i = 0; i < report->n_others; i++)
		unit_free(report->others[i]);
	free(report->others);
	unit_free(report->original);
	unit_free(report->patched);
}

static bool is_new(const struct atom *atom)
{
	return atom->included && !atom->twin && atom->symbol;
}

static bool is_worth_naming(const struct atom *atom)
{
	return atom->symbol && !atom->parent &&
	       (atom->kind == ATOM_FUNCTION || atom->kind == ATOM_DATA) &&
	       (atom->section->rule->kind != SECTION_REGISTRATION || atom_is_btf_set(atom));
}

/* Gone, or inlined into its callers: the running kernel keeps it. */
static bool is_removed(const struct atom *original)
{
	return !original->twin && is_worth_naming(original) && !original->macro_made &&
	       original->section->rule->kind != SECTION_INIT;
}

/*
 * A function or variable has lost a global name and still exists under another one. The running
 * kernel keeps the old name, too. If the name belongs to something else now, it isn't removed.
 */
static bool is_lost_name(const struct report *report, const struct ledger_entry *entry)
{
	const struct elf_symbol *was = entry->was, *now;

	if (entry->differs != DIFFERS_ALIAS || entry->is || !is_worth_naming(entry->original) ||
	    atom_section_kind(entry->original) == SECTION_INIT || was->bind == STB_LOCAL ||
	    was->value != entry->original->offset || name_is_of_padding(was->name) ||
	    (was->type != STT_FUNC && was->type != STT_OBJECT))
		return false;
	now = elf_symbol_find(report->patched->elf, was->name);
	return !now || !now->section;
}

static const char *status_of(const struct atom *atom)
{
	if (is_new(atom))
		return "new";
	return atom->changed && atom->twin && atom->included && !atom->parent ? "changed" : NULL;
}

static int print_callback(const char *kind, struct atom *function, void *out)
{
	fprintf(out, "  callback %s: %s\n", kind, atom_name(function));
	return 0;
}

/* A replaced function is called by its name in the running kernel. */
static const char *name_to_tell(const struct unit *unit, const struct atom *atom)
{
	return atom->changed && atom->twin && !elf_symbol_find(unit->elf, atom_name(atom->twin))
		       ? atom_name(atom->twin)
		       : atom_name(atom);
}

static json_t *describe(struct unit *unit, const struct atom *atom, const char *status)
{
	struct diag_place place = atom_place(unit, atom);

	return json_pack("{s:s, s:s, s:s?, s:i, s:i, s:I, s:s*, s:o*}", "name",
			 name_to_tell(unit, atom), "status", status, "file", place.file, "line",
			 (int)place.line, "sympos", (int)atom->sympos, "size",
			 (json_int_t)atom->size, "leads_to", atom->leads_to, "exit",
			 atom->is_exit ? json_true() : NULL);
}

static int add_described(json_t *functions, json_t *data, struct unit *unit,
			 const struct atom *atom, const char *status)
{
	json_t *array = atom->kind == ATOM_FUNCTION ? functions : data;

	return json_array_append_new(array, describe(unit, atom, status));
}

/*
 * The parameters or the result of a global function change: kpatch-build checks its other callers.
 */
static int add_signature(json_t *functions, const struct report *report, const struct atom *atom)
{
	json_t *row = json_array_get(functions, json_array_size(functions) - 1);
	char *was, *is;
	int err = 0;

	if (atom->kind != ATOM_FUNCTION || !atom->twin || atom->twin->symbol->bind == STB_LOCAL ||
	    !signature_changes(unit_of_twin(atom, report->original), report->patched, atom, &was,
			       &is))
		return 0;
	err |= json_object_set_new(row, "was", json_string(was ?: "not known"));
	err |= json_object_set_new(row, "is", json_string(is ?: "not known"));
	free(was);
	free(is);
	return err;
}

static int add_atoms(json_t *functions, json_t *data, const struct report *report)
{
	struct unit_section *s;
	struct atom *atom;
	int err = 0;

	unit_for_each_section(report->patched, s)
		section_for_each_atom(s, atom)
			if (is_worth_naming(atom) && status_of(atom)) {
				err |= add_described(functions, data, report->patched, atom,
						     status_of(atom));
				err |= add_signature(functions, report, atom);
			}
	unit_for_each_section(report->original, s)
		section_for_each_atom(s, atom)
			if (report->paired && is_removed(atom))
				err |= add_described(functions, data, report->original, atom,
						     "removed");
	return err;
}

static int add_lost_names(json_t *functions, json_t *data, const struct report *report)
{
	const struct ledger *ledger = report->ledger;
	int err = 0;

	for (size_t i = 0; ledger && i < ledger->n; i++) {
		const struct ledger_entry *entry = &ledger->entries[i];
		const struct atom *atom = entry->original;
		json_t *array, *row;

		if (!is_lost_name(report, entry))
			continue;
		array = atom->kind == ATOM_FUNCTION ? functions : data;
		row = describe(unit_of_twin(entry->patched, report->original), atom, "removed");
		err |= json_object_set_new(row, "name", json_string(entry->was->name));
		err |= json_object_set_new(row, "alias_of", json_string(atom_name(atom)));
		err |= json_array_append_new(array, row);
	}
	return err;
}

/* The running kernel exports it already. */
static bool moved_with_export(const struct atom *atom)
{
	return atom->moved_from && name_is_exported(atom->moved_from->elf, atom_name(atom->twin));
}

/* Exists in the running kernel, and is exported by the diff. */
static int add_exports(json_t *exports, struct unit *patched)
{
	struct unit_section *s;
	struct atom *atom;
	int err = 0;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom) {
			const struct atom *exported;
			struct diag_place place;

			if (atom->twin || atom_section_kind(atom) != SECTION_REGISTRATION)
				continue;
			exported = exported_by(patched, atom);
			if (!exported || !exported->twin || moved_with_export(exported))
				continue;
			place = atom_place(patched, exported);
			err |= json_array_append_new(
				exports, json_pack("{s:s, s:s?, s:i}", "name", atom_name(exported),
						   "file", place.file, "line", (int)place.line));
		}
	return err;
}

static int add_references(json_t *references, const struct unit *unit)
{
	const struct reference *ref;
	int err = 0;

	for (ref = unit->references; ref; ref = ref->next) {
		bool variable = ref->found && ref->found->type == STT_OBJECT;
		json_t *row;

		if (!ref->object)
			continue;
		row = json_pack("{s:s, s:s, s:i}", "object", ref->object, "name", ref->name,
				"sympos", (int)ref->sympos);
		/* other units may refer to it by this name */
		if (row && ref->global)
			err |= json_object_set_new(row, "global", json_true()) |
			       json_object_set_new(row, "symbol", json_string(ref->symbol));
		if (row && variable)
			err |= json_object_set_new(row, "variable", json_true()) |
			       json_object_set_new(row, "size", json_integer(ref->found->size));
		err |= json_array_append_new(references, row);
	}
	return err;
}

static int add_variable(json_t *variables, struct unit *unit, const struct atom *atom,
			const char *status)
{
	struct diag_place place = atom_place(unit, atom);

	return json_array_append_new(
		variables,
		json_pack("{s:s, s:s, s:s?, s:s?, s:i, s:I}", "name", atom_name(atom), "status",
			  status, "type", atom->declared ? atom->declared->type : NULL, "file",
			  place.file, "line", (int)place.line, "size", (json_int_t)atom->size));
}

/*
 * A writable variable that one unit loses may be one that another unit gains: kpatch-build sees
 * both.
 */
static int add_variables(json_t *variables, const struct report *report)
{
	struct unit_section *s;
	struct atom *atom;
	int err = 0;

	unit_for_each_section(report->patched, s)
		section_for_each_atom(s, atom)
			if (atom_is_state(atom) && is_new(atom) && !atom->starts_anew)
				err |= add_variable(variables, report->patched, atom, "new");
	unit_for_each_section(report->original, s)
		section_for_each_atom(s, atom)
			if (report->paired && atom_is_state(atom) && !atom->twin)
				err |= add_variable(variables, report->original, atom, "removed");
	return err;
}

/* Symbols that neither the object has nor the kernel exports, and their users. */
static int add_unresolved(json_t *unresolved, struct unit *unit)
{
	const struct reference *ref;
	int err = 0;

	for (ref = unit->references; ref; ref = ref->next) {
		struct diag_place place;

		if (!ref->user)
			continue;
		place = atom_place(unit, ref->user);
		err |= json_array_append_new(unresolved,
					     json_pack("{s:s, s:s?, s:i, s:s?}", "name", ref->name,
						       "file", place.file, "line", (int)place.line,
						       "function", place.function));
	}
	return err;
}

int report_write_json(const struct report *report, const char *path, struct diag *diag)
{
	json_t *functions = json_array(), *data = json_array(), *references = json_array();
	json_t *callbacks = NULL, *states = NULL, *root = NULL, *inlined = json_array();
	json_t *exports = json_array(), *unresolved = json_array(), *variables = json_array();
	json_t *ledger = report->ledger ? ledger_to_json(report->ledger) : json_object();
	char *text = NULL;
	int err = 0;

	if (report->patched && report->original) {
		json_decref(inlined);
		inlined = inlined_to_json(report->patched);
		callbacks = callbacks_to_json(report->patched);
		states = states_to_json(report->patched);
		err = add_atoms(functions, data, report);
		err |= add_lost_names(functions, data, report);
		err |= add_references(references, report->patched);
		err |= add_exports(exports, report->patched);
		err |= add_unresolved(unresolved, report->patched);
		err |= add_variables(variables, report);
	}
	root = json_pack("{s:s?, s:s?, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
			 "object", report->object, "unit",
			 report->patched ? report->patched->source : NULL, "result", report->result,
			 "functions", functions, "data", data, "inlined", inlined, "references",
			 references, "exports", exports, "unresolved", unresolved, "variables",
			 variables, "callbacks", callbacks ?: json_array(), "states",
			 states ?: json_array(), "ledger", ledger, "diagnostics",
			 diag_to_json(diag));
	if (root && !err)
		text = json_dumps(root, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
	json_decref(root);
	if (!text)
		return diag_oom(diag);
	err = write_file_atomic(path, text, strlen(text), 0666);
	free(text);
	return err ? diag_errno(diag, -err, path, "writing") : 0;
}

void report_print(const struct report *report, FILE *out)
{
	struct unit_section *s;
	struct atom *atom;
	size_t references = 0;
	struct reference *ref;

	fprintf(out, "%s: %s\n", report->patched->source, report->result);
	unit_for_each_section(report->patched, s) {
		section_for_each_atom(s, atom) {
			struct diag_place place;

			if (!is_worth_naming(atom) || !status_of(atom) || atom->macro_made)
				continue;
			place = atom_place(report->patched, atom);
			fprintf(out, "  %-8s %s %s", status_of(atom),
				atom->kind == ATOM_FUNCTION ? "function" : "variable",
				atom_name(atom));
			if (place.line)
				fprintf(out, " (%s:%u)", place.file, place.line);
			fputc('\n', out);
		}
	}
	unit_for_each_section(report->original, s)
		section_for_each_atom(s, atom)
			if (report->paired && is_removed(atom))
				fprintf(out, "  %-8s %s %s\n", "removed",
					atom->kind == ATOM_FUNCTION ? "function" : "variable",
					atom_name(atom));
	for (size_t i = 0; report->ledger && i < report->ledger->n; i++)
		if (is_lost_name(report, &report->ledger->entries[i]))
			fprintf(out, "  %-8s name %s of %s\n", "removed",
				report->ledger->entries[i].was->name,
				atom_name(report->ledger->entries[i].original));
	for_each_callback(report->patched, print_callback, out);
	for (ref = report->patched->references; ref; ref = ref->next)
		references += !!ref->object;
	if (report->full)
		fprintf(out, "  %zu references by klp relocation\n", references);
}
