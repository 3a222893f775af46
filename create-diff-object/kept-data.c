// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A fix of a driver's probe function doesn't touch this line:
 *
 *	err = request_irq(irq, handler, 0, "eth-rx", dev);
 *
 * But the new code brings its strings along, and the kernel keeps the pointer:
 * after the livepatch is unloaded, reading /proc/interrupts reads freed memory.
 * The same holds for a table of functions that a new structure points to, even
 * if all the functions are the kernel's, and for a new variable that is put
 * into a list.
 *
 * So the address of each string, constant and variable of the livepatch is
 * followed through the code that takes it. Functions that are known to keep
 * nothing (borrowers.c) may have it. Of everything else the author is told.
 */
#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/passes.h"
#include "create-diff-object/unit/arch.h"
#include "create-diff-object/unit/borrowers.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/unit/places.h"
#include "lib/array.h"
#include "lib/text.h"

/* A function has dozens of messages; these are enough to recognise it. */
#define NAMED 3

/* Variables made by macros: nothing uses a pointer to them for longer than a call. */
static const struct {
	const char *name, *why;
} short_lived[] = {
	{ "__msg", "NL_SET_ERR_MSG(): netlink copies the message into the answer to the request" },
	{ "__func__", "a function's name, for a message" },
	{ "__FUNCTION__", "the same" },
	{ "__PRETTY_FUNCTION__", "the same" },
	{ "__key", "a class of locks, for lockdep, which production kernels don't have" },
	{ "__already_done", "whether something was done once" },
	{ "__warned", "the same" },
};

/*
 * A string, constant or variable of the livepatch, and what gets its address: "writes its address
 * to memory".
 */
struct kept {
	char *way, *what;
};

/* What one function gives away. */
struct giver {
	struct unit *unit;
	struct atom *function;
	const struct reloc *reloc; /* the address that is followed */
	struct kept *list;
	size_t n;
	bool any; /* the address that is followed is in the list */
	bool failed; /* not enough memory */
};

static bool is_short_lived(const struct atom *data)
{
	for (size_t i = 0; data->symbol && i < ARRAY_SIZE(short_lived); i++)
		if (!name_compare(data->symbol->name, short_lived[i].name))
			return true;
	return false;
}

/* Is it part of the livepatch, rather than of the kernel? */
static bool is_own(struct atom *from, const struct reloc *reloc)
{
	const struct atom *to = reloc->to;

	if (!to || refers_to_original(from, reloc))
		return false;
	return to->kind == ATOM_STRING ||
	       (to->kind == ATOM_DATA && to->included &&
		(atom_section_kind(to) == SECTION_DATA || atom_section_kind(to) == SECTION_CONST ||
		 atom_section_kind(to) == SECTION_PERCPU));
}

static const char *function_name(const struct reloc *to)
{
	const struct elf_symbol *symbol = to ? to->symbol ?: to->to ? to->to->symbol : NULL : NULL;

	return symbol ? symbol->name : NULL;
}

/* Find its declaration or definition. A builtin function has no prototype. */
static bool find_prototype(struct unit *unit, const char *name, Dwarf_Die *die)
{
	Dwarf_Die *cu = NULL;

	while ((cu = next_cu(unit, cu))) {
		if (dwarf_child(cu, die))
			continue;
		do {
			if (dwarf_tag(die) == DW_TAG_subprogram && dwarf_diename(die) &&
			    !strcmp(dwarf_diename(die), name) &&
			    dwarf_hasattr(die, DW_AT_prototyped))
				return true;
		} while (!dwarf_siblingof(die, die));
	}
	return false;
}

/* A register above the number of parameters has an old value, not an argument. */
static bool takes(struct unit *unit, const char *name, unsigned int argument)
{
	Dwarf_Die function, child;
	unsigned int n = 0;

	if (!find_prototype(unit, name, &function))
		return true;
	if (dwarf_child(&function, &child))
		return false;
	do {
		if (dwarf_tag(&child) == DW_TAG_unspecified_parameters)
			return true;
		n += dwarf_tag(&child) == DW_TAG_formal_parameter;
	} while (!dwarf_siblingof(&child, &child));
	return argument < n;
}

/* The livepatch's own memory is freed together with it. */
static bool is_harmless(const struct giver *giver, const struct gift *gift)
{
	const char *name = function_name(gift->to);

	switch (gift->kind) {
	case GIFT_STORED:
		return gift->to && is_own(gift->from, gift->to);
	case GIFT_ARGUMENT:
		return name && (is_borrowed(name, gift->argument) ||
				!takes(giver->unit, name, gift->argument));
	case GIFT_RETURNED:
		/* only new code calls a new function */
		return !giver->function->twin;
	}
	return false;
}

/* Caller frees. NULL: not enough memory. */
static char *way_text(const struct gift *gift)
{
	const char *by = atom_name(atom_group(gift->from)), *name = function_name(gift->to);

	if (gift->kind == GIFT_STORED)
		return format("%s() writes its address to memory", by);
	if (gift->kind == GIFT_RETURNED)
		return format("%s() returns its address", by);
	if (!name)
		return format(
			"%s() passes its address to a function that it calls through a pointer",
			by);
	return format("%s() passes its address to %s()", by, name);
}

/* The first line of a message is enough to recognise it. */
static char *what_text(const struct reloc *reloc)
{
	const struct atom *to = reloc->to;
	const char *text;
	size_t size;

	if (to->kind != ATOM_STRING || reloc->at < 0 || (uint64_t)reloc->at >= to->size)
		return format("'%s'", atom_name(to));
	text = (const char *)atom_data(to) + reloc->at;
	size = strnlen(text, to->size - reloc->at);
	return format("\"%.*s\"",
		      (int)strcspn(text, "\n") < (int)size ? (int)strcspn(text, "\n") : (int)size,
		      text);
}

static void add(const struct gift *gift, void *arg)
{
	struct giver *giver = arg;
	struct kept *list, new;

	if (giver->any || giver->failed || is_harmless(giver, gift))
		return;
	list = reallocarray(giver->list, giver->n + 1, sizeof(*list));
	if (list)
		giver->list = list;
	new = (struct kept){ way_text(gift), what_text(giver->reloc) };
	if (!list || !new.way || !new.what) {
		free(new.way);
		free(new.what);
		giver->failed = true;
		return;
	}
	list[giver->n++] = new;
	giver->any = true;
}

static bool same_target(const struct reloc *a, const struct reloc *b)
{
	return a->to == b->to && a->at == b->at;
}

static bool was_seen(const struct atom *from, const struct reloc *reloc)
{
	const struct reloc *before;

	atom_for_each_reloc(from, before) {
		if (before == reloc)
			return false;
		if (same_target(before, reloc))
			return true;
	}
	return false;
}

/* Follow the address that @giver->reloc names wherever @from takes it. */
static void follow_all(struct giver *giver, struct atom *from)
{
	const struct arch_ops *arch = giver->unit->arch;
	const struct reloc *reloc;

	giver->any = false;
	atom_for_each_reloc(from, reloc)
		if (same_target(reloc, giver->reloc) && !giver->any &&
		    arch->access_of(giver->unit, from, reloc) == ACCESS_ADDRESS &&
		    !arch->follow_address(giver->unit, from, reloc, add, giver))
			giver->failed = true;
}

static void follow(struct giver *giver, struct atom *from)
{
	const struct reloc *reloc;

	atom_for_each_reloc(from, reloc) {
		if (!is_own(from, reloc) || is_short_lived(reloc->to) || was_seen(from, reloc))
			continue;
		giver->reloc = reloc;
		follow_all(giver, from);
	}
}

/* Give one warning for each function that gets addresses, with all that it gets. */
static void warn(const struct giver *giver, struct diag *diag)
{
	struct diag_place place = atom_place(giver->unit, giver->function);

	for (size_t i = 0; i < giver->n; i++) {
		const char *way = giver->list[i].way;
		size_t others = 0;

		for (size_t k = 0; k < i; k++)
			others += !strcmp(giver->list[k].way, way);
		if (others)
			continue;
		diag_warning(diag, "KS364", &place, "%s", giver->list[i].what);
		diag_detail(diag, "%s", way);
		for (size_t k = i + 1; k < giver->n; k++)
			if (!strcmp(giver->list[k].way, way) && ++others <= NAMED)
				diag_detail(diag, "the same: %s", giver->list[k].what);
		if (others > NAMED)
			diag_detail(diag, "and %zu more", others - NAMED);
	}
}

static int look_at(struct unit *patched, struct atom *function, struct diag *diag)
{
	struct giver giver = { .unit = patched, .function = function };

	for (struct atom *part = function; part; part = part->next_child)
		follow(&giver, part);
	warn(&giver, diag);
	for (size_t i = 0; i < giver.n; i++) {
		free(giver.list[i].way);
		free(giver.list[i].what);
	}
	free(giver.list);
	return giver.failed ? diag_oom(diag) : 0;
}

int warn_of_kept_data(struct unit *patched, struct diag *diag)
{
	struct unit_section *s;
	struct atom *atom;
	int err = 0;

	unit_for_each_section(patched, s)
		section_for_each_atom(s, atom)
			if (!err && atom->included && !atom->refused && !atom->parent &&
			    atom->kind == ATOM_FUNCTION && atom_section_kind(atom) == SECTION_CODE)
				err = look_at(patched, atom, diag);
	return err;
}
