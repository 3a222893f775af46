// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An administrator has enabled messages of a module, with "module nfs +p" in
 * the control file of dynamic debug. Each pr_debug() has a descriptor with a
 * flag. A replaced function has new descriptors, which the module loader
 * registers under the name of the livepatch's module (kernel/module/main.c,
 * load_module(): ddebug_add_module()). They start disabled: messages that were
 * enabled stop, and nothing says why. Queries by file, function and line find
 * them as before.
 */
#include <string.h>

#include "create-diff-object/passes.h"
#include "create-diff-object/unit/places.h"

/* struct _ddebug: modname, function, filename, format, then the line number in 18 bits. */
#define FORMAT_AT 24
#define LINE_AT 32
#define LINE_MASK 0x3ffff

/* A function of a file system or driver can have dozens; these are enough to recognise it. */
#define MESSAGES_NAMED 4

static bool is_descriptor(const struct atom *atom)
{
	return atom && !strcmp(atom->section->elf->name, "__dyndbg") && atom_data(atom) &&
	       atom->size >= LINE_AT + sizeof(uint32_t);
}

/* The text of its message up to the end of the line: *@length bytes. */
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

/* @before: the number of messages of the function found before this one. */
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
 * Call @found, unless NULL, once for each descriptor that the code of @function uses. Return how
 * many there are.
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
