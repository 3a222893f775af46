// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Newer kernels ship their modules compressed. libkmod unpacks them for itself
 * and gives nobody the result.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/files.h"
#include "lib/process.h"
#include "kpatch/machine/unpack.h"
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

static int unpack(struct host *host, const char *program, const char *from, const char *to)
{
	const char *argv[] = { program, "-dc", from, NULL };
	struct process process = { .argv = argv, .output = to };
	int err = process_run(&process);

	process_end(&process);
	return err ? diag_errno(host->diag, err == -ECHILD ? EIO : -err, from, "unpack") : 0;
}

int module_unpacked(struct host *host, const char *name, const char *folder, char **path)
{
	char *found = NULL, *to;
	const char *program;
	int err = host->modules->find(host, name, &found);

	if (err)
		return err;
	program = packer_of(found);
	if (!program) {
		*path = found;
		return 0;
	}
	to = format("%s/%s.ko", folder, name);
	err = to ? unpack(host, program, found, to) : diag_oom(host->diag);
	free(found);
	if (err)
		free(to);
	else
		*path = to;
	return err;
}
