// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * If something in a kernel still uses a name that is gone, the kernel doesn't
 * link. A livepatch of it would load: the running kernel has the old function,
 * and unchanged code goes on calling it, without the fix. So this checks
 * everything that the linker, modpost and the module loader would check.
 */
#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "lib/elf-file.h"
#include "lib/array.h"
#include "kpatch-build/build.h"
#include "lib/files.h"
#include "kpatch-build/check/globals.h"
#include "lib/text.h"
#include "lib/walk.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/check/symbol-users.h"
#include "kpatch-build/index/make-index.h"
#include "kpatch-build/check/lost-users.h"

/* Linker scripts, which use symbols by name. "%s" is the architecture. */
static const struct {
	const char *path;
	bool vmlinux;
} scripts[] = {
	{ "arch/%s/kernel/vmlinux.lds.S", true },
	{ "include/asm-generic/vmlinux.lds.h", true },
	{ "scripts/module.lds.S", false },
};

static int find_changed_user(const struct reached *reached, const struct globals *globals,
			     const struct global *lost, char **text, struct diag *diag)
{
	const struct unit *from = &reached->units[lost->unit];
	const struct global *row = lost;

	while (row > globals->list && !strcmp(row[-1].name, lost->name))
		row--;
	for (; row < globals->list + globals->n && !strcmp(row->name, lost->name); row++) {
		const struct unit *unit = &reached->units[row->unit];
		bool same = !strcmp(unit->object, from->object);
		bool weak = same && row->is.weak && side_is_public(&row->is) &&
			    side_is_public(&row->was);

		if (!weak && !(row->is.undefined && (same || lost->was.exported)))
			continue;
		*text = weak ? format("a kernel of this source would use the weak one of %s",
				      unit->source)
			     : format("%s still uses it", unit->source);
		return *text ? 0 : diag_oom(diag);
	}
	return 0;
}

/*
 * If a file can't be read, there is no answer. Taking that for "no" would accept a livepatch whose
 * users were not searched.
 */
static int open_to_ask(const char *path, Elf **elf, struct diag *diag)
{
	int err = elf_file_open(path, elf);

	if (!err)
		return 0;
	return diag_error(diag, "KS153", NULL, "%s (%s)", path,
			  err == -ENOEXEC ? "not an ELF file" : strerror(-err));
}

int binary_refers_to(const char *path, const char *name, bool *refers, struct diag *diag)
{
	Elf *elf = NULL;
	Elf_Scn *scn = NULL;
	bool found = false, table = false;
	GElf_Shdr shdr;
	GElf_Sym sym;
	int err;

	err = open_to_ask(path, &elf, diag);
	if (err)
		return err;
	while (!found && (scn = elf_nextscn(elf, scn))) {
		Elf_Data *data;

		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_SYMTAB ||
		    !(data = elf_getdata(scn, NULL)))
			continue;
		table = true;
		for (int i = 1; !found && gelf_getsym(data, i, &sym); i++) {
			const char *have = elf_strptr(elf, shdr.sh_link, sym.st_name);

			found = sym.st_shndx == SHN_UNDEF && have && !strcmp(have, name);
		}
	}
	elf_end(elf);
	if (!table)
		return diag_error(diag, "KS153", NULL, "%s (no symbol table)", path);
	*refers = found;
	return 0;
}

/* Does one of its sections contain @name as a string? The names of its own exports don't count. */
static bool has_string(Elf *elf, const char *name)
{
	size_t size = strlen(name) + 1, strings;
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	if (elf_getshdrstrndx(elf, &strings))
		return false;
	while ((scn = elf_nextscn(elf, scn))) {
		const char *section, *at, *begin;
		Elf_Data *data;

		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_PROGBITS ||
		    !(shdr.sh_flags & SHF_ALLOC) || shdr.sh_flags & SHF_EXECINSTR ||
		    !(section = elf_strptr(elf, strings, shdr.sh_name)) ||
		    !strcmp(section, "__ksymtab_strings") || !(data = elf_rawdata(scn, NULL)))
			continue;
		begin = data->d_buf;
		for (at = begin; (at = memmem(at, begin + data->d_size - at, name, size)); at++)
			if (at == begin || !at[-1])
				return true;
	}
	return false;
}

/* symbol_get() looks up an export by its name, which then is a string. */
static int looks_up(const char *path, const char *name, bool *found, struct diag *diag)
{
	bool by_name = false;
	Elf *elf = NULL;
	int err;

	err = binary_refers_to(path, "__symbol_get", &by_name, diag);
	if (!err && by_name)
		err = open_to_ask(path, &elf, diag);
	if (err)
		return err;
	*found = elf && has_string(elf, name);
	if (elf)
		elf_end(elf);
	return 0;
}

/* "net/netfilter/nf-tables.ko" → "nf_tables" */
static char *module_name(const char *file)
{
	char *name = strndup(file, strcspn(file, "."));

	for (char *c = name; c && *c; c++)
		*c = *c == '-' ? '_' : *c;
	return name;
}

/* Are all users of the name in this module compiled again? */
static int ask_module(const struct reached *reached, const char *file, const char *name,
		      char **text, struct diag *diag)
{
	char *module = module_name(file);
	const struct object *object = module ? build_find_object(reached, module) : NULL;
	int err = module ? 0 : diag_oom(diag);

	if (object)
		err = find_uncompiled_user(reached, object, name, text, diag);
	else if (!err && !(*text = format("module %s uses it", module)))
		err = diag_oom(diag);
	free(module);
	return err;
}

static int ask_file(const struct reached *reached, const FTSENT *entry, const char *name,
		    char **text, struct diag *diag)
{
	bool refers = false, found = false;
	int err;

	if (!fnmatch("*.ko.*", entry->fts_name, 0) && fnmatch("*.ko.debug", entry->fts_name, 0)) {
		*text = format("%s is compressed, so whether it uses the symbol is unknown",
			       entry->fts_name);
		return *text ? 0 : diag_oom(diag);
	}
	if (fnmatch("*.ko", entry->fts_name, 0))
		return 0;
	err = binary_refers_to(entry->fts_path, name, &refers, diag);
	if (!err && refers)
		return ask_module(reached, entry->fts_name, name, text, diag);
	err = err ?: looks_up(entry->fts_path, name, &found, diag);
	if (err || !found)
		return err;
	*text = format("%s looks it up by name (symbol_get())", entry->fts_name);
	return *text ? 0 : diag_oom(diag);
}

int find_module_user(const struct kernel *kernel, const struct reached *reached, const char *name,
		     char **text, struct diag *diag)
{
	const char *root = path_exists(kernel->debug_modules) ? kernel->debug_modules
							      : kernel->modules;
	char *const roots[] = { (char *)root, NULL };
	FTS *fts = fts_open(roots, FTS_LOGICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	int err = fts ? 0 : diag_errno(diag, errno, root, "read");

	while (!err && !*text) {
		err = walk_next(fts, &entry);
		if (err)
			diag_error(diag, "KS153", NULL, "%s (%s)", entry ? entry->fts_path : root,
				   strerror(-err));
		else if (!entry)
			break;
		/* FTS_SLNONE, a broken link: a module of that name can't be checked */
		else if (entry->fts_info == FTS_F || entry->fts_info == FTS_SLNONE)
			err = ask_file(reached, entry, name, text, diag);
	}
	if (fts)
		fts_close(fts);
	return err;
}

static char *script_path(const struct kernel *kernel, const char *pattern)
{
	const char *mark = strstr(pattern, "%s");

	return mark ? format("%s/%.*s%s%s", kernel->source, (int)(mark - pattern), pattern,
			     kernel_arch(kernel->vmlinux), mark + 2)
		    : path_join(kernel->source, pattern, NULL);
}

static int find_script_user(const struct kernel *kernel, const char *name, bool vmlinux,
			    char **text, struct diag *diag)
{
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(scripts) && !*text && !err; i++) {
		char *path, *script = NULL;
		size_t size;

		if (scripts[i].vmlinux != vmlinux)
			continue;
		path = script_path(kernel, scripts[i].path);
		if (!path)
			return diag_oom(diag);
		err = read_file_if_there(path, &script, &size);
		if (err)
			diag_errno(diag, -err, path, "read");
		else if (script && text_has_word(script, name) &&
			 !(*text = format("the linker script uses it (%s)",
					  path + strlen(kernel->source) + 1)))
			err = diag_oom(diag);
		free(script);
		free(path);
	}
	return err;
}

/* An export that is gone does no harm by itself, unless a module of this kernel imports it. */
static int find_importer(const struct kernel *kernel, const struct reached *reached,
			 const struct global *lost, char **text, struct diag *diag)
{
	return lost->was.exported && !lost->is.exported
		       ? find_module_user(kernel, reached, lost->name, text, diag)
		       : 0;
}

int find_lost_user(const struct kernel *kernel, const struct reached *reached,
		   const struct globals *globals, const struct global *lost, char **text,
		   struct diag *diag)
{
	const struct object *object = build_find_object(reached, reached->units[lost->unit].object);
	int err;

	*text = NULL;
	err = find_changed_user(reached, globals, lost, text, diag);
	if (!err && !*text)
		err = find_importer(kernel, reached, lost, text, diag);
	if (!err && !*text)
		err = find_script_user(kernel, lost->name, object == reached->objects, text, diag);
	if (!err && !*text)
		err = find_uncompiled_user(reached, object, lost->name, text, diag);
	return err;
}
