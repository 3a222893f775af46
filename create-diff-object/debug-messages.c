// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An administrator has switched on messages of a module, "module nfs +p" in dynamic debug's control.
 * Each pr_debug() is a descriptor with a flag, and a replaced function has new ones, which the module
 * loader adds for the livepatch's module (kernel/module/main.c, load_module(): ddebug_add_module()).
 * They start switched off, and the name that they are found by is the livepatch's: messages that were
 * wanted stop, and nothing says why. File, function and line find them as before.
 */
#include <string.h>

#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"

/* struct _ddebug: modname, function, filename, format, then the line's number in 18 bits. */
#define FORMAT_AT 24
#define LINE_AT 32
#define LINE_MASK 0x3ffff

/* A function of a file system or driver can have dozens; these are enough to recognise it by. */
#define MESSAGES_NAMED 4

static bool is_descriptor(const struct atom *atom)
{
	return atom && !strcmp(atom->section->elf->name, "__dyndbg") && atom_data(atom) &&
	       atom->size >= LINE_AT + sizeof(uint32_t);
}

/* The text of its message, up to the end of the line: *@length bytes. */
static const char *format_of(const struct atom *descriptor, int *length)
{
	const struct reloc *reloc;

	atom_for_each_reloc(descriptor, reloc)
		if (reloc->offset - descriptor->offset == FORMAT_AT && reloc->to &&
		    reloc->to->kind == ATOM_STRING && reloc->at >= 0 &&
		    (uint64_t)reloc->at < reloc->to->size) {
			const char *text = (const char *)atom_data(reloc->to) + reloc->at;
			size_t size = reloc->to->size - reloc->at, n = 0;

			while (n < size && text[n] && text[n] != '\n')
				n++;
			*length = (int)n;
			return text;
		}
	*length = 0;
	return "";
}

/* @before messages of the function were found before this one. */
static void tell_message(const struct atom *descriptor, int before, struct diag *diag)
{
	int length;
	const char *text = format_of(descriptor, &length);
	uint32_t line;

	if (before >= MESSAGES_NAMED)
		return;
	memcpy(&line, atom_data(descriptor) + LINE_AT, sizeof(line));
	diag_detail(diag, "line %u: \"%.*s\"", line & LINE_MASK, length, text);
}

/*
 * Call @found, if there is one, for each descriptor that the code of @function uses, once.
 * Return how many there are.
 */
static int for_each_message(const struct unit *unit, const struct atom *function,
			    void (*found)(const struct atom *descriptor, int before,
					  struct diag *diag),
			    struct diag *diag)
{
	struct unit_section *s;
	struct atom *descriptor;
	const struct atom *part;
	const struct reloc *reloc;
	bool used;
	int count = 0;

	unit_for_each_section(unit, s) {
		section_for_each_atom(s, descriptor) {
			if (!is_descriptor(descriptor))
				break;
			used = false;
			for (part = function; part; part = part->next_child)
				atom_for_each_reloc(part, reloc)
					used = used || reloc->to == descriptor;
			if (used && found)
				found(descriptor, count, diag);
			count += used;
		}
	}
	return count;
}

void warn_of_debug_messages(struct unit *original, struct unit *patched, struct diag *diag)
{
	struct unit_section *s;
	struct atom *atom;

	unit_for_each_section(patched, s) {
		section_for_each_atom(s, atom) {
			struct diag_place place;
			int count;

			if (!atom_is_redirected(atom) || atom->refused ||
			    !for_each_message(original, atom->twin, NULL, diag))
				continue;
			place = atom_place(patched, atom);
			diag_warning(diag, "KS168", &place, "'%s'", atom_name(atom));
			count = for_each_message(original, atom->twin, tell_message, diag);
			if (count > MESSAGES_NAMED)
				diag_detail(diag, "and %d more", count - MESSAGES_NAMED);
		}
	}
}
