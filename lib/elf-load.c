// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An object file may come from a compiler, from an interrupted build, or from an
 * attacker who wants our tools to misbehave as root. Each index, offset and
 * string in it is checked here, once; no later pass repeats the check.
 *
 * The whole file is read into memory first, so that nobody can truncate it
 * meanwhile. Data after the ELF file proper (a module's signature) is ignored.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/elf-file.h"
#include "lib/array.h"
#include "lib/elf-load.h"
#include "lib/files.h"
#include "lib/text.h"
#include "lib/elf-load-symbols.h"

#define ALIGN_MAX (1 << 24) /* more would only make the file huge; kernel objects use up to 2 MB */
#define NAMES_MAX 4 /* all names together, in sizes of the file: names may share bytes */
#define COMPRESSION_MAX 1100 /* zlib reaches 1:1032; more only exhausts memory */

/* Sections with indices into tables that are rebuilt: the indices mean nothing afterwards. */
static const struct {
	uint32_t type;
	const char *reason;
} dropped_types[] = {
	{ SHT_NULL, "an unused section header" },
	{ 0x6fff4c03 /* SHT_LLVM_ADDRSIG */, "symbol indices, a hint for identical code folding" },
};

static bool is_dropped(uint32_t type)
{
	for (size_t i = 0; i < ARRAY_SIZE(dropped_types); i++)
		if (dropped_types[i].type == type)
			return true;
	return false;
}

/* Tables that exist only in files; the model has pointers instead. */
static bool is_table(const struct loader *l, size_t index, const GElf_Shdr *shdr)
{
	switch (shdr->sh_type) {
	case SHT_SYMTAB:
	case SHT_SYMTAB_SHNDX:
		return true;
	case SHT_STRTAB:
		return index == l->strtab || index == l->shstrndx;
	case SHT_RELA:
		return !(shdr->sh_flags & SHF_RELA_LIVEPATCH);
	default:
		return false;
	}
}

int loader_get_shdr(struct loader *l, size_t index, Elf_Scn **scn, GElf_Shdr *shdr)
{
	*scn = elf_getscn(l->elf, index);
	if (!*scn || !gelf_getshdr(*scn, shdr))
		return damaged(l, "KS912", "section %zu: %s", index, elf_errmsg(-1));
	return 0;
}

static int not_elf(struct loader *l)
{
	return damaged(l, "KS910", "it has no ELF header");
}

static int check_header(struct loader *l)
{
	struct elf_model *model = l->model;
	GElf_Ehdr ehdr;

	if (!gelf_getehdr(l->elf, &ehdr))
		return not_elf(l);
	if (ehdr.e_ident[EI_CLASS] != ELFCLASS64 || ehdr.e_type != ET_REL)
		return damaged(l, "KS911", "type %u, class %u", ehdr.e_type,
			       ehdr.e_ident[EI_CLASS]);

	model->class = ehdr.e_ident[EI_CLASS];
	model->encoding = ehdr.e_ident[EI_DATA];
	model->osabi = ehdr.e_ident[EI_OSABI];
	model->abiversion = ehdr.e_ident[EI_ABIVERSION];
	model->machine = ehdr.e_machine;
	model->eflags = ehdr.e_flags;

	if (ehdr.e_phnum)
		return damaged(l, "KS911", "it has program headers");
	if (elf_getshdrnum(l->elf, &l->shnum) || elf_getshdrstrndx(l->elf, &l->shstrndx) ||
	    l->shnum == 0 || l->shstrndx == 0 || l->shstrndx >= l->shnum)
		return damaged(l, "KS912", "it has no table of sections");
	return 0;
}

/*
 * In a hostile file a million symbols may share one name of a million bytes, or
 * each search for the end of a string table that has none: both would take days.
 */
static int check_strings(struct loader *l, size_t index)
{
	Elf_Data *data;
	GElf_Shdr shdr;
	Elf_Scn *scn;
	int err;

	if (!index)
		return 0;
	err = loader_get_shdr(l, index, &scn, &shdr);
	if (err)
		return err;
	data = shdr.sh_type == SHT_STRTAB && !(shdr.sh_flags & SHF_COMPRESSED)
		       ? elf_rawdata(scn, NULL)
		       : NULL;
	if (!data || !data->d_size || !data->d_buf || ((const char *)data->d_buf)[data->d_size - 1])
		return damaged(l, "KS912", "section %zu: no table of strings", index);
	return 0;
}

const char *loader_get_name(struct loader *l, size_t strings, size_t offset)
{
	const char *name = elf_strptr(l->elf, strings, offset);

	l->names_size += name ? strlen(name) : 0;
	if (!name || l->names_size / NAMES_MAX > l->file_size || !text_is_printable(name))
		return NULL;
	return name;
}

/*
 * Find the tables. Check that sections share no bytes, so that memory use stays below the file's
 * size.
 */
static int find_tables(struct loader *l)
{
	uint64_t total = 0;
	GElf_Shdr shdr;
	Elf_Scn *scn;
	int err;

	for (size_t i = 1; i < l->shnum; i++) {
		err = loader_get_shdr(l, i, &scn, &shdr);
		if (err)
			return err;
		if (shdr.sh_type == SHT_SYMTAB) {
			if (l->symtab)
				return damaged(l, "KS916", "two symbol tables");
			l->symtab = i;
			l->strtab = shdr.sh_link;
		} else if (shdr.sh_type == SHT_SYMTAB_SHNDX) {
			if (l->xindex)
				return damaged(l, "KS916", "two tables of large section indices");
			l->xindex = i;
		} else if (shdr.sh_type == SHT_REL) {
			return damaged(l, "KS916", "section %zu: relocations without addends", i);
		}
		if (shdr.sh_type == SHT_NOBITS || shdr.sh_type == SHT_NULL)
			continue;
		if (__builtin_add_overflow(total, shdr.sh_size, &total) || total > l->file_size)
			return damaged(l, "KS912", "section %zu: more content than the file has",
				       i);
	}
	err = check_strings(l, l->shstrndx);
	return err ?: check_strings(l, l->strtab);
}

static int expand_section(struct loader *l, size_t index, Elf_Scn *scn, GElf_Shdr *shdr)
{
	GElf_Chdr chdr;

	if (!gelf_getchdr(scn, &chdr) || chdr.ch_size / COMPRESSION_MAX > shdr->sh_size)
		return damaged(l, "KS912", "section %zu: bad compression header", index);
	if (elf_compress(scn, 0, 0) < 0 || !gelf_getshdr(scn, shdr))
		return damaged(l, "KS912", "section %zu: can't be decompressed: %s", index,
			       elf_errmsg(-1));
	return 0;
}

static int get_content(struct loader *l, size_t index, Elf_Scn *scn, GElf_Shdr *shdr,
		       Elf_Data **data)
{
	bool expand = shdr->sh_flags & SHF_COMPRESSED;
	int err;

	*data = NULL;
	if (shdr->sh_type == SHT_NOBITS || (shdr->sh_flags & SHF_RELA_LIVEPATCH))
		return 0;
	if (expand) {
		err = expand_section(l, index, scn, shdr);
		if (err)
			return err;
	}
	/* a group's words are converted to the host's byte order; any other content is bytes */
	if (expand || shdr->sh_type == SHT_GROUP)
		*data = elf_getdata(scn, NULL);
	else
		*data = elf_rawdata(scn, NULL);
	if (!*data || (*data)->d_size != shdr->sh_size || (shdr->sh_size && !(*data)->d_buf))
		return damaged(l, "KS912", "section %zu: its content is not in the file", index);
	return 0;
}

static int load_section(struct loader *l, size_t index)
{
	struct elf_section *section;
	const char *name;
	GElf_Shdr shdr;
	Elf_Data *data;
	Elf_Scn *scn;
	uint64_t size;
	int err;

	err = loader_get_shdr(l, index, &scn, &shdr);
	if (err)
		return err;
	if (is_table(l, index, &shdr) || is_dropped(shdr.sh_type))
		return 0;

	name = loader_get_name(l, l->shstrndx, shdr.sh_name);
	if (!name)
		return damaged(l, "KS912", "section %zu: no valid name", index);
	if ((shdr.sh_addralign & (shdr.sh_addralign - 1)) || shdr.sh_addralign > ALIGN_MAX)
		return damaged(l, "KS912", "section %zu (%s): impossible alignment", index, name);
	err = get_content(l, index, scn, &shdr, &data);
	if (err)
		return err;

	size = shdr.sh_flags & SHF_RELA_LIVEPATCH ? 0 : shdr.sh_size;
	section = elf_section_add(l->model, name, shdr.sh_type, shdr.sh_flags, shdr.sh_addralign,
				  data ? data->d_buf : NULL, size);
	if (!section)
		return diag_oom(l->diag);
	section->entsize = shdr.sh_entsize;
	section->index = index;
	l->sections[index] = section;
	return 0;
}

/* Needs all sections of the model, as sh_link refers to one. */
static int load_link(struct loader *l, struct elf_section *section)
{
	GElf_Shdr shdr;
	Elf_Scn *scn;
	int err;

	if (!(section->flags & SHF_LINK_ORDER))
		return 0;
	err = loader_get_shdr(l, section->index, &scn, &shdr);
	if (err)
		return err;
	if (shdr.sh_link >= l->shnum || (shdr.sh_link && !l->sections[shdr.sh_link]))
		return damaged(l, "KS912", "%s: linked to section %u, which doesn't exist",
			       section->name, shdr.sh_link);
	section->link = l->sections[shdr.sh_link];
	return 0;
}

static int load_sections(struct loader *l)
{
	struct elf_section *section;
	int err = 0;

	l->sections = calloc(l->shnum, sizeof(*l->sections));
	if (!l->sections)
		return diag_oom(l->diag);
	for (size_t i = 1; i < l->shnum && !err; i++)
		err = load_section(l, i);
	if (err)
		return err;
	elf_for_each_section(l->model, section) {
		err = load_link(l, section);
		if (err)
			return err;
	}
	return 0;
}

static int load_groups(struct loader *l)
{
	struct elf_section *section;
	GElf_Shdr shdr;
	Elf_Scn *scn;
	int err;

	elf_for_each_section(l->model, section) {
		if (section->type != SHT_GROUP)
			continue;
		err = loader_get_shdr(l, section->index, &scn, &shdr);
		if (err)
			return err;
		if (section->size < sizeof(Elf32_Word) || section->size % sizeof(Elf32_Word) ||
		    shdr.sh_info >= l->n_symbols || !l->symbols[shdr.sh_info])
			return damaged(l, "KS912", "section %u: broken group", section->index);
		section->group_signature = l->symbols[shdr.sh_info];
	}
	return 0;
}

static int load(struct loader *l)
{
	int err;

	err = check_header(l);
	err = err ?: find_tables(l);
	err = err ?: load_sections(l);
	err = err ?: loader_read_symbols(l);
	err = err ?: loader_read_relas(l);
	return err ?: load_groups(l);
}

int elf_model_load(const char *path, struct elf_model **out, struct diag *diag)
{
	struct loader l = { .place = { .file = path }, .diag = diag };
	int err;

	err = elf_model_new(NULL, &l.model, diag);
	if (err)
		return err;
	free(l.model->path);
	l.model->path = strdup(path);
	if (!l.model->path) {
		err = diag_oom(diag);
		goto out;
	}
	err = elf_file_open(path, &l.elf);
	if (err) {
		err = err == -ENOEXEC ? not_elf(&l) : diag_errno(diag, -err, path, "read");
		goto out;
	}
	elf_rawfile(l.elf, &l.file_size);
	err = load(&l);

out:
	free(l.sections);
	free(l.symbols);
	elf_end(l.elf);
	if (err)
		elf_model_free(l.model);
	else
		*out = l.model;
	return err;
}
