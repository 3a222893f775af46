// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads facts about a shipped binary: see shipped.h. */
#include <errno.h>
#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/elf-file.h"
#include "kpatch-build/kernel/shipped.h"

int shipped_open(const char *path, Elf **elf, struct diag *diag)
{
	int err = elf_file_open(path, elf);

	if (!err)
		return 0;
	return err == -ENOEXEC ? diag_error(diag, "KS910", NULL, "%s", path)
			       : diag_errno(diag, -err, path, "open");
}

static Elf_Scn *find_section(Elf *elf, const char *name)
{
	size_t strings;
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;

	if (elf_getshdrstrndx(elf, &strings))
		return NULL;
	while ((scn = elf_nextscn(elf, scn))) {
		const char *have;

		if (!gelf_getshdr(scn, &shdr))
			continue;
		have = elf_strptr(elf, strings, shdr.sh_name);
		if (have && !strcmp(have, name))
			return scn;
	}
	return NULL;
}

int shipped_section(const char *path, const char *name, char **data, size_t *size,
		    struct diag *diag)
{
	Elf_Data *raw;
	Elf_Scn *scn;
	Elf *elf;
	char *copy;
	int err;

	err = shipped_open(path, &elf, diag);
	if (err)
		return err;
	scn = find_section(elf, name);
	raw = scn ? elf_rawdata(scn, NULL) : NULL;
	if (!raw || !raw->d_buf) {
		err = -ENOENT;
	} else if (!(copy = malloc(raw->d_size + 1))) {
		err = diag_oom(diag);
	} else {
		memcpy(copy, raw->d_buf, raw->d_size);
		copy[raw->d_size] = '\0';
		*data = copy;
		*size = raw->d_size;
	}
	elf_end(elf);
	return err;
}

/*
 * Notes are in ".notes" (vmlinux) or ".note.gnu.build-id" (modules), so search all of them. Returns
 * a copy with a NUL after its *@size bytes; NULL if there is none.
 */
static char *find_note(Elf *elf, const char *owner, GElf_Word type, size_t *size)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr shdr;
	char *copy;

	while ((scn = elf_nextscn(elf, scn))) {
		size_t at = 0, name, desc;
		Elf_Data *data;
		GElf_Nhdr note;

		if (!gelf_getshdr(scn, &shdr) || shdr.sh_type != SHT_NOTE)
			continue;
		data = elf_getdata(scn, NULL);
		while (data && (at = gelf_getnote(data, at, &note, &name, &desc))) {
			if (note.n_type != type || note.n_namesz != strlen(owner) + 1 ||
			    memcmp((char *)data->d_buf + name, owner, note.n_namesz))
				continue;
			copy = calloc(1, note.n_descsz + 1);
			if (copy)
				memcpy(copy, (char *)data->d_buf + desc, note.n_descsz);
			*size = note.n_descsz;
			return copy;
		}
	}
	return NULL;
}

static char *build_id_of(Elf *elf)
{
	size_t size;
	char *bytes = find_note(elf, "GNU", NT_GNU_BUILD_ID, &size);
	char *hex = bytes ? calloc(1, 2 * size + 1) : NULL;

	for (size_t i = 0; hex && i < size; i++)
		sprintf(hex + 2 * i, "%02x", (unsigned char)bytes[i]);
	free(bytes);
	return hex;
}

/* include/linux/build-salt.h: LINUX_ELFNOTE_BUILD_SALT */
#define NT_BUILD_SALT 0x100

int shipped_build_salt(const char *path, char **salt, struct diag *diag)
{
	size_t size;
	Elf *elf;
	int err;

	err = shipped_open(path, &elf, diag);
	if (err)
		return err;
	*salt = find_note(elf, "Linux", NT_BUILD_SALT, &size);
	elf_end(elf);
	return *salt ? 0 : -ENOENT;
}

int shipped_build_id(const char *path, char **hex, struct diag *diag)
{
	Elf *elf;
	int err;

	err = shipped_open(path, &elf, diag);
	if (err)
		return err;
	*hex = build_id_of(elf);
	elf_end(elf);
	if (!*hex) {
		diag_error(diag, "KS301", NULL, "%s has no build-id", path);
		return -ENOENT;
	}
	return 0;
}

int shipped_banner(const char *vmlinux, char **banner, struct diag *diag)
{
	static const char begin[] = "Linux version ";
	char *data, *at;
	size_t size;
	int err;

	err = shipped_section(vmlinux, ".rodata", &data, &size, diag);
	if (err && err != -ENOENT)
		return err;
	at = err ? NULL : memmem(data, size, begin, strlen(begin));
	/* skip the format string "Linux version %s" of older kernels */
	while (at && at[strlen(begin)] == '%')
		at = memmem(at + 1, data + size - at - 1, begin, strlen(begin));
	if (!at) {
		if (!err)
			free(data);
		return diag_error(diag, "KS301", NULL, "%s has no banner of a Linux kernel",
				  vmlinux);
	}
	*banner = strndup(at, strcspn(at, "\n"));
	free(data);
	return *banner ? 0 : diag_oom(diag);
}
