// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A livepatch is more than its functions: livepatch calls callbacks before and
 * after patching, and tells a later livepatch which system states this one has
 * changed. A hand-written livepatch has both in its struct klp_patch. Here,
 * kpatch-build writes that structure, long after the author's source was
 * compiled.
 *
 * So the macros of klp-split-author.h define a variable for each of them, in a
 * section of its kind: a struct klp_callbacks in which one pointer is set, or
 * an id and a version. These variables aren't part of the output. A callback
 * is, with all that it needs, under a name that says its kind.
 */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "lib/array.h"
#include "create-diff-object/declared.h"
#include "lib/klp-format.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"

static const char *const kinds[] = { "pre_patch", "post_patch", "pre_unpatch", "post_unpatch" };

/* NULL: the section isn't for callbacks. */
static const char *callback_kind(const struct unit_section *s)
{
	if (s->rule->kind != SECTION_AUTHOR)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(s->elf->name + strlen(KLP_DECLARED_PREFIX), kinds[i]))
			return kinds[i];
	return NULL;
}

/* The compiler has checked its type. NULL if it isn't a function of this unit. */
static struct atom *declared_function(const struct atom *declaration)
{
	const struct reloc *reloc = declaration->relocs;

	if (declaration->n_relocs != 1 || !reloc->to || reloc->to->kind != ATOM_FUNCTION ||
	    reloc->at)
		return NULL;
	return reloc->to;
}

int for_each_callback(const struct unit *unit,
		      int (*found)(const char *kind, struct atom *function, void *arg), void *arg)
{
	struct unit_section *s;
	struct atom *declaration, *function;
	int err = 0;

	unit_for_each_section(unit, s) {
		if (!callback_kind(s))
			continue;
		section_for_each_atom(s, declaration) {
			function = declared_function(declaration);
			if (!err && function && function->callback)
				err = found(callback_kind(s), function, arg);
		}
	}
	return err;
}

static int read_callback(struct unit *patched, const struct unit_section *s,
			 const struct atom *declaration, struct diag *diag)
{
	struct atom *function = declared_function(declaration);
	struct diag_place place = atom_place(patched, function ?: declaration);

	if (!function)
		return diag_error(diag, "KS150", &place, "%s: it isn't defined in this file",
				  callback_kind(s));
	if (function->twin)
		return diag_error(diag, "KS150", &place, "'%s' as %s: the kernel has it already",
				  atom_name(function), callback_kind(s));
	if (declaration != s->atoms)
		return diag_error(diag, "KS151", &place,
				  "'%s' is not the only %s callback of this file",
				  atom_name(function), callback_kind(s));
	function->callback = true;
	return 0;
}

static uint64_t word_at(const struct unit *unit, const struct atom *atom, uint64_t offset)
{
	uint64_t word;

	memcpy(&word, atom_data(atom) + offset, sizeof(word));
	return unit->elf->encoding == ELFDATA2LSB ? le64toh(word) : be64toh(word);
}

static bool is_state(const struct atom *declaration)
{
	return declaration->size == KLP_STATES_ENTRY_SIZE && atom_data(declaration) &&
	       !declaration->n_relocs;
}

/* kernel/livepatch/state.c, 6.1: the id 0 ends the list of states; a version is an unsigned int */
static int read_state(struct unit *patched, const struct atom *declaration, struct diag *diag)
{
	struct diag_place place = atom_place(patched, declaration);

	if (!is_state(declaration))
		return diag_error(diag, "KS152", &place, "it has no number and version");
	if (!word_at(patched, declaration, 0))
		return diag_error(diag, "KS152", &place, "its number is 0");
	if (word_at(patched, declaration, 8) > UINT32_MAX)
		return diag_error(diag, "KS152", &place,
				  "its version is larger than an unsigned int");
	return 0;
}

int read_declared(struct unit *patched, struct diag *diag)
{
	struct unit_section *s;
	struct atom *declaration;
	int err = 0, one;

	unit_for_each_section(patched, s) {
		if (s->rule->kind != SECTION_AUTHOR)
			continue;
		section_for_each_atom(s, declaration) {
			if (callback_kind(s))
				one = read_callback(patched, s, declaration, diag);
			else if (!strcmp(s->elf->name, KLP_STATES_SECTION))
				one = read_state(patched, declaration, diag);
			else
				one = diag_error(diag, "KS125", NULL, "'%s' is not understood",
						 s->elf->name);
			err = err ?: one;
		}
	}
	return err;
}

struct callback_list {
	struct unit *unit;
	json_t *array;
};

static int add_callback(const char *kind, struct atom *function, void *arg)
{
	struct callback_list *list = arg;
	struct diag_place place = atom_place(list->unit, function);

	return json_array_append_new(list->array, json_pack("{s:s, s:s, s:s?, s:i}", "kind", kind,
							    "name", atom_name(function), "file",
							    place.file, "line", (int)place.line));
}

json_t *callbacks_to_json(struct unit *unit)
{
	struct callback_list list = { unit, json_array() };

	if (for_each_callback(unit, add_callback, &list)) {
		json_decref(list.array);
		return NULL;
	}
	return list.array;
}

json_t *states_to_json(struct unit *unit)
{
	json_t *array = json_array();
	struct unit_section *s;
	struct atom *state;
	int err = 0;

	unit_for_each_section(unit, s) {
		if (s->rule->kind != SECTION_AUTHOR || strcmp(s->elf->name, KLP_STATES_SECTION))
			continue;
		section_for_each_atom(s, state) {
			struct diag_place place = atom_place(unit, state);
			char id[32]; /* some JSON readers round 64-bit numbers */

			if (!is_state(state))
				continue;
			snprintf(id, sizeof(id), "0x%llx",
				 (unsigned long long)word_at(unit, state, 0));
			err |= json_array_append_new(
				array, json_pack("{s:s, s:I, s:s?, s:i}", "id", id, "version",
						 (json_int_t)word_at(unit, state, 8), "file",
						 place.file, "line", (int)place.line));
		}
	}
	if (err) {
		json_decref(array);
		return NULL;
	}
	return array;
}
