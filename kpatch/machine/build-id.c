// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel shows its notes and those of each module as they are in memory: a
 * sequence of ELF notes, each padded to four bytes. libelf reads notes only from
 * ELF files, so this is a small reader for both.
 */
#include <elf.h>
#include <errno.h>
#include <libelf.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/machine/build-id.h"
#include "lib/elf-file.h"
#include "lib/files.h"

static char *to_hex(const unsigned char *bytes, size_t size)
{
	char *hex = malloc(2 * size + 1);

	for (size_t i = 0; hex && i < size; i++)
		sprintf(hex + 2 * i, "%02x", bytes[i]);
	return hex;
}

static size_t padded(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

char *build_id_in_notes(const void *notes, size_t size)
{
	const unsigned char *at = notes;
	Elf64_Nhdr note;

	while (size >= sizeof(note)) {
		size_t name, value;

		memcpy(&note, at, sizeof(note));
		name = padded(note.n_namesz);
		value = padded(note.n_descsz);
		at += sizeof(note);
		size -= sizeof(note);
		if (name > size || note.n_descsz > size - name)
			return NULL;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && note.n_descsz &&
		    !memcmp(at, "GNU", 4))
			return to_hex(at + name, note.n_descsz);
		if (value > size - name)
			return NULL;
		at += name + value;
		size -= name + value;
	}
	return NULL;
}

static char *build_id_in_notes_file(char *path)
{
	char *notes, *id = NULL;
	size_t size;

	if (path && !read_file(path, &notes, &size)) {
		id = build_id_in_notes(notes, size);
		free(notes);
	}
	free(path);
	return id;
}

char *build_id_of_kernel(const struct host *host)
{
	return build_id_in_notes_file(host_path(host, "/sys/kernel/notes"));
}

char *build_id_of_loaded(const struct host *host, const char *module)
{
	return build_id_in_notes_file(
		host_path(host, "/sys/module/%s/notes/.note.gnu.build-id", module));
}

char *build_id_of_file(const char *path)
{
	Elf_Scn *section = NULL;
	Elf_Data *data;
	GElf_Shdr header;
	char *id = NULL;
	Elf *elf;

	if (elf_file_open(path, &elf))
		return NULL;
	while (!id && (section = elf_nextscn(elf, section))) {
		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_NOTE)
			continue;
		data = elf_rawdata(section, NULL);
		if (data)
			id = build_id_in_notes(data->d_buf, data->d_size);
	}
	elf_end(elf);
	return id;
}
