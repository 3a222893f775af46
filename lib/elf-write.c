// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From pointers back to indices. Everything that an ELF file numbers (sections,
 * symbols, names, the first global symbol) is numbered here, in one go, when
 * nothing can move any more. A reference to something that isn't in the model is
 * found before a file exists.
 *
 * The layout is our own rather than libelf's: sections of klp relocations, then
 * the others in the model's order, each followed by its relocations, then the
 * tables, then the section headers.
 * The same model gives the same bytes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/elf-model.h"
#include "lib/elf-strings.h"
#include "lib/files.h"
#include "lib/text.h"
#include "lib/temporary.h"
#include "lib/elf-write.h"

/* One section of the file to be. */
struct out_section {
	const char *name;
	GElf_Shdr shdr;
	void *content; /* NULL for SHT_NOBITS */
	bool owned; /* content is freed with the writer */
	Elf_Type type;
};

struct writer {
	struct elf_model *model;
	struct out_section *out; /* [0] is the null section */
	size_t n_out;
	size_t symtab, strtab, shstrtab;
	struct elf_symbol **order; /* [1…n_symbols]: locals first */
	size_t n_locals; /* with the null symbol */
	/* the numbers of the model's sections, by position in the model */
	struct section_number {
		size_t index, rela_index;
		struct elf_section *section;
	} * numbers;
	struct elf_strings names, symbol_names;
	struct diag_place place;
	struct diag *diag;
};

#define inconsistent(w, ...) diag_error((w)->diag, "KS915", &(w)->place, __VA_ARGS__)

/*
 * ->index of sections and symbols is the index in the loaded file and must
 * survive. New numbers are kept outside the model and found by pointer.
 */
static int compare_number(const void *a, const void *b)
{
	const struct section_number *x = a, *y = b;

	return (x->section > y->section) - (x->section < y->section);
}

static struct section_number *find_number(struct writer *w, const struct elf_section *section)
{
	struct section_number key = { .section = (struct elf_section *)section };

	return bsearch(&key, w->numbers, w->model->n_sections, sizeof(key), compare_number);
}

static int add_string(struct writer *w, struct elf_strings *strings, const char *s,
		      uint32_t *offset)
{
	int err = elf_strings_add(strings, s, offset);

	if (err == -EOVERFLOW)
		return inconsistent(w, "more than 4 GB of names");
	return err ? diag_oom(w->diag) : 0;
}

static size_t add_out(struct writer *w, const char *name, uint32_t type, uint64_t flags,
		      uint64_t align, uint64_t entsize, Elf_Type data_type)
{
	w->out[w->n_out] = (struct out_section){
		.name = name,
		.shdr = { .sh_type = type,
			  .sh_flags = flags,
			  .sh_addralign = align,
			  .sh_entsize = entsize },
		.type = data_type,
	};
	return w->n_out++;
}

static char *rela_name(const struct elf_section *section)
{
	return format(".rela%s", section->name);
}

static int number_section(struct writer *w, struct section_number *number,
			  struct elf_section *section)
{
	bool klp = section->flags & SHF_RELA_LIVEPATCH;
	struct out_section *out;

	number->section = section;
	number->index = add_out(w, section->name, section->type, section->flags, section->align,
				section->entsize,
				klp			     ? ELF_T_RELA
				: section->type == SHT_GROUP ? ELF_T_WORD
							     : ELF_T_BYTE);
	out = &w->out[number->index];
	out->shdr.sh_size = section->size;
	out->content = section->data;
	if (klp || !section->n_relas)
		return 0;
	number->rela_index = add_out(w, rela_name(section), SHT_RELA, section->rela_flags, 8,
				     sizeof(Elf64_Rela), ELF_T_RELA);
	return w->out[number->rela_index].name ? 0 : diag_oom(w->diag);
}

/* Give each section and each table its number. */
static int number_sections(struct writer *w)
{
	struct elf_section *section;
	size_t i = 0;
	int err = 0;

	/* each may have a .rela; null section and four tables */
	w->out = calloc(w->model->n_sections * 2 + 5, sizeof(*w->out));
	w->numbers = calloc(w->model->n_sections + 1, sizeof(*w->numbers));
	if (!w->out || !w->numbers)
		return diag_oom(w->diag);

	add_out(w, "", SHT_NULL, 0, 0, 0, ELF_T_BYTE);
	elf_for_each_section(w->model, section)
		if (section->flags & SHF_RELA_LIVEPATCH)
			err = err ?: number_section(w, &w->numbers[i++], section);
	elf_for_each_section(w->model, section)
		if (!(section->flags & SHF_RELA_LIVEPATCH))
			err = err ?: number_section(w, &w->numbers[i++], section);
	if (err)
		return err;
	w->symtab = add_out(w, ".symtab", SHT_SYMTAB, 0, 8, sizeof(Elf64_Sym), ELF_T_SYM);
	w->strtab = add_out(w, ".strtab", SHT_STRTAB, 0, 1, 0, ELF_T_BYTE);
	w->shstrtab = add_out(w, ".shstrtab", SHT_STRTAB, 0, 1, 0, ELF_T_BYTE);
	if (w->n_out >= SHN_LORESERVE)
		return diag_error(w->diag, "KS916", &w->place, "more than %d sections",
				  SHN_LORESERVE - 1);
	qsort(w->numbers, w->model->n_sections, sizeof(*w->numbers), compare_number);
	return 0;
}

/* Locals first, as ELF demands; otherwise in order. */
static int order_symbols(struct writer *w)
{
	struct elf_symbol *symbol;
	size_t n = 1;

	w->order = calloc(w->model->n_symbols + 1, sizeof(*w->order));
	if (!w->order)
		return diag_oom(w->diag);
	elf_for_each_symbol(w->model, symbol)
		if (symbol->bind == STB_LOCAL)
			w->order[n++] = symbol;
	w->n_locals = n;
	elf_for_each_symbol(w->model, symbol)
		if (symbol->bind != STB_LOCAL)
			w->order[n++] = symbol;
	return 0;
}

/* Pointer → index, by a table sorted by pointer. */
struct symbol_number {
	const struct elf_symbol *symbol;
	size_t index;
};

static int compare_symbol(const void *a, const void *b)
{
	const struct symbol_number *x = a, *y = b;

	return (x->symbol > y->symbol) - (x->symbol < y->symbol);
}

static struct symbol_number *number_symbols(const struct writer *w)
{
	struct symbol_number *numbers = calloc(w->model->n_symbols + 1, sizeof(*numbers));

	for (size_t i = 1; numbers && i <= w->model->n_symbols; i++)
		numbers[i - 1] = (struct symbol_number){ w->order[i], i };
	if (numbers)
		qsort(numbers, w->model->n_symbols, sizeof(*numbers), compare_symbol);
	return numbers;
}

static int make_symbol(struct writer *w, const struct elf_symbol *symbol, Elf64_Sym *sym)
{
	const struct section_number *number;
	int err;

	err = add_string(w, &w->symbol_names, symbol->name, &sym->st_name);
	if (err)
		return err;
	sym->st_value = symbol->value;
	sym->st_size = symbol->size;
	sym->st_info = ELF64_ST_INFO(symbol->bind, symbol->type);
	sym->st_other = symbol->other;
	sym->st_shndx = symbol->shndx;
	if (!symbol->section)
		return 0;
	number = find_number(w, symbol->section);
	if (!number)
		return inconsistent(w, "symbol '%s' lies in a section that was removed",
				    symbol->name);
	sym->st_shndx = number->index;
	return 0;
}

static int make_symtab(struct writer *w)
{
	struct out_section *out = &w->out[w->symtab];
	Elf64_Sym *syms = calloc(w->model->n_symbols + 1, sizeof(*syms));
	uint32_t empty;
	int err;

	if (!syms)
		return diag_oom(w->diag);
	out->content = syms;
	out->owned = true;
	out->shdr.sh_size = (w->model->n_symbols + 1) * sizeof(*syms);
	out->shdr.sh_link = w->strtab;
	out->shdr.sh_info = w->n_locals;
	err = add_string(w, &w->symbol_names, "", &empty);
	for (size_t i = 1; i <= w->model->n_symbols && !err; i++)
		err = make_symbol(w, w->order[i], &syms[i]);
	return err;
}

static int make_relas(struct writer *w, const struct elf_section *section,
		      const struct elf_section *target, size_t index,
		      const struct symbol_number *symbols)
{
	struct out_section *out = &w->out[index];
	const struct section_number *number = target ? find_number(w, target) : NULL;
	Elf64_Rela *relas;

	if (!number)
		return inconsistent(w, "%s relocates a section that was removed", section->name);
	relas = calloc(section->n_relas + 1, sizeof(*relas));
	if (!relas)
		return diag_oom(w->diag);
	out->content = relas;
	out->owned = true;
	out->shdr.sh_size = section->n_relas * sizeof(*relas);
	out->shdr.sh_entsize = sizeof(*relas);
	out->shdr.sh_link = w->symtab;
	out->shdr.sh_info = number->index;

	for (size_t i = 0; i < section->n_relas; i++) {
		const struct elf_rela *rela = &section->relas[i];
		const struct symbol_number key = { .symbol = rela->symbol }, *symbol = NULL;

		if (rela->symbol) {
			symbol = bsearch(&key, symbols, w->model->n_symbols, sizeof(key),
					 compare_symbol);
			if (!symbol)
				return inconsistent(w,
						    "%s+%#lx refers to a symbol that was removed",
						    target->name, rela->offset);
		}
		relas[i].r_offset = rela->offset;
		relas[i].r_info = ELF64_R_INFO(symbol ? symbol->index : 0, rela->type);
		relas[i].r_addend = rela->addend;
	}
	return 0;
}

static int make_klp_relas(struct writer *w, const struct elf_section *klp, size_t index,
			  const struct symbol_number *symbols)
{
	return make_relas(w, klp, klp->target, index, symbols);
}

/* Replace the loaded file's indices of the members by the new ones. */
static int make_group(struct writer *w, const struct elf_section *group, size_t index,
		      const struct symbol_number *symbols)
{
	const Elf32_Word *old = (const Elf32_Word *)group->data;
	const struct symbol_number key = { .symbol = group->group_signature }, *signature;
	size_t n_old = group->size / sizeof(*old), n = 0;
	struct out_section *out = &w->out[index];
	Elf32_Word *members;

	signature = bsearch(&key, symbols, w->model->n_symbols, sizeof(key), compare_symbol);
	if (!signature || !n_old)
		return inconsistent(w, "the signature of a group was removed");
	members = calloc(n_old * 2, sizeof(*members));
	if (!members)
		return diag_oom(w->diag);
	out->content = members;
	out->owned = true;
	out->shdr.sh_link = w->symtab;
	out->shdr.sh_info = signature->index;

	members[n++] = old[0]; /* GRP_COMDAT */
	for (size_t i = 1; i < n_old; i++) {
		for (size_t s = 0; s < w->model->n_sections; s++) {
			const struct section_number *number = &w->numbers[s];

			if (number->section->index != old[i] || !old[i])
				continue;
			members[n++] = number->index;
			if (number->rela_index)
				members[n++] = number->rela_index;
		}
	}
	out->shdr.sh_size = n * sizeof(*members);
	return 0;
}

static int make_contents(struct writer *w)
{
	struct symbol_number *symbols = number_symbols(w);
	int err = 0;

	if (!symbols)
		return diag_oom(w->diag);
	for (size_t i = 0; i < w->model->n_sections && !err; i++) {
		const struct section_number *number = &w->numbers[i], *link;
		const struct elf_section *section = number->section;

		if (section->link) {
			link = find_number(w, section->link);
			if (!link)
				err = inconsistent(w, "%s is linked to a section that was removed",
						   section->name);
			else
				w->out[number->index].shdr.sh_link = link->index;
		}
		if (section->flags & SHF_RELA_LIVEPATCH)
			err = err ?: make_klp_relas(w, section, number->index, symbols);
		else if (number->rela_index)
			err = err ?: make_relas(w, section, section, number->rela_index, symbols);
		if (section->type == SHT_GROUP)
			err = err ?: make_group(w, section, number->index, symbols);
	}
	free(symbols);
	return err;
}

/* The last tables, as they hold the names of all others. */
static int make_strtabs(struct writer *w)
{
	int err = 0;

	for (size_t i = 0; i < w->n_out && !err; i++)
		err = add_string(w, &w->names, w->out[i].name, &w->out[i].shdr.sh_name);
	if (err)
		return err;
	w->out[w->strtab].content = w->symbol_names.bytes;
	w->out[w->strtab].shdr.sh_size = w->symbol_names.size;
	w->out[w->shstrtab].content = w->names.bytes;
	w->out[w->shstrtab].shdr.sh_size = w->names.size;
	return 0;
}

static uint64_t align_up(uint64_t offset, uint64_t align)
{
	return align > 1 ? (offset + align - 1) & ~(align - 1) : offset;
}

/* Returns the offset of the section headers. */
static uint64_t lay_out(struct writer *w)
{
	uint64_t offset = sizeof(Elf64_Ehdr);

	for (size_t i = 1; i < w->n_out; i++) {
		GElf_Shdr *shdr = &w->out[i].shdr;

		offset = align_up(offset, shdr->sh_addralign);
		shdr->sh_offset = offset;
		if (shdr->sh_type != SHT_NOBITS)
			offset += shdr->sh_size;
	}
	return align_up(offset, 8);
}

static bool put_header(const struct writer *w, Elf *elf, uint64_t shoff)
{
	const struct elf_model *model = w->model;
	GElf_Ehdr ehdr;

	if (!gelf_newehdr(elf, model->class) || !gelf_getehdr(elf, &ehdr))
		return false;
	ehdr.e_ident[EI_DATA] = model->encoding;
	ehdr.e_ident[EI_OSABI] = model->osabi;
	ehdr.e_ident[EI_ABIVERSION] = model->abiversion;
	ehdr.e_type = ET_REL;
	ehdr.e_machine = model->machine;
	ehdr.e_version = EV_CURRENT;
	ehdr.e_flags = model->eflags;
	ehdr.e_shoff = shoff;
	ehdr.e_shstrndx = w->shstrtab;
	return gelf_update_ehdr(elf, &ehdr) != 0;
}

static bool put_sections(const struct writer *w, Elf *elf)
{
	for (size_t i = 1; i < w->n_out; i++) {
		const struct out_section *out = &w->out[i];
		Elf_Scn *scn = elf_newscn(elf);
		Elf_Data *data = scn ? elf_newdata(scn) : NULL;
		GElf_Shdr shdr = out->shdr;

		if (!data)
			return false;
		data->d_buf = shdr.sh_type == SHT_NOBITS ? NULL : out->content;
		data->d_type = out->type;
		data->d_size = shdr.sh_size;
		data->d_align = shdr.sh_addralign;
		data->d_version = EV_CURRENT;
		if (!gelf_update_shdr(scn, &shdr))
			return false;
	}
	return true;
}

static int put_file(struct writer *w, const char *path)
{
	uint64_t shoff = lay_out(w);
	struct atomic_file file;
	Elf *elf = NULL;
	int err;

	err = atomic_file_begin(&file, path, 0666);
	if (err)
		return diag_errno(w->diag, -err, path, "write");

	errno = 0;
	elf = elf_begin(file.fd, ELF_C_WRITE, NULL);
	if (!elf || !put_header(w, elf, shoff) || !put_sections(w, elf) ||
	    elf_flagelf(elf, ELF_C_SET, ELF_F_LAYOUT) == 0 || elf_update(elf, ELF_C_WRITE) < 0) {
		err = errno;
		err = err ? diag_errno(w->diag, err, path, "write")
			  : inconsistent(w, "libelf: %s", elf_errmsg(-1));
	}
	elf_end(elf);
	if (err) {
		atomic_file_abort(&file);
		return err;
	}
	err = atomic_file_commit(&file);
	return err ? diag_errno(w->diag, -err, path, "write") : 0;
}

static void writer_end(struct writer *w)
{
	for (size_t i = 0; i < w->n_out; i++) {
		if (w->out[i].owned)
			free(w->out[i].content);
		if (w->out[i].type == ELF_T_RELA && !(w->out[i].shdr.sh_flags & SHF_RELA_LIVEPATCH))
			free((char *)w->out[i].name);
	}
	free(w->out);
	free(w->numbers);
	free(w->order);
	free(w->names.bytes);
	free(w->symbol_names.bytes);
}

int elf_model_write(struct elf_model *model, const char *path, struct diag *diag)
{
	struct writer w = { .model = model, .place = { .file = path }, .diag = diag };
	int err;

	elf_version(EV_CURRENT);
	err = number_sections(&w);
	err = err ?: order_symbols(&w);
	err = err ?: make_symtab(&w);
	err = err ?: make_contents(&w);
	err = err ?: make_strtabs(&w);
	err = err ?: put_file(&w, path);
	writer_end(&w);
	return err;
}
