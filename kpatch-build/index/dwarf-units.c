// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A thousand modules have more than a gigabyte of debug information, of which
 * we need a few thousand names. In a module, which is relocatable, even the
 * offset of a name is a relocation. Letting libdwfl relocate everything takes
 * minutes.
 *
 * So only the relocations of the first bytes of each compile unit (its header
 * and first entry, which has the name) are applied, to a private mapping of the
 * file. libdw then reads the names as in any linked file, and never looks at
 * the rest. For the tables of files the line section is relocated too: it is
 * small.
 */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "lib/elf-file.h"
#include "lib/arch.h"
#include "kpatch-build/index/dwarf-units.h"

/* Header and first entry of a unit are about 60 bytes; more does no harm. */
#define UNIT_HEAD 256

/* A section of debug information, and its relocations. */
struct section {
	const char *name;
	size_t index;
	Elf_Data *data;
	Elf_Data *relas;
	size_t n_relas;
};

struct sections {
	struct section info, line;
	Elf_Data *symbols;
};

static int take_section(struct section *section, Elf_Scn *scn, const GElf_Shdr *shdr)
{
	if (shdr->sh_flags & SHF_COMPRESSED)
		return -ENOTSUP;
	section->index = elf_ndxscn(scn);
	section->data = elf_rawdata(scn, NULL);
	return 0;
}

static bool take_relas(struct section *section, Elf_Scn *scn, const GElf_Shdr *shdr)
{
	if (!section->index || shdr->sh_info != section->index)
		return false;
	section->relas = elf_getdata(scn, NULL);
	section->n_relas = section->relas ? section->relas->d_size / sizeof(Elf64_Rela) : 0;
	return true;
}

static int find_sections(Elf *elf, struct sections *s)
{
	size_t strings;
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;
	int err = 0;

	if (elf_getshdrstrndx(elf, &strings))
		return -EINVAL;
	while (!err && (scn = elf_nextscn(elf, scn))) {
		const char *name;

		if (!gelf_getshdr(scn, &shdr))
			return -EINVAL;
		name = elf_strptr(elf, strings, shdr.sh_name);
		if (!name)
			return -EINVAL;
		if (shdr.sh_type == SHT_SYMTAB) {
			s->symbols = elf_getdata(scn, NULL);
		} else if (!strcmp(name, ".debug_info")) {
			err = take_section(&s->info, scn, &shdr);
		} else if (!strcmp(name, ".debug_line")) {
			err = take_section(&s->line, scn, &shdr);
		} else if (shdr.sh_type == SHT_RELA && !take_relas(&s->info, scn, &shdr)) {
			take_relas(&s->line, scn, &shdr);
		}
	}
	return err ?: s->info.data && s->info.data->d_buf ? 0 : -ENOENT;
}

/* The first rela at or after @offset; the assembler and ld -r write them in order. */
static size_t first_rela(const struct section *s, uint64_t offset)
{
	size_t low = 0, high = s->n_relas;
	GElf_Rela rela;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (gelf_getrela(s->relas, mid, &rela) && rela.r_offset < offset)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Apply the relocations from @from to @to of @section. */
static int relocate(const struct section *s, Elf_Data *symbols, GElf_Half machine, uint64_t from,
		    uint64_t to)
{
	unsigned char *bytes = s->data->d_buf;
	const struct arch *arch = arch_find(machine);
	GElf_Rela rela;
	GElf_Sym sym;

	if (!arch)
		return -ENOTSUP;
	for (size_t i = first_rela(s, from); i < s->n_relas; i++) {
		uint64_t value;

		if (!gelf_getrela(s->relas, i, &rela) || rela.r_offset >= to)
			break;
		if (!gelf_getsym(symbols, GELF_R_SYM(rela.r_info), &sym))
			return -EINVAL;
		value = sym.st_value + rela.r_addend;
		if (GELF_R_TYPE(rela.r_info) == arch->debug32 &&
		    rela.r_offset + 4 <= s->data->d_size)
			memcpy(bytes + rela.r_offset, &value, 4);
		else if (GELF_R_TYPE(rela.r_info) == arch->debug64 &&
			 rela.r_offset + 8 <= s->data->d_size)
			memcpy(bytes + rela.r_offset, &value, 8);
		else
			return -EINVAL;
	}
	return 0;
}

/* Walk from unit to unit by their lengths, which are not relocations. */
static int relocate_heads(const struct sections *s, GElf_Half machine)
{
	const Elf_Data *info = s->info.data;
	uint64_t at = 0;
	int err = 0;

	while (!err && s->info.relas && at + 12 <= info->d_size) {
		uint32_t length32;
		uint64_t length, head = 4;

		memcpy(&length32, (char *)info->d_buf + at, 4);
		length = length32;
		if (length32 == 0xffffffff) {
			memcpy(&length, (char *)info->d_buf + at + 4, 8);
			head = 12;
		}
		if (!length || length > info->d_size - at - head)
			return -EINVAL;
		err = relocate(&s->info, s->symbols, machine, at,
			       at + head + (length < UNIT_HEAD ? length : UNIT_HEAD));
		at += head + length;
	}
	return err;
}

static int relocate_module(Elf *elf, bool lines)
{
	struct sections s = { 0 };
	GElf_Ehdr ehdr;
	int err;

	if (!gelf_getehdr(elf, &ehdr))
		return -EINVAL;
	if (ehdr.e_type != ET_REL)
		return 0;
	err = find_sections(elf, &s);
	err = err ?: relocate_heads(&s, ehdr.e_machine);
	if (!err && lines && s.line.data && s.line.relas)
		err = relocate(&s.line, s.symbols, ehdr.e_machine, 0, s.line.data->d_size);
	return err;
}

/* What the caller asks for: names of units, or of the files that each unit lists. */
struct visitor {
	int (*unit)(const char *name, void *arg);
	int (*producer)(const char *name, const char *producer, void *arg);
	int (*file)(const char *unit, const char *file, void *arg);
	void *arg;
};

static int each_file(Dwarf_Die *die, const char *unit, const struct visitor *visitor)
{
	Dwarf_Files *files;
	size_t n;
	int err = 0;

	if (dwarf_getsrcfiles(die, &files, &n))
		return -EINVAL;
	for (size_t i = 0; i < n && !err; i++) {
		const char *name = dwarf_filesrc(files, i, NULL, NULL);

		if (name)
			err = visitor->file(unit, name, visitor->arg);
	}
	return err;
}

static const char *producer_of(Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	const char *producer = NULL;

	if (dwarf_attr(die, DW_AT_producer, &attribute))
		producer = dwarf_formstring(&attribute);
	return producer ?: "";
}

static int each_unit(Dwarf *dwarf, const struct visitor *visitor)
{
	Dwarf_CU *cu = NULL;
	Dwarf_Half version;
	uint8_t type;
	Dwarf_Die die;
	int err = 0, more;

	while (!err && (more = dwarf_get_units(dwarf, cu, &cu, &version, &type, &die, NULL)) == 0) {
		Dwarf_Attribute attribute;
		const char *name;

		if (type != DW_UT_compile || !dwarf_attr(&die, DW_AT_name, &attribute))
			continue;
		name = dwarf_formstring(&attribute);
		if (!name)
			return -EINVAL;
		if (visitor->unit)
			err = visitor->unit(name, visitor->arg);
		else if (visitor->producer)
			err = visitor->producer(name, producer_of(&die), visitor->arg);
		else
			err = each_file(&die, name, visitor);
	}
	return err ?: more < 0 ? -EINVAL : 0;
}

static int visit(const char *path, const struct visitor *visitor, struct diag *diag)
{
	Dwarf *dwarf;
	Elf *elf;
	int err = elf_file_open_private(path, &elf);

	if (err)
		return err == -ENOEXEC ? diag_error(diag, "KS311", NULL, "%s", path)
				       : diag_errno(diag, -err, path, "open");
	err = relocate_module(elf, visitor->file);
	dwarf = err ? NULL : dwarf_begin_elf(elf, DWARF_C_READ, NULL);
	if (!err)
		err = dwarf ? each_unit(dwarf, visitor) : -ENOENT;
	dwarf_end(dwarf);
	elf_end(elf);
	if (err == -ENOMEM)
		return diag_oom(diag);
	return err ? diag_error(diag, "KS311", NULL, "%s", path) : 0;
}

int dwarf_for_each_unit(const char *path, int (*found)(const char *name, void *arg), void *arg,
			struct diag * diag)
{
	struct visitor visitor = { .unit = found, .arg = arg };

	return visit(path, &visitor, diag);
}

int dwarf_for_each_file(const char *path,
			int (*found)(const char *unit, const char *file, void *arg), void *arg,
			struct diag *diag)
{
	struct visitor visitor = { .file = found, .arg = arg };

	return visit(path, &visitor, diag);
}

int dwarf_for_each_producer(const char *path,
			    int (*found)(const char *name, const char *producer, void *arg),
			    void *arg, struct diag *diag)
{
	struct visitor visitor = { .producer = found, .arg = arg };

	return visit(path, &visitor, diag);
}

static int unit_at(Dwarf *dwarf, uint64_t address, char **name)
{
	Dwarf_Attribute attribute;
	const char *text = NULL;
	Dwarf_Die die;

	*name = NULL;
	if (dwarf_addrdie(dwarf, address, &die) && dwarf_attr(&die, DW_AT_name, &attribute))
		text = dwarf_formstring(&attribute);
	if (text)
		*name = strdup(text);
	return text && !*name ? -ENOMEM : 0;
}

int dwarf_unit_at(const char *path, uint64_t address, char **name, struct diag *diag)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;
	Dwarf *dwarf;

	if (fd < 0)
		return diag_errno(diag, errno, path, "open");
	dwarf = dwarf_begin(fd, DWARF_C_READ);
	if (dwarf)
		err = unit_at(dwarf, address, name) ? diag_oom(diag) : 0;
	else
		err = diag_error(diag, "KS311", NULL, "%s", path);
	dwarf_end(dwarf);
	close(fd);
	return err;
}
