// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The position of a symbol refers to a list of the kernel: kallsyms for vmlinux,
 * the module's own symbol table for a module. So both lists are made here as the
 * kernel makes them, without what it leaves out: one symbol too many shifts all
 * later ones of its name.
 *
 * The file may be a vmlinux with half a gigabyte of debug information; only the
 * pages of its symbol table are ever touched.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <elfutils/libdwelf.h>
#include <gelf.h>

#include "lib/elf-file.h"
#include "lib/paths.h"
#include "lib/text.h"
#include "lib/kallsyms.h"
#include "lib/modinfo.h"
#include "lib/object-index-private.h"

/* What decides how the kernel treats the symbols in a section. */
struct section {
	bool alloc;
	bool init; /* its memory is given back after init */
	bool in_core; /* module: its symbols are still listed after init */
};

struct reader {
	struct object_index *index;
	struct section *sections;
	size_t shnum, shstrndx;
	bool livepatch; /* keeps its whole symbol table in memory */
	size_t symtab;
	uint32_t block;
	struct diag_place place;
	struct diag *diag;
};

#define damaged(r, code, ...) diag_error((r)->diag, code, &(r)->place, __VA_ARGS__)

/* nm's types that kallsyms drops: undefined, absolute (a, A) and debugging (N). */
static bool is_in_kallsyms(const struct reader *r, const GElf_Sym *sym, const char *name)
{
	unsigned char type = GELF_ST_TYPE(sym->st_info);

	return type != STT_SECTION && type != STT_FILE && *name && sym->st_shndx != SHN_UNDEF &&
	       sym->st_shndx < r->shnum && r->sections[sym->st_shndx].alloc &&
	       !kallsyms_leaves_out(name);
}

/* module_kallsyms_on_each_symbol() counts every symbol that isn't undefined, even a FILE symbol. */
static bool is_in_module(const GElf_Sym *sym, const char *name)
{
	return sym->st_shndx != SHN_UNDEF && *name;
}

static int read_sections(struct reader *r)
{
	struct object_index *index = r->index;
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	if (elf_getshdrnum(index->elf, &r->shnum) || elf_getshdrstrndx(index->elf, &r->shstrndx) ||
	    !r->shnum)
		return damaged(r, "KS922", "it has no table of sections");
	r->sections = calloc(r->shnum, sizeof(*r->sections));
	if (!r->sections)
		return diag_oom(r->diag);

	while ((scn = elf_nextscn(index->elf, scn))) {
		size_t i = elf_ndxscn(scn);
		const char *name;

		if (!gelf_getshdr(scn, &shdr) || i >= r->shnum)
			return damaged(r, "KS922", "section %zu: %s", i, elf_errmsg(-1));
		name = elf_strptr(index->elf, r->shstrndx, shdr.sh_name) ?: "";
		if (shdr.sh_type == SHT_SYMTAB)
			r->symtab = i;
		r->sections[i].alloc = shdr.sh_flags & SHF_ALLOC;
		/* kernel/module/main.c: module_init_section(); for vmlinux
		 * include/asm-generic/vmlinux.lds.h: INIT_TEXT_SECTION, … */
		r->sections[i].init = str_starts(name, ".init");
		/* rewrite_section_headers() clears SHF_ALLOC of these two */
		r->sections[i].in_core = (shdr.sh_flags & SHF_ALLOC) && !r->sections[i].init &&
					 strcmp(name, ".modinfo") && strcmp(name, "__versions");
	}
	if (!r->symtab)
		return damaged(r, "KS921", "'%s'", index->name);
	return 0;
}

/* kernel/module/main.c: check_modinfo_livepatch(). modpost writes "depends=" */
static void read_modinfo(struct reader *r)
{
	Elf_Scn *scn = NULL;
	const char *name;
	GElf_Shdr shdr;
	Elf_Data *data;

	while ((scn = elf_nextscn(r->index->elf, scn))) {
		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_PROGBITS)
			continue;
		name = elf_strptr(r->index->elf, r->shstrndx, shdr.sh_name);
		if (!name || strcmp(name, ".modinfo"))
			continue;
		data = elf_rawdata(scn, NULL);
		if (data && data->d_buf && modinfo_get(data->d_buf, data->d_size, "livepatch"))
			r->livepatch = true;
		if (data && data->d_buf)
			r->index->depends = modinfo_get(data->d_buf, data->d_size, "depends");
	}
}

static void start_block(struct reader *r, const char *name)
{
	r->index->blocks[++r->block].file = base_name(name);
	r->index->n_blocks = r->block + 1;
}

static void add_symbol(struct reader *r, size_t i, const GElf_Sym *sym, const char *name)
{
	struct object_index *index = r->index;
	unsigned char type = GELF_ST_TYPE(sym->st_info);
	bool local = GELF_ST_BIND(sym->st_info) == STB_LOCAL;

	if (type == STT_FILE)
		start_block(r, name);
	if (local && (type == STT_FUNC || type == STT_OBJECT))
		index->locals[index->n_locals++] = (struct local){ r->block, name };
	if (index->is_module ? !is_in_module(sym, name) : !is_in_kallsyms(r, sym, name))
		return;
	index->symbols[index->n_symbols++] = (struct object_symbol){
		.name = name,
		.value = sym->st_value,
		.size = sym->st_size,
		.type = type,
		.bind = GELF_ST_BIND(sym->st_info),
		.file = local && type != STT_FILE ? r->block : 0,
		.symtab_index = i,
		.shndx = sym->st_shndx,
		.init = sym->st_shndx < r->shnum && r->sections[sym->st_shndx].init,
		.moves = index->is_module && !r->livepatch &&
			 (sym->st_shndx >= r->shnum || !r->sections[sym->st_shndx].in_core),
	};
}

static int read_symbols(struct reader *r)
{
	struct object_index *index = r->index;
	Elf_Scn *scn = elf_getscn(index->elf, r->symtab);
	Elf_Data *data;
	GElf_Shdr shdr;
	GElf_Sym sym;
	size_t n;

	data = elf_getdata(scn, NULL);
	if (!data || !gelf_getshdr(scn, &shdr) || !shdr.sh_entsize || data->d_size != shdr.sh_size)
		return damaged(r, "KS922", "its symbol table is not in the file");
	n = shdr.sh_size / shdr.sh_entsize;
	index->symbols = calloc(n + 1, sizeof(*index->symbols));
	index->blocks = calloc(n + 2, sizeof(*index->blocks));
	index->locals = calloc(n + 1, sizeof(*index->locals));
	if (!index->symbols || !index->blocks || !index->locals)
		return diag_oom(r->diag);
	index->n_blocks = 1;

	for (size_t i = 1; i < n; i++) {
		const char *name;

		if (!gelf_getsym(data, i, &sym))
			return damaged(r, "KS922", "symbol %zu: %s", i, elf_errmsg(-1));
		name = elf_strptr(index->elf, shdr.sh_link, sym.st_name);
		if (!name)
			return damaged(r, "KS922", "symbol %zu: no valid name", i);
		add_symbol(r, i, &sym, name);
	}
	if (!index->n_symbols)
		return damaged(r, "KS921", "'%s'", index->name);
	return 0;
}

/*
 * The order of kallsyms (scripts/kallsyms.c: compare_symbols()). Only these of
 * its keys can differ between symbols of one name. Its input comes from nm -n,
 * which keeps the symbol table's order at one address.
 */
static int compare_in_kallsyms(const struct object_symbol *x, const struct object_symbol *y)
{
	bool weak_x = x->bind == STB_WEAK && x->type != STT_OBJECT;
	bool weak_y = y->bind == STB_WEAK && y->type != STT_OBJECT;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	if (weak_x != weak_y)
		return weak_x - weak_y;
	return x->symtab_index < y->symtab_index ? -1 : 1;
}

static int compare_vmlinux(const void *a, const void *b)
{
	const struct object_symbol *x = a, *y = b;

	return strcmp(x->name, y->name) ?: compare_in_kallsyms(x, y);
}

static int compare_module(const void *a, const void *b)
{
	const struct object_symbol *x = a, *y = b;

	return strcmp(x->name, y->name) ?: (x->symtab_index < y->symtab_index ? -1 : 1);
}

static int compare_local(const void *a, const void *b)
{
	const struct local *x = a, *y = b;

	if (x->block != y->block)
		return x->block < y->block ? -1 : 1;
	return strcmp(x->name, y->name);
}

void object_index_number(struct object_index *index)
{
	struct object_symbol *symbols = index->symbols;
	size_t start, end;

	qsort(symbols, index->n_symbols, sizeof(*symbols),
	      index->is_module ? compare_module : compare_vmlinux);
	for (start = 0; start < index->n_symbols; start = end) {
		bool moves = false;

		for (end = start;
		     end < index->n_symbols && !strcmp(symbols[end].name, symbols[start].name);
		     end++) {
			moves |= symbols[end].moves;
			symbols[end].moves = moves;
			symbols[end].sympos = end - start + 1;
		}
		for (size_t i = start; i < end; i++)
			symbols[i].count = end - start;
	}
	qsort(index->locals, index->n_locals, sizeof(*index->locals), compare_local);
}

static int read_build_id(struct reader *r)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *bytes;
	const void *id;
	ssize_t n;

	n = dwelf_elf_gnu_build_id(r->index->elf, &id);
	if (n <= 0)
		return 0;
	r->index->build_id = calloc(n, 2 + 1);
	if (!r->index->build_id)
		return diag_oom(r->diag);
	bytes = id;
	for (ssize_t i = 0; i < n; i++) {
		r->index->build_id[2 * i] = digits[bytes[i] >> 4];
		r->index->build_id[2 * i + 1] = digits[bytes[i] & 15];
	}
	return 0;
}

static int not_elf(struct reader *r)
{
	return damaged(r, "KS920", "it is not an ELF file");
}

static int read_header(struct reader *r)
{
	GElf_Ehdr ehdr;

	if (!gelf_getehdr(r->index->elf, &ehdr))
		return not_elf(r);
	if (ehdr.e_type != ET_REL && ehdr.e_type != ET_EXEC && ehdr.e_type != ET_DYN)
		return damaged(r, "KS920", "ELF type %u", ehdr.e_type);
	r->index->is_module = ehdr.e_type == ET_REL;
	return 0;
}

static int read_object(struct reader *r)
{
	int err;

	err = read_header(r);
	err = err ?: read_sections(r);
	if (err)
		return err;
	read_modinfo(r);
	err = read_symbols(r);
	err = err ?: read_build_id(r);
	if (!err)
		object_index_number(r->index);
	return err;
}

int object_index_load(const char *path, const char *object, struct object_index **out,
		      struct diag *diag)
{
	struct reader r = { .place = { .file = path }, .diag = diag };
	int err;

	r.index = calloc(1, sizeof(*r.index));
	if (!r.index)
		return diag_oom(diag);
	r.index->name = strdup(object);
	err = r.index->name ? elf_file_open(path, &r.index->elf) : -ENOMEM;
	if (err)
		err = err == -ENOEXEC ? not_elf(&r) : diag_errno(diag, -err, path, "read");
	else
		err = read_object(&r);
	free(r.sections);
	if (err)
		object_index_free(r.index);
	else
		*out = r.index;
	return err;
}

void object_index_free(struct object_index *index)
{
	if (!index)
		return;
	free(index->name);
	free(index->build_id);
	free(index->symbols);
	free(index->blocks);
	free(index->locals);
	free(index->text);
	elf_end(index->elf);
	free(index);
}

const char *object_index_name(const struct object_index *index)
{
	return index->name;
}

bool object_index_is_module(const struct object_index *index)
{
	return index->is_module;
}

const char *object_index_depends(const struct object_index *index)
{
	return index->depends ?: "";
}

/* modpost writes the file's name ("md-mod"), the kernel calls the module md_mod. */
static bool is_name_of(const char *file, size_t n, const char *object)
{
	size_t i = 0;

	while (i < n && object[i] == (file[i] == '-' ? '_' : file[i]))
		i++;
	return i == n && !object[n];
}

bool object_index_depends_on(const struct object_index *index, const char *object)
{
	size_t length;

	for (const char *at = index->depends; at && *at; at += length + (at[length] == ',')) {
		length = strcspn(at, ",");
		if (is_name_of(at, length, object))
			return true;
	}
	return false;
}

Elf *object_index_elf(const struct object_index *index)
{
	return index->elf;
}

const char *object_index_build_id(const struct object_index *index)
{
	return index->build_id;
}

const struct object_symbol *object_index_find(const struct object_index *index, const char *name,
					      size_t *n)
{
	size_t low = 0, high = index->n_symbols;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(index->symbols[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == index->n_symbols || strcmp(index->symbols[low].name, name)) {
		*n = 0;
		return NULL;
	}
	*n = index->symbols[low].count;
	return &index->symbols[low];
}

static bool block_has(const struct object_index *index, uint32_t block, const char *name)
{
	struct local key = { block, name };

	return bsearch(&key, index->locals, index->n_locals, sizeof(key), compare_local);
}

uint32_t object_index_next_block(const struct object_index *index, const char *file,
				 const char *const *names, size_t n_names, uint32_t block)
{
	size_t i;

	file = base_name(file);
	while (++block < index->n_blocks) {
		if (strcmp(index->blocks[block].file, file))
			continue;
		for (i = 0; i < n_names && block_has(index, block, names[i]); i++)
			;
		if (i == n_names)
			return block;
	}
	return 0;
}

size_t object_index_match_block(const struct object_index *index, const char *file,
				const char *const *names, size_t n_names, uint32_t *block)
{
	size_t matches = 0;

	for (uint32_t b = 0; (b = object_index_next_block(index, file, names, n_names, b));)
		if (!matches++)
			*block = b;
	return matches;
}

/* The first symbol at or after *@i that isn't a FILE symbol, or NULL. */
static const struct object_symbol *next_symbol(const struct object_index *index, size_t *i)
{
	while (*i < index->n_symbols && index->symbols[*i].type == STT_FILE)
		(*i)++;
	return *i < index->n_symbols ? &index->symbols[(*i)++] : NULL;
}

bool object_index_same_symbols(const struct object_index *a, const struct object_index *b)
{
	const struct object_symbol *x, *y;
	size_t i = 0, k = 0;

	do {
		x = next_symbol(a, &i);
		y = next_symbol(b, &k);
		if (x && y &&
		    (strcmp(x->name, y->name) || x->sympos != y->sympos || x->value != y->value ||
		     x->size != y->size || x->type != y->type))
			return false;
	} while (x && y);
	return !x && !y;
}
