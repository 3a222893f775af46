// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * WARN_ONCE(), pr_debug(), mutex_init() and the like declare a static variable
 * of their own in the middle of a function. It belongs to that one place in the
 * code and means nothing to other code, so new code brings its own.
 *
 * The name alone proves nothing: an author may call a secret `__key`, and a
 * limit that two places share `_rs`. Each row says what else shows that a macro
 * made it.
 */
#include <dwarf.h>
#include <fnmatch.h>
#include <string.h>

#include "lib/array.h"
#include "lib/arch.h"
#include "create-diff-object/unit/arch.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"
#include "create-diff-object/unit/variables.h"

static const struct {
	const char *name;
	const char *reason;
	const char *sections[3]; /* it is in one of these; none listed: in any section */
	const char *type; /* NULL: any type */
	bool constant;
	/* it is declared where it is used: in the source, a macro call is one place */
	bool one_place;
	bool prints; /* its block prints a message */
} macro_made[] = {
	{ "CSWTCH", "the compiler's table for a switch", .constant = true },
	{ "__func__", "the function's name", .constant = true },
	{ "__FUNCTION__", "the function's name", .constant = true },
	{ "__PRETTY_FUNCTION__", "the function's name", .constant = true },
	{ "__key", "names a class of locks by its address; new code may have a class of its own",
	  .type = "struct lock_class_key" },
	/* include/linux/once_lite.h, asm-generic/bug.h; with two dots since 6.13 */
	{ "__warned", "a WARN_ONCE has fired: it may fire once more in new code",
	  .sections = { ".data.once", ".data..once", ".data.unlikely" }, .prints = true },
	{ "__already_done", "a message was printed once: it may be once more by new code",
	  .sections = { ".data.once", ".data..once" }, .prints = true },
	{ "__print_once", "a message was printed once: it may be once more by new code",
	  .sections = { ".data.once", ".data..once" }, .prints = true },
	{ "_rs", "rate limit of one message: new code starts with its own count",
	  .type = "struct ratelimit_state", .one_place = true },
	{ "_entry", "index of messages, before 5.15 also printed", .constant = true },
	{ "_entry_ptr", "index of messages", .sections = { ".printk_index" } },
	{ "descriptor", "a pr_debug(), registered with the module that has it",
	  .sections = { "__dyndbg", "__verbose" } },
	{ "__UNIQUE_ID_ddebug", "a pr_debug(), registered with the module that has it",
	  .sections = { "__dyndbg", "__verbose" } },
	{ "__UNIQUE_ID_ddebug_class", "classes of pr_debug()",
	  .sections = { "__dyndbg", "__dyndbg_classes" } },
};

static bool is_in_one_of(const char *const sections[3], const struct atom *atom)
{
	size_t i;

	for (i = 0; i < 3 && sections[i]; i++)
		if (!strcmp(sections[i], atom->section->elf->name))
			return true;
	return !sections[0];
}

static bool is_from_line(struct unit *unit, const struct atom *code, const struct reloc *reloc,
			 int line)
{
	int its;

	return source_line(unit, code, reloc->offset - code->offset, &its) && its == line;
}

/* Does all code that refers to @atom come from the line that declares it? */
static bool is_used_where_declared(struct unit *unit, const struct atom *atom)
{
	struct unit_section *s;
	const struct reloc *reloc;
	const struct atom *code;
	int declared;

	if (!atom->declared ||
	    dwarf_decl_line(&((struct variable *)atom->declared)->die, &declared))
		return false;
	unit_for_each_section(unit, s) {
		section_for_each_atom(s, code) {
			if (s->rule->kind == SECTION_BUILD)
				break;
			atom_for_each_reloc(code, reloc) {
				if (reloc->to != atom)
					continue;
				if (!atom_is_code(code) ||
				    !is_from_line(unit, code, reloc, declared))
					return false;
			}
		}
	}
	return true;
}

/* Functions that print, among them messages of some subsystems; patterns for fnmatch(). */
static const char *const printing[] = {
	"*printk*",    "_dev_*", "netdev_*", "*_warn",	 "*_err",  "*_warning",
	"*_error",     "*_msg",	 "*_info",   "*_notice", "dump_*", "lockdep_rcu_suspicious",
	"__dump_page",
};

static bool is_printing(const struct reloc *reloc)
{
	const char *name = reloc->to ? atom_name(reloc->to) : reloc->symbol->name;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(printing); i++)
		if (!fnmatch(printing[i], name, 0))
			return true;
	return false;
}

/* Does the call tell anything? Calls that only the compiler makes don't. */
static bool name_tells(const struct unit *unit, const struct reloc *reloc)
{
	const char *name = reloc->to ? atom_name(reloc->to) : reloc->symbol->name;

	return !arch_is_compilers_name(unit->elf->machine, name) &&
	       (!reloc->to || reloc->to->kind == ATOM_FUNCTION);
}

/*
 * Does the macro call that declares @atom print? Everything that prints only once uses
 * DO_ONCE_LITE(), which could call any function. Conditions may call others. If there is no call,
 * the message is inlined.
 */
static bool prints(struct unit *unit, const struct atom *atom)
{
	struct unit_section *s;
	const struct reloc *reloc;
	const struct atom *code;
	bool calls = false;
	int line;

	if (!atom->declared)
		return !unit_has_variables(unit);
	if (dwarf_decl_line(&((struct variable *)atom->declared)->die, &line))
		return false;
	unit_for_each_section(unit, s) {
		section_for_each_atom(s, code) {
			if (!atom_is_code(code))
				continue;
			atom_for_each_reloc(code, reloc) {
				if (!reloc_is_call(unit, code, reloc) || !name_tells(unit, reloc) ||
				    !is_from_line(unit, code, reloc, line))
					continue;
				if (is_printing(reloc))
					return true;
				calls = true;
			}
		}
	}
	return !calls;
}

static bool is_macro_made(struct unit *unit, const struct atom *atom)
{
	const char *name = atom->symbol->name;
	size_t i;

	/* a constant that the compiler made from an initialiser, or from a switch */
	if (!atom_is_writable(atom) && !atom->declared && unit_has_variables(unit))
		return true;
	for (i = 0; i < ARRAY_SIZE(macro_made); i++) {
		if (name_compare(name, macro_made[i].name))
			continue;
		if (!is_in_one_of(macro_made[i].sections, atom) ||
		    (macro_made[i].constant && atom_is_writable(atom)))
			return false;
		/* an empty structure holds nothing: lock_class_key without lockdep */
		if (macro_made[i].type && atom->size &&
		    (!atom->declared || !atom->declared->type ||
		     strcmp(atom->declared->type, macro_made[i].type)))
			return false;
		return (!macro_made[i].one_place || is_used_where_declared(unit, atom)) &&
		       (!macro_made[i].prints || prints(unit, atom));
	}
	return false;
}

void find_macro_made(struct unit *unit)
{
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(unit, s)
		section_for_each_atom(s, atom)
			/*
			 * The number proves that it is a static local, not a global that an author
			 * named so.
			 */
			if (atom->kind == ATOM_DATA && atom->symbol &&
			    symbol_is_static_local(atom->symbol))
				atom->macro_made = is_macro_made(unit, atom);
}
