// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A diff gives the function of a work another name, and adds a check. To the
 * comparison it is a new function, which is used for works that are set up from
 * now on. But each work of the running kernel leads to the old one, which would
 * stay unchanged.
 *
 * So a static function whose address the running kernel has kept, and that the
 * source has under another name now, is the same function, changed: the old one
 * is redirected to the new one, and new code keeps the address of the old one.
 * Code and tables that have the new one in place of the old one say which it
 * is, or the source and the type if no other function fits. If several do,
 * there is no way to know, and the change is refused.
 *
 * Another function may have taken the place: one that expects another structure
 * around its argument must never be called for what the old one was set up
 * with. A renamed function still has most of its parameters and variables, by
 * name and type.
 */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/passes.h"
#include "create-diff-object/renamed-callbacks.h"
#include "create-diff-object/renamed-proof.h"
#include "create-diff-object/renamed.h"
#include "create-diff-object/unit/arch.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/unit/places.h"
#include "create-diff-object/unit/type-text.h"

/* Callbacks hardly have more; the rest isn't compared. */
#define VARIABLES_MAX 64

/* What in the patched unit may be the lost function. */
struct candidates {
	struct atom *only; /* NULL: there is none, or several */
	size_t n;
};

/* Only a function that no other unit can name is redirected under another name. */
static bool is_candidate(const struct atom *atom)
{
	return is_static_function(atom) && !atom->undecodable;
}

/* The same, or a global function, which other units may use by its new name. */
static bool could_follow(const struct atom *atom)
{
	return is_candidate(atom) ||
	       (atom->kind == ATOM_FUNCTION && !atom->twin && !atom->parent && atom->symbol &&
		atom->symbol->bind == STB_GLOBAL && atom_section_kind(atom) == SECTION_CODE);
}

/* Does anything but a call refer to @function? */
static bool is_kept(struct unit *original, const struct atom *function)
{
	unit_for_each_loaded_reloc(original, at)
		if (at.reloc->to == function && at.from->kind != ATOM_ENTRY &&
		    atom_group(at.from) != function &&
		    !(atom_is_code(at.from) && reloc_is_call(original, at.from, at.reloc)))
			return true;
	return false;
}

static void pair(struct atom *lost, struct atom *new)
{
	lost->twin = new;
	new->twin = lost;
}

static bool same_signature(struct unit *original, struct unit *patched, struct atom *lost,
			   struct atom *new)
{
	char *was, *is;
	bool same;

	pair(lost, new);
	same = !signature_changes(original, patched, new, &was, &is);
	lost->twin = new->twin = NULL;
	if (!same) {
		free(was);
		free(is);
	}
	return same;
}

/* A variable or parameter of a function. */
struct declaration {
	const char *name; /* owned by the debug information */
	char *type;
};

struct declarations {
	struct declaration list[VARIABLES_MAX];
	size_t n;
};

/* Variables of macros ("__mptr") say nothing. */
static void add_declaration(Dwarf_Die *die, struct declarations *all)
{
	const char *name = dwarf_diename(die);
	char *type;

	if (!name || !strncmp(name, "__", 2) || all->n == VARIABLES_MAX)
		return;
	type = type_text(die);
	if (type)
		all->list[all->n++] = (struct declaration){ name, type };
}

static void add_declarations(Dwarf_Die *scope, struct declarations *all)
{
	Dwarf_Die die;

	if (dwarf_child(scope, &die))
		return;
	do {
		if (dwarf_tag(&die) == DW_TAG_lexical_block)
			add_declarations(&die, all);
		else if (dwarf_tag(&die) == DW_TAG_variable ||
			 dwarf_tag(&die) == DW_TAG_formal_parameter)
			add_declaration(&die, all);
	} while (!dwarf_siblingof(&die, &die));
}

static void read_declarations(struct unit *unit, const struct atom *function,
			      struct declarations *all)
{
	Dwarf_Die die;

	if (function_die(unit, atom_name(function), &die))
		add_declarations(&die, all);
}

static void free_declarations(struct declarations *all)
{
	for (size_t i = 0; i < all->n; i++)
		free(all->list[i].type);
}

static bool has_declaration(const struct declarations *all, const char *name, const char *type)
{
	for (size_t i = 0; i < all->n; i++)
		if (!strcmp(all->list[i].type, type) && (!name || !strcmp(all->list[i].name, name)))
			return true;
	return false;
}

/* Does it have most of the old declarations by name and type, and all pointer types? */
static bool has_most_of(const struct declarations *is, const struct declarations *was)
{
	size_t common = 0;

	for (size_t i = 0; i < was->n; i++) {
		const struct declaration *one = &was->list[i];

		if (strchr(one->type, '*') && !has_declaration(is, NULL, one->type))
			return false;
		common += has_declaration(is, one->name, one->type);
	}
	return 2 * common > (was->n > is->n ? was->n : is->n) || (!was->n && !is->n);
}

static bool declares_mostly_the_same(struct unit *original, const struct atom *lost,
				     struct unit *patched, const struct atom *new)
{
	struct declarations was = { 0 }, is = { 0 };
	bool most;

	read_declarations(original, lost, &was);
	read_declarations(patched, new, &is);
	most = has_most_of(&is, &was);
	free_declarations(&was);
	free_declarations(&is);
	return most;
}

static bool could_be_one(struct unit *original, struct unit *patched, const struct words *words,
			 struct atom *lost, struct atom *new)
{
	return is_candidate(lost) && could_follow(new) &&
	       (!words || has_source_names(words, lost, new)) &&
	       !strcmp(strchrnul(lost->symbol->name, '.'), strchrnul(new->symbol->name, '.')) &&
	       same_signature(original, patched, lost, new) &&
	       declares_mostly_the_same(original, lost, patched, new);
}

static struct candidates find_candidates(struct unit *original, struct unit *patched,
					 const struct words *words, struct atom *lost)
{
	struct candidates found = { 0 };
	struct unit_section *s;
	struct atom *new;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, new)
			if (could_be_one(original, patched, words, lost, new)) {
				found.only = found.n++ ? NULL : new;
			}
	return found;
}

/* Is there no other lost function that @new could be? */
static bool is_only_origin(struct unit *original, struct unit *patched, const struct words *words,
			   const struct atom *lost, struct atom *new)
{
	struct unit_section *s;
	struct atom *other;

	unit_for_each_section(original, s)
		section_for_each_atom(s, other)
			if (other != lost && could_be_one(original, patched, words, other, new))
				return false;
	return true;
}

/* Pair the cold parts too, where both have one: they appear and disappear with the code. */
static void pair_whole(struct atom *lost, struct atom *new)
{
	for (; lost && new; lost = lost->next_child, new = new->next_child)
		pair(lost, new);
}

/*
 * The function that has replaced @lost; NULL: none, or it is not certain. Without words, the type
 * alone says too little.
 */
static struct atom *successor(struct unit *original, struct unit *patched,
			      const struct words *words, struct atom *lost)
{
	struct atom *new = used_instead(original, lost);

	if (!new || !could_be_one(original, patched, words, lost, new)) {
		new = words ? find_candidates(original, patched, words, lost).only : NULL;
		if (!new || !is_only_origin(original, patched, words, lost, new))
			return NULL;
	}
	return is_candidate(new) ? new : NULL;
}

void pair_renamed_callbacks(struct unit *original, struct unit *patched, const struct words *words)
{
	struct unit_section *s;
	struct atom *atom, *new;

	unit_for_each_section(original, s)
		section_for_each_atom(s, atom) {
			if (!is_candidate(atom) || !is_kept(original, atom))
				continue;
			new = successor(original, patched, words, atom);
			if (new)
				pair_whole(atom, new);
		}
}

static void tell_candidates(struct unit *original, struct unit *patched, const struct words *words,
			    struct atom *lost, struct diag *diag)
{
	struct unit_section *s;
	struct diag_place place;
	struct atom *new;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, new) {
			if (!could_be_one(original, patched, words, lost, new))
				continue;
			place = atom_place(patched, new);
			diag_detail(diag, "may be '%s' now (%s:%u)", atom_name(new), place.file,
				    place.line);
		}
}

int refuse_doubtful_callbacks(struct unit *original, struct unit *patched,
			      const struct words *words, struct diag *diag)
{
	struct unit_section *s;
	struct diag_place place;
	struct atom *atom;
	int err = 0;

	unit_for_each_section(original, s)
		section_for_each_atom(s, atom) {
			if (!words || !is_candidate(atom) || !is_kept(original, atom) ||
			    !find_candidates(original, patched, words, atom).n)
				continue;
			place = atom_place(original, atom);
			err = diag_error(diag, "KS186", &place, "'%s'", atom_name(atom));
			tell_candidates(original, patched, words, atom, diag);
		}
	return err;
}
