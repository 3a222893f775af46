// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Implements the index of places.h: functions and variables of all scopes, by
 * name.
 */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <stdlib.h>
#include <string.h>

#include "lib/line-map.h"
#include "create-diff-object/unit/names.h"
#include "create-diff-object/unit/places.h"
#include "create-diff-object/unit/variables.h"
#include "lib/text.h"

struct place {
	char *name;
	const char *file;
	int line;
};

struct places {
	struct place *entries;
	size_t n, capacity;
	char *root; /* of the source tree, with a '/' at the end */
	Dwfl *dwfl;
	Dwfl_Module *module;
};

static const Dwfl_Callbacks callbacks = {
	.section_address = dwfl_offline_section_address,
	.find_debuginfo = dwfl_standard_find_debuginfo,
};

void places_free(struct places *places)
{
	size_t i;

	if (!places)
		return;
	for (i = 0; i < places->n; i++)
		free(places->entries[i].name);
	free(places->entries);
	free(places->root);
	if (places->dwfl)
		dwfl_end(places->dwfl);
	free(places);
}

static void add_place(struct places *places, Dwarf_Die *die)
{
	const char *name = dwarf_diename(die);
	struct place place = { 0 };

	if (!name || dwarf_hasattr(die, DW_AT_declaration) || dwarf_decl_line(die, &place.line))
		return;
	place.file = dwarf_decl_file(die);
	if (place.file && !text_is_printable(place.file))
		return;
	if (places->n == places->capacity) {
		size_t more = places->capacity ? 2 * places->capacity : 256;
		struct place *entries = realloc(places->entries, more * sizeof(*entries));

		if (!entries)
			return; /* a message without its line is better than no message */
		places->entries = entries;
		places->capacity = more;
	}
	place.name = strdup(name);
	if (place.file && place.name)
		places->entries[places->n++] = place;
	else
		free(place.name);
}

/* Static locals are in the scopes of functions. No source nests deeper than this. */
static void add_children(struct places *places, Dwarf_Die *parent, unsigned int depth)
{
	Dwarf_Die die;

	if (depth > 64 || dwarf_child(parent, &die))
		return;
	do {
		switch (dwarf_tag(&die)) {
		case DW_TAG_variable:
			/* automatic variables have no place in the object */
			if (depth == 0 || dwarf_hasattr(&die, DW_AT_const_value) ||
			    dwarf_hasattr(&die, DW_AT_location))
				add_place(places, &die);
			break;
		case DW_TAG_subprogram:
			add_place(places, &die);
			add_children(places, &die, depth + 1);
			break;
		case DW_TAG_lexical_block:
			add_children(places, &die, depth + 1);
			break;
		}
	} while (!dwarf_siblingof(&die, &die));
}

/*
 * File names are absolute, in a tree whose root is not given. But every unit of the kernel includes
 * files below <root>/include/linux.
 */
static void find_root(struct places *places, Dwarf_Die *cu)
{
	static const char below[] = "/include/linux/";
	Dwarf_Files *files;
	size_t n, i;

	if (places->root || dwarf_getsrcfiles(cu, &files, &n))
		return;
	for (i = 0; i < n; i++) {
		const char *file = dwarf_filesrc(files, i, NULL, NULL);
		const char *at = file ? strstr(file, below) : NULL;

		if (at && file[0] == '/') {
			places->root = strndup(file, at - file + 1);
			return;
		}
	}
}

static int by_name(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int order = name_compare(x->name, y->name);

	return order ?: (x->line > y->line) - (x->line < y->line);
}

static void read_dwarf(struct places *places, const char *path)
{
	Dwfl_Module *module;
	Dwarf_Die *cu = NULL;
	Dwarf_Addr bias;

	places->dwfl = dwfl_begin(&callbacks);
	if (!places->dwfl)
		return;
	module = dwfl_report_offline(places->dwfl, "", path, -1);
	dwfl_report_end(places->dwfl, NULL, NULL);
	places->module = module;
	if (!module || !dwfl_module_getdwarf(module, &bias))
		return;
	while ((cu = dwfl_module_nextcu(module, cu, &bias))) {
		find_root(places, cu);
		add_children(places, cu, 0);
	}
	if (places->n)
		qsort(places->entries, places->n, sizeof(*places->entries), by_name);
}

static struct places *places_of(struct unit *unit)
{
	if (!unit->places)
		unit->places = calloc(1, sizeof(*unit->places));
	if (unit->places && !unit->places->dwfl)
		read_dwarf(unit->places, unit->elf->path);
	return unit->places;
}

void places_set_root(struct unit *unit, const char *root)
{
	if (!root)
		return;
	if (!unit->places)
		unit->places = calloc(1, sizeof(*unit->places));
	if (!unit->places)
		return;
	unit->places->root = malloc(strlen(root) + 2);
	if (unit->places->root) {
		strcpy(unit->places->root, root);
		if (root[0] && root[strlen(root) - 1] != '/')
			strcat(unit->places->root, "/");
	}
}

static const char *below_root(const struct places *places, const char *file)
{
	size_t length = places->root ? strlen(places->root) : 0;

	return length && !strncmp(file, places->root, length) ? file + length : file;
}

/* "foo" for "foo.isra.0.cold": its name in the source. */
static char *source_name(const char *name)
{
	size_t length = strcspn(name, ".");

	return strndup(name, length ? length : strlen(name));
}

/*
 * FILE symbols have no path. The debug information has the path that the compiler was called with.
 */
static const char *file_of_unit(struct unit *unit)
{
	Dwarf_Die *cu = next_cu(unit, NULL);
	const char *name = cu ? dwarf_diename(cu) : NULL, *slash = name ? strrchr(name, '/') : NULL;

	if (slash && text_is_printable(name) && !strcmp(slash + 1, unit->source))
		return below_root(unit->places, name);
	return unit->source[0] ? unit->source : NULL;
}

struct diag_place atom_place(struct unit *unit, const struct atom *atom)
{
	struct diag_place found = { .file = file_of_unit(unit) };
	struct places *places;
	struct place key = { 0 };
	size_t low = 0, high;

	if (!atom->symbol)
		return found;
	if (atom_is_code(atom))
		found.function = atom->symbol->name;
	if (atom->declared) {
		struct diag_place declared = die_place(unit, (Dwarf_Die *)&atom->declared->die);

		if (declared.file) {
			found.file = declared.file;
			found.line = declared.line;
			return found;
		}
	}
	places = places_of(unit);
	key.name = places ? source_name(atom->symbol->name) : NULL;
	if (!key.name)
		return found;
	high = places->n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (name_compare(places->entries[middle].name, key.name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < places->n && !name_compare(places->entries[low].name, key.name)) {
		found.file = below_root(places, places->entries[low].file);
		found.line = line_map_line(unit->lines, found.file, places->entries[low].line);
	}
	free(key.name);
	return found;
}

/* libdwfl lays out the sections of a relocatable file in an address space of its own. */
static bool address_of(const struct places *places, const struct atom *atom, uint64_t offset,
		       Dwarf_Addr *address)
{
	GElf_Addr bias;
	GElf_Shdr shdr;
	Elf *elf = places->module ? dwfl_module_getelf(places->module, &bias) : NULL;
	Elf_Scn *scn = elf ? elf_getscn(elf, atom->section->elf->index) : NULL;

	if (!scn || !gelf_getshdr(scn, &shdr))
		return false;
	*address = shdr.sh_addr + bias + atom->offset + offset;
	return true;
}

Dwarf_Die *next_cu(struct unit *unit, Dwarf_Die *cu)
{
	struct places *places = places_of(unit);
	Dwarf_Addr bias;

	return places && places->module ? dwfl_module_nextcu(places->module, cu, &bias) : NULL;
}

bool atom_address(struct unit *unit, const struct atom *atom, uint64_t offset, Dwarf_Addr *address)
{
	struct places *places = places_of(unit);
	Dwarf_Addr with_bias, bias;

	if (!places || !address_of(places, atom, offset, &with_bias) ||
	    !dwfl_module_getdwarf(places->module, &bias))
		return false;
	*address = with_bias - bias;
	return true;
}

bool function_die(struct unit *unit, const char *name, Dwarf_Die *die)
{
	struct places *places = places_of(unit);
	Dwarf_Die *cu = NULL;
	Dwarf_Addr bias;

	while (places && places->module && (cu = dwfl_module_nextcu(places->module, cu, &bias))) {
		if (dwarf_child(cu, die))
			continue;
		do {
			if (dwarf_tag(die) == DW_TAG_subprogram && dwarf_diename(die) &&
			    !strcmp(dwarf_diename(die), name) &&
			    !dwarf_hasattr(die, DW_AT_declaration))
				return true;
		} while (!dwarf_siblingof(die, die));
	}
	return false;
}

void for_each_function_die(struct unit *unit, void (*found)(Dwarf_Die *die, void *arg), void *arg)
{
	struct places *places = places_of(unit);
	Dwarf_Die *cu = NULL, die;
	Dwarf_Addr bias;

	while (places && places->module && (cu = dwfl_module_nextcu(places->module, cu, &bias))) {
		if (dwarf_child(cu, &die))
			continue;
		do {
			if (dwarf_tag(&die) == DW_TAG_subprogram &&
			    (dwarf_hasattr(&die, DW_AT_low_pc) ||
			     dwarf_hasattr(&die, DW_AT_ranges)))
				found(&die, arg);
		} while (!dwarf_siblingof(&die, &die));
	}
}

struct diag_place die_place(struct unit *unit, Dwarf_Die *die)
{
	const char *file = dwarf_decl_file(die);
	struct diag_place place = { 0 };
	int line;

	if (file && text_is_printable(file) && !dwarf_decl_line(die, &line)) {
		place.file = below_root(unit->places, file);
		place.line = line_map_line(unit->lines, place.file, line);
	}
	return place;
}

bool atom_has_die(struct unit *unit, const struct atom *atom, Dwarf_Die *die)
{
	struct places *places = places_of(unit);
	Dwarf_Addr address, bias;

	if (!places || !address_of(places, atom, 0, &address) ||
	    !dwfl_module_getdwarf(places->module, &bias))
		return false;
	return dwarf_haspc(die, address - bias) > 0;
}

/* DWARF 5, section 3.4.1, and the extension of GCC before it. */
static bool returns_to(Dwarf_Die *die, Dwarf_Addr address)
{
	unsigned int name = dwarf_tag(die) == DW_TAG_call_site	     ? DW_AT_call_return_pc
			    : dwarf_tag(die) == DW_TAG_GNU_call_site ? DW_AT_low_pc
								     : 0;
	Dwarf_Attribute attribute;
	Dwarf_Addr return_address;

	return name && dwarf_attr(die, name, &attribute) &&
	       !dwarf_formaddr(&attribute, &return_address) && return_address == address;
}

static bool has_call_before(Dwarf_Die *parent, Dwarf_Addr address, unsigned int depth)
{
	Dwarf_Die die;

	if (depth > 64 || dwarf_child(parent, &die))
		return false;
	do {
		if (returns_to(&die, address) || has_call_before(&die, address, depth + 1))
			return true;
	} while (!dwarf_siblingof(&die, &die));
	return false;
}

bool source_calls_before(struct unit *unit, const struct atom *atom, uint64_t offset)
{
	struct places *places = places_of(unit);
	Dwarf_Addr address, bias;
	Dwarf_Die *cu = NULL, die;

	if (!places || !address_of(places, atom, offset, &address))
		return false;
	while ((cu = dwfl_module_nextcu(places->module, cu, &bias))) {
		if (dwarf_child(cu, &die))
			continue;
		do {
			if (dwarf_tag(&die) == DW_TAG_subprogram &&
			    dwarf_haspc(&die, address - bias - 1) > 0 &&
			    has_call_before(&die, address - bias, 0))
				return true;
		} while (!dwarf_siblingof(&die, &die));
	}
	return false;
}
