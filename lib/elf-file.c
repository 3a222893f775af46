// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * libelf can't read compressed files, and once the descriptor is closed it can't read what it
 * hasn't mapped. Callers need not know either: see elf-file.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/elf-file.h"
#include "lib/process.h"
#include "lib/temporary.h"
#include "lib/text.h"

static const struct {
	const char *ending, *program;
} packers[] = {
	{ ".xz", "xz" },
	{ ".gz", "gzip" },
	{ ".zst", "zstd" },
};

static const char *packer_of(const char *path)
{
	const char *ending = strrchr(path, '.') ?: "";

	for (size_t i = 0; i < ARRAY_SIZE(packers); i++)
		if (!strcmp(packers[i].ending, ending))
			return packers[i].program;
	return NULL;
}

static int map(const char *path, Elf_Cmd how, Elf **elf)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	elf_version(EV_CURRENT);
	*elf = elf_begin(fd, how, NULL);
	if (!*elf)
		err = -EIO;
	else if (elf_kind(*elf) != ELF_K_ELF)
		err = -ENOEXEC;
	/* everything is read through the mapping; libelf no longer needs the descriptor */
	else if (elf_cntl(*elf, ELF_C_FDREAD))
		err = -EIO;
	if (err)
		elf_end(*elf);
	close(fd);
	return err;
}

static int unpack(const char *program, const char *from, const char *to)
{
	const char *argv[] = { program, "-dc", from, NULL };
	struct process process = { .argv = argv, .output = to };
	int err = process_run(&process);

	process_end(&process);
	return err == -ECHILD ? -EIO : err;
}

static int map_unpacked(const char *program, const char *path, Elf_Cmd how, Elf **elf)
{
	char *folder, *plain;
	int err = make_temp_dir(NULL, "elf-", &folder);

	if (err)
		return err;
	plain = path_join(folder, "plain", NULL);
	err = plain ? unpack(program, path, plain) : -ENOMEM;
	err = err ?: map(plain, how, elf);
	remove_tree(folder);
	free(folder);
	free(plain);
	return err;
}

static int open_as(const char *path, Elf_Cmd how, Elf **elf)
{
	const char *program = packer_of(path);
	Elf *opened;
	int err = program ? map_unpacked(program, path, how, &opened) : map(path, how, &opened);

	if (!err)
		*elf = opened;
	return err;
}

int elf_file_open(const char *path, Elf **elf)
{
	return open_as(path, ELF_C_READ_MMAP, elf);
}

int elf_file_open_private(const char *path, Elf **elf)
{
	return open_as(path, ELF_C_READ_MMAP_PRIVATE, elf);
}
