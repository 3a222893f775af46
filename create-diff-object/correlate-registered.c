// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A trace event may record the address of a string instead of the string:
 *
 *	trace_wbt_step(rwb->bdi, tracepoint_string("scale up"), …);
 *
 * So that readers of the trace know the string, the macro puts it on a list of
 * vmlinux that is made when vmlinux is linked:
 *
 *	static const char *___tp_str __section("__tracepoint_str") __used = str;
 *
 * kernel/rcu/tree.c has 144 of these static locals. If the event isn't part of
 * the configuration nothing refers to them, and no code can prove which one is
 * which. None has to: a variable that nothing refers to does nothing but put
 * its content on a list, and an entry of the list of strings is never written
 * (trace_printk.c, is_tracepoint_string). Two of the same name and content
 * are the same entry. If there are several of these, any pairs are right.
 *
 * Those that are left over are new or gone: compare.c and gone.c refuse them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "create-diff-object/passes.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/unit/variables.h"

struct entries {
	struct atom **atoms;
	size_t n;
};

bool is_trace_string(const struct atom *atom)
{
	return atom->kind == ATOM_DATA && !strcmp(atom->section->elf->name, "__tracepoint_str");
}

static bool is_numbered_entry(const struct atom *atom)
{
	return atom->kind == ATOM_DATA && atom_section_kind(atom) == SECTION_REGISTRATION &&
	       atom->symbol && symbol_is_static_local(atom->symbol) && !atom->twin &&
	       !atom->macro_made;
}

static bool is_known_by_content(struct unit *unit, const struct atom *atom)
{
	return is_trace_string(atom) || !first_user(unit, atom);
}

static int list_entries(struct unit *unit, struct entries *entries)
{
	struct unit_section *s;
	struct atom *atom;
	size_t n = 0;

	unit_for_each_section(unit, s)
		section_for_each_atom(s, atom)
			n += is_numbered_entry(atom);
	entries->n = 0;
	entries->atoms = calloc(n + 1, sizeof(*entries->atoms));
	if (!entries->atoms)
		return -ENOMEM;
	unit_for_each_section(unit, s)
		section_for_each_atom(s, atom)
			if (is_numbered_entry(atom) && is_known_by_content(unit, atom))
				entries->atoms[entries->n++] = atom;
	return 0;
}

static bool is_same_entry(const struct unit *original, const struct atom *a,
			  const struct unit *patched, const struct atom *b)
{
	return !a->twin && !b->twin && !name_compare(a->symbol->name, b->symbol->name) &&
	       !strcmp(a->section->elf->name, b->section->elf->name) &&
	       same_data(original, a, patched, b);
}

static bool same_function_declares(const struct atom *a, const struct atom *b)
{
	return a->declared && b->declared && a->declared->function && b->declared->function &&
	       !strcmp(a->declared->function, b->declared->function);
}

static bool any_function_declares(const struct atom *a, const struct atom *b)
{
	(void)a;
	(void)b;
	return true;
}

static void pair_entries(const struct unit *original, const struct entries *a,
			 const struct unit *patched, const struct entries *b,
			 bool (*fit)(const struct atom *a, const struct atom *b))
{
	for (size_t i = 0; i < a->n; i++)
		for (size_t k = 0; k < b->n && !a->atoms[i]->twin; k++) {
			if (!is_same_entry(original, a->atoms[i], patched, b->atoms[k]) ||
			    !fit(a->atoms[i], b->atoms[k]))
				continue;
			a->atoms[i]->twin = b->atoms[k];
			b->atoms[k]->twin = a->atoms[i];
		}
}

int correlate_registered(struct unit *original, struct unit *patched, struct diag *diag)
{
	struct entries a = { 0 }, b = { 0 };
	int err;

	err = list_entries(original, &a);
	err = err ?: list_entries(patched, &b);
	if (!err) {
		/* what is left over then is what the changed function has more or less */
		pair_entries(original, &a, patched, &b, same_function_declares);
		pair_entries(original, &a, patched, &b, any_function_declares);
	}
	free(a.atoms);
	free(b.atoms);
	return err ? diag_oom(diag) : 0;
}
