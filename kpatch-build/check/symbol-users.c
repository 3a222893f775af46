// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Some checks depend on all users of a function being compiled again. The
 * references to it are in the relocations of the shipped binary, also of
 * vmlinux if it has kept them (--emit-relocs); else see linked-users.h. Each of
 * these places has to be in a unit that was compiled again.
 */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <errno.h>
#include <gelf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/paths.h"
#include "kpatch-build/build.h"
#include "lib/elf-model.h"
#include "lib/files.h"
#include "lib/instructions.h"
#include "kpatch-build/check/linked-users.h"
#include "kpatch-build/check/symbol-users.h"
#include "kpatch-build/kernel/shipped.h"
#include "lib/text.h"

struct place {
	size_t section; /* in a module; in vmlinux addresses are enough */
	uint64_t offset;
	uint64_t meant; /* an address that a number there may mean; 0: there is a relocation */
	const char *user; /* the function or variable that contains it; NULL: none */
	GElf_Sym symbol; /* … and its symbol */
	const char *file; /* from the FILE symbol, if that is static; else NULL */
};

struct binary {
	Elf *elf;
	bool linked; /* vmlinux */
	Elf_Data *symbols;
	size_t strings;
	struct place *places;
	size_t n;
};

static int open_binary(struct binary *b, const char *path, struct diag *diag)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;
	GElf_Ehdr ehdr;
	int err = shipped_open(path, &b->elf, diag);

	if (err)
		return err;
	if (!gelf_getehdr(b->elf, &ehdr))
		return diag_error(diag, "KS910", NULL, "%s", path);
	b->linked = ehdr.e_type != ET_REL;
	while ((scn = elf_nextscn(b->elf, scn)))
		if (gelf_getshdr(scn, &shdr) && shdr.sh_type == SHT_SYMTAB) {
			b->symbols = elf_getdata(scn, NULL);
			b->strings = shdr.sh_link;
		}
	return b->symbols ? 0 : diag_error(diag, "KS910", NULL, "%s", path);
}

static void close_binary(struct binary *b)
{
	free(b->places);
	elf_end(b->elf);
}

static int add_place(struct binary *b, size_t section, uint64_t offset, uint64_t meant)
{
	struct place *places = realloc(b->places, (b->n + 1) * sizeof(*places));

	if (!places)
		return -ENOMEM;
	b->places = places;
	places[b->n++] = (struct place){ .section = section, .offset = offset, .meant = meant };
	return 0;
}

/* The index of the global symbol @name; 0: there is none. */
static size_t find_global(const struct binary *b, const char *name)
{
	GElf_Sym sym;

	for (size_t i = 1; gelf_getsym(b->symbols, i, &sym); i++) {
		const char *have = elf_strptr(b->elf, b->strings, sym.st_name);

		if (GELF_ST_BIND(sym.st_info) != STB_LOCAL && have && !strcmp(have, name))
			return i;
	}
	return 0;
}

/* Places where ftrace patches the function are not uses of it. */
static bool is_for_ftrace(const struct binary *b, uint64_t place)
{
	GElf_Sym start, stop;

	return gelf_getsym(b->symbols, find_global(b, "__start_mcount_loc"), &start) &&
	       gelf_getsym(b->symbols, find_global(b, "__stop_mcount_loc"), &stop) &&
	       place >= start.st_value && place < stop.st_value;
}

static int add_linked_place(void *arg, uint64_t place, uint64_t meant)
{
	struct binary *b = arg;

	return is_for_ftrace(b, place) ? 0 : add_place(b, 0, place, meant);
}

/* An export gives other modules access to the function; KS128, KS357 and KS392 are about those. */
static bool is_list_of_exports(const struct binary *b, const GElf_Shdr *section)
{
	GElf_Ehdr ehdr;
	const char *name = gelf_getehdr(b->elf, &ehdr)
				   ? elf_strptr(b->elf, ehdr.e_shstrndx, section->sh_name)
				   : NULL;

	return name && str_starts(name, "__ksymtab");
}

/* Find all references to symbol @number. *@any: the binary has the information. */
static int find_places(struct binary *b, size_t number, bool *any)
{
	Elf_Scn *scn = NULL, *target;
	GElf_Shdr shdr, to;
	GElf_Sym sym;
	int err = 0;

	*any = false;
	while (!err && (scn = elf_nextscn(b->elf, scn))) {
		Elf_Data *data;
		GElf_Rela rela;

		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_RELA ||
		    !(target = elf_getscn(b->elf, shdr.sh_info)) || !gelf_getshdr(target, &to) ||
		    !(to.sh_flags & SHF_ALLOC) || is_list_of_exports(b, &to) ||
		    !(data = elf_getdata(scn, NULL)))
			continue;
		*any |= to.sh_flags & SHF_EXECINSTR; /* other sections may have a few left */
		for (size_t i = 0; !err && gelf_getrela(data, i, &rela); i++)
			if (GELF_R_SYM(rela.r_info) == number)
				err = add_place(b, shdr.sh_info, rela.r_offset, 0);
	}
	if (err || *any || !b->linked || !number || !gelf_getsym(b->symbols, number, &sym))
		return err;
	*any = true;
	return linked_users(b->elf, sym.st_value,
			    GELF_ST_TYPE(sym.st_info) == STT_OBJECT ? sym.st_size : 1,
			    add_linked_place, b);
}

/* Find the functions that contain these call sites. */
static void name_places(struct binary *b)
{
	const char *file = NULL;
	GElf_Sym sym;

	for (size_t i = 1; gelf_getsym(b->symbols, i, &sym); i++) {
		int type = GELF_ST_TYPE(sym.st_info);
		const char *name = elf_strptr(b->elf, b->strings, sym.st_name);

		if (type == STT_FILE)
			file = name;
		if (type != STT_FUNC && type != STT_OBJECT)
			continue;
		for (size_t p = 0; p < b->n; p++) {
			struct place *place = &b->places[p];

			if ((!b->linked && sym.st_shndx != place->section) ||
			    place->offset < sym.st_value ||
			    place->offset - sym.st_value >= sym.st_size)
				continue;
			place->user = name;
			place->symbol = sym;
			place->file = GELF_ST_BIND(sym.st_info) == STB_LOCAL ? file : NULL;
		}
	}
}

/* In vmlinux without relocations: does a function contain this number with another meaning? */
static bool is_chance(const struct binary *b, const struct place *place)
{
	uint64_t start = place->symbol.st_value, size = place->symbol.st_size;
	Elf_Scn *scn = elf_getscn(b->elf, place->symbol.st_shndx);
	GElf_Ehdr ehdr;
	GElf_Shdr shdr;
	Elf_Data *data;

	if (!place->meant || !place->user || GELF_ST_TYPE(place->symbol.st_info) != STT_FUNC ||
	    !gelf_getehdr(b->elf, &ehdr) || !scn || !gelf_getshdr(scn, &shdr) ||
	    !(data = elf_rawdata(scn, NULL)) || !data->d_buf || start < shdr.sh_addr ||
	    size > data->d_size || start - shdr.sh_addr > data->d_size - size)
		return false;
	return !instructions_may_mean(ehdr.e_machine,
				      (unsigned char *)data->d_buf + (start - shdr.sh_addr), size,
				      start, place->offset, place->meant);
}

static void drop_chances(struct binary *b)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->n; i++)
		if (!is_chance(b, &b->places[i]))
			b->places[kept++] = b->places[i];
	b->n = kept;
}

static int defines(const struct unit *unit, const struct place *place, bool *found,
		   struct diag *diag)
{
	struct elf_model *original;
	const struct elf_symbol *s;
	int err;

	err = elf_model_load(unit->original, &original, diag);
	if (err)
		return err;
	elf_for_each_symbol(original, s)
		if (s->section && (s->bind == STB_LOCAL) == !!place->file &&
		    !strcmp(s->name, place->user))
			*found = true;
	elf_model_free(original);
	return 0;
}

/* Was the user of @place compiled again, and so with the new parameters? */
static int is_compiled(const struct reached *reached, const char *object, const struct place *place,
		       bool *found, struct diag *diag)
{
	int err = 0;

	*found = false;
	for (size_t i = 0; i < reached->n_units && place->user && !*found && !err; i++) {
		const struct unit *unit = &reached->units[i];

		if (!strcmp(unit->object, object) &&
		    (!place->file || !strcmp(place->file, base_name(unit->source))))
			err = defines(unit, place, found, diag);
	}
	return err;
}

/* The source line of the call; only vmlinux has final addresses. Caller frees; NULL: not known. */
static char *source_of(const struct binary *b, const struct place *place)
{
	Dwarf *dwarf = b->linked ? dwarf_begin_elf(b->elf, DWARF_C_READ, NULL) : NULL;
	Dwarf_Line *line;
	char *text = NULL;
	Dwarf_Die unit;
	int number;

	if (dwarf && dwarf_addrdie(dwarf, place->offset, &unit) &&
	    (line = dwarf_getsrc_die(&unit, place->offset)) && !dwarf_lineno(line, &number))
		text = format("%s:%d", dwarf_linesrc(line, NULL, NULL) ?: "?", number);
	dwarf_end(dwarf);
	return text;
}

static char *user_text(const struct binary *b, const struct object *object,
		       const struct place *place)
{
	char *source = source_of(b, place);
	char *text = format("used by %s (%s), which isn't compiled again",
			    place->user ?: "something without a name",
			    source ?: place->file ?: object->name);

	free(source);
	return text;
}

int find_uncompiled_user(const struct reached *reached, const struct object *object,
			 const char *name, char **text, struct diag *diag)
{
	struct binary b = { 0 };
	bool any = false, compiled;
	size_t number = 0;
	int err;

	*text = NULL;
	err = open_binary(&b, object->symbols, diag);
	if (!err)
		number = find_global(&b, name);
	if (!err && find_places(&b, number, &any))
		err = diag_oom(diag);
	if (!err && (!number || !any) &&
	    !(*text = format("the users of the symbols of %s are unknown", object->name)))
		err = diag_oom(diag);
	if (!err) {
		name_places(&b);
		drop_chances(&b);
	}
	for (size_t i = 0; !err && !*text && number && i < b.n; i++) {
		err = is_compiled(reached, object->name, &b.places[i], &compiled, diag);
		if (!err && !compiled && !(*text = user_text(&b, object, &b.places[i])))
			err = diag_oom(diag);
	}
	close_binary(&b);
	return err;
}
