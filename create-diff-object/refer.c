// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * New code refers to the running kernel in one of three ways. An export of
 * vmlinux is an ordinary undefined symbol. Livepatch finds everything else in
 * the kernel, by object, name and position; the position counts all symbols of
 * that name, or else another function is patched. And what the kernel doesn't
 * have is defined by another unit of the same livepatch.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/files.h"
#include "lib/klp-format.h"
#include "lib/array.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"
#include "lib/text.h"

struct referrer {
	struct unit *original, *patched;
	const struct object_index *object;
	const struct symvers *symvers;
	const struct called *called;
	struct diag *diag;
	/* the FILE block of the object that is this unit's; found when first needed */
	bool searched;
	size_t blocks;
	uint32_t block;
};

/* Local names that certainly are in the object's symbol table as well. */
static bool is_kept_by_linker(const struct atom *atom)
{
	switch (atom_section_kind(atom)) {
	case SECTION_CODE:
	case SECTION_DATA:
	case SECTION_PERCPU:
		return atom->symbol && atom->symbol->bind == STB_LOCAL && atom->size &&
		       (atom->symbol->type == STT_FUNC || atom->symbol->type == STT_OBJECT);
	default:
		return false;
	}
}

static int find_block(struct referrer *r)
{
	struct unit_section *s;
	struct atom *atom;
	const char **names;
	size_t n = 0;

	if (r->searched)
		return 0;
	names = calloc(r->original->elf->n_symbols + 1, sizeof(*names));
	if (!names)
		return diag_oom(r->diag);
	unit_for_each_section(r->original, s)
		section_for_each_atom(s, atom)
			if (is_kept_by_linker(atom))
				names[n++] = atom->symbol->name;
	r->blocks = object_index_match_block(r->object, r->original->source, names, n, &r->block);
	r->searched = true;
	free(names);
	return 0;
}

/* The object's only non-local symbol of that name. */
static const struct object_symbol *find_global(const struct object_index *object, const char *name)
{
	const struct object_symbol *symbols, *found = NULL;
	size_t n, i;

	symbols = object_index_find(object, name, &n);
	for (i = 0; i < n; i++) {
		if (symbols[i].bind == STB_LOCAL)
			continue;
		if (found)
			return NULL;
		found = &symbols[i];
	}
	return found;
}

/*
 * The local symbol in this unit's FILE block, or the only one in the object. If there is none,
 * *@why says why.
 */
static const struct object_symbol *find_local(struct referrer *r, const char *name,
					      const char **why)
{
	const struct object_symbol *symbols, *found = NULL;
	size_t n, i;

	symbols = object_index_find(r->object, name, &n);
	*why = "the object has no such symbol";
	if (n == 1 && symbols[0].bind == STB_LOCAL)
		return symbols;
	if (!n || find_block(r))
		return NULL;
	*why = "the object has several, and which one belongs to this file is unknown";
	if (r->blocks != 1)
		return NULL;
	for (i = 0; i < n; i++) {
		if (symbols[i].bind != STB_LOCAL || symbols[i].file != r->block)
			continue;
		if (found)
			return NULL;
		found = &symbols[i];
	}
	return found;
}

/* A static function or variable that has moved here is in the block of its old unit. */
static const struct object_symbol *find_moved(const struct referrer *r, const struct atom *atom,
					      const char **why)
{
	struct referrer other = {
		.original = atom->moved_from,
		.object = r->object,
		.diag = r->diag,
	};

	return find_local(&other, atom->twin->symbol->name, why);
}

/* How the linked module names the symbol: as it is, or so that no other symbol has the name. */
enum name_in_module { PLAIN_NAME, KLP_NAME };

static struct reference *add_reference(struct referrer *r, const char *object, const char *name,
				       unsigned int sympos, enum name_in_module in_module)
{
	struct reference *ref = calloc(1, sizeof(*ref));

	if (ref && object && in_module == KLP_NAME)
		ref->symbol = format("%s.klp.%s.%u", name, object, sympos);
	else if (ref)
		ref->symbol = strdup(name);
	if (!ref || !ref->symbol) {
		free(ref);
		return NULL;
	}
	ref->global = !object || in_module == PLAIN_NAME;
	ref->object = object;
	ref->name = name;
	ref->sympos = sympos;
	ref->next = r->patched->references;
	r->patched->references = ref;
	return ref;
}

/*
 * Each module has one of these. The build makes them for the livepatch's module as well, and the
 * linker would use those instead of the target's. If the kernel's function calls
 * try_module_get(THIS_MODULE) and the livepatch's one module_put(THIS_MODULE), they would count two
 * modules.
 */
static const char *const of_each_module[] = {
	"__this_module",
	"init_module",
	"cleanup_module",
};

static bool is_of_each_module(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(of_each_module); i++)
		if (!strcmp(of_each_module[i], name))
			return true;
	return false;
}

static bool is_open_export(const struct referrer *r, const char *name)
{
	return r->symvers && symvers_is_open_export(r->symvers, name);
}

/* Find the original of an atom of this unit in the object. */
static int locate_twin(struct referrer *r, struct atom *atom, const struct object_symbol **out)
{
	const struct elf_symbol *symbol = atom->twin->symbol;
	const struct object_symbol *found;
	const char *why = "the object has no such global symbol";
	struct diag_place place;

	if (!symbol) {
		place = atom_place(r->patched, atom);
		return diag_error(r->diag, "KS114", &place, "'%s'", atom_name(atom));
	}
	if (symbol->bind != STB_LOCAL)
		found = find_global(r->object, symbol->name);
	else if (atom->moved_from)
		found = find_moved(r, atom, &why);
	else
		found = find_local(r, symbol->name, &why);
	if (found && found->moves) {
		why = "its position changes once the module is initialised";
		found = NULL;
	}
	if (!found) {
		place = atom_place(r->patched, atom);
		return diag_error(r->diag, "KS112", &place, "'%s' in %s: %s", symbol->name,
				  object_index_name(r->object), why);
	}
	*out = found;
	return 0;
}

/* In the livepatch, it has another name than in the kernel. */
static int rename_reference(struct reference *ref, const char *name)
{
	char *symbol = strdup(name);

	if (!symbol)
		return -ENOMEM;
	free(ref->symbol);
	ref->symbol = symbol;
	return 0;
}

static int refer_to_twin(struct referrer *r, struct atom *to, struct reference **ref)
{
	const struct elf_symbol *symbol = to->twin->symbol;
	const struct object_symbol *found;
	bool local;
	int err;

	if (to->ref || to->refused) {
		*ref = to->ref;
		return 0;
	}
	/*
	 * If it is global now, other units of the livepatch may refer to it by its plain name. If
	 * it is static now, its name must not clash with any other. The original may be either.
	 */
	local = to->symbol->bind == STB_LOCAL;
	err = locate_twin(r, to, &found);
	if (err)
		return err;
	if (!local && !to->renamed && symbol->bind != STB_LOCAL &&
	    !object_index_is_module(r->object) && is_open_export(r, symbol->name))
		to->ref = add_reference(r, NULL, symbol->name, 0, PLAIN_NAME);
	else
		to->ref = add_reference(r, object_index_name(r->object), symbol->name,
					object_symbol_klp_pos(found),
					local ? KLP_NAME : PLAIN_NAME);
	if (!to->ref || (!local && to->renamed && rename_reference(to->ref, to->symbol->name)))
		return diag_oom(r->diag);
	to->ref->found = found;
	*ref = to->ref;
	return 0;
}

/* Refer to a symbol that this unit only declares. */
static int refer_to_undefined(struct referrer *r, struct atom *from, struct elf_symbol *symbol,
			      struct reference **ref)
{
	bool vmlinux = !object_index_is_module(r->object);
	const char *owner = r->symvers ? symvers_owner(r->symvers, symbol->name) : NULL;
	const struct object_symbol *found = find_global(r->object, symbol->name);
	const char *own = is_called(r->called, symbol->name) ? NULL : stand_in(symbol->name);
	const char *object = NULL;
	unsigned int sympos = 0;
	struct diag_place place;

	if (symbol->reference) {
		*ref = symbol->reference;
		return 0;
	}
	if (own) {
		/* the template of the livepatch's modules defines it */
		found = NULL;
	} else if (is_called(r->called, symbol->name)) {
		/* not the kernel's: another unit of the livepatch has a new one */
		owner = NULL;
		found = NULL;
	} else if (is_open_export(r, symbol->name)) {
		object = NULL;
	} else if (found && found->init &&
		   !(vmlinux && original_refers_to(from, NULL, symbol->name))) {
		place = atom_place(r->patched, from->owner ? from->owner : from);
		return diag_error(r->diag, "KS118", &place, "'%s'", symbol->name);
	} else if (found && found->moves && !vmlinux) {
		place = atom_place(r->patched, from->owner ? from->owner : from);
		return diag_error(r->diag, "KS112", &place,
				  "'%s' in %s: its position changes once the module is initialised",
				  symbol->name, object_index_name(r->object));
	} else if (found) {
		object = object_index_name(r->object);
		sympos = object_symbol_klp_pos(found);
	} else if (owner) {
		object = owner;
		if (strcmp(owner, KLP_VMLINUX) && !object_index_depends_on(r->object, owner)) {
			place = atom_place(r->patched, from->owner ? from->owner : from);
			diag_error(r->diag, "KS142", &place, "'%s' of %s", symbol->name, owner);
			diag_detail(r->diag, "%s depends on: %s", object_index_name(r->object),
				    vmlinux || !*object_index_depends(r->object)
					    ? "no module"
					    : object_index_depends(r->object));
			return -EINVAL;
		}
	}
	if (is_of_each_module(symbol->name) && (vmlinux || !found)) {
		place = atom_place(r->patched, from->owner ? from->owner : from);
		return diag_error(r->diag, "KS155", &place, "'%s' in %s", symbol->name,
				  object_index_name(r->object));
	}
	*ref = add_reference(r, object, own ?: symbol->name, sympos,
			     is_of_each_module(symbol->name) ? KLP_NAME : PLAIN_NAME);
	if (!*ref)
		return diag_oom(r->diag);
	(*ref)->weak = symbol->bind == STB_WEAK && !object;
	(*ref)->found = found;
	(*ref)->user = own || owner || object ? NULL : from->owner ? from->owner : from;
	symbol->reference = *ref;
	return 0;
}

/* An absolute or common symbol, or a place in a section that only the build uses. */
static int refuse_symbol(struct referrer *r, struct atom *from, const struct elf_symbol *symbol)
{
	struct diag_place place = atom_place(r->patched, from->owner ? from->owner : from);

	if (symbol->section)
		return diag_error(r->diag, "KS110", &place, "'%s' refers to section '%s'",
				  atom_name(from), symbol->section->name);
	return diag_error(r->diag, "KS115", &place, "'%s' refers to '%s', which has no address",
			  atom_name(from), symbol->name);
}

static int refer_from(struct referrer *r, struct atom *atom)
{
	struct reloc *reloc;
	int err = 0;

	atom_for_each_reloc(atom, reloc) {
		int one = 0;

		if (refers_to_original(atom, reloc) && reloc->weak)
			one = refer_to_undefined(r, atom, reloc->weak, &reloc->ref);
		else if (refers_to_original(atom, reloc))
			one = refer_to_twin(r, reloc->to, &reloc->ref);
		else if (!reloc->to &&
			 (reloc->symbol->section || reloc->symbol->shndx != SHN_UNDEF))
			one = refuse_symbol(r, atom, reloc->symbol);
		else if (!reloc->to)
			one = refer_to_undefined(r, atom, reloc->symbol, &reloc->ref);
		err = err ?: one;
	}
	return err;
}

/* The kernel finds the functions that this object replaces by the same rules. */
static int locate_replaced(struct referrer *r, struct atom *atom)
{
	const struct object_symbol *found;
	struct diag_place place;
	int err;

	if (!atom->twin || atom->parent || !atom->changed)
		return 0;
	err = locate_twin(r, atom, &found);
	if (err)
		return err;
	atom->sympos = object_symbol_klp_pos(found);
	if (atom->twin->symbol->bind != STB_WEAK || found->bind == STB_WEAK)
		return 0;
	place = atom_place(r->patched, atom);
	return diag_error(r->diag, "KS120", &place, "'%s'", atom_name(atom));
}

int refer_by_klp(struct unit *original, struct unit *patched, const struct object_index *object,
		 const struct symvers *symvers, const struct called *called, struct diag *diag)
{
	struct referrer referrer = { .original = original,
				     .patched = patched,
				     .object = object,
				     .symvers = symvers,
				     .called = called,
				     .diag = diag };
	struct unit_section *s;
	struct atom *atom;
	int err = 0, one;

	unit_for_each_section(patched, s) {
		section_for_each_atom(s, atom) {
			struct reference *ref;

			if (became_global(atom))
				err = refer_to_twin(&referrer, atom, &ref) ?: err;
			if (!atom->included)
				continue;
			one = refer_from(&referrer, atom);
			if (atom->kind == ATOM_FUNCTION)
				one = one ?: locate_replaced(&referrer, atom);
			err = err ?: one;
		}
	}
	return err;
}
