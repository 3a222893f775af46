// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's makefiles don't work in a folder with a blank in its path: they
 * refuse it, after resolving links (Makefile, 6.1: "source directory cannot
 * contain spaces or colons"). But a user's home may have one.
 *
 * The files of one run can be anywhere. The cache is where the user wants it,
 * or where a link at that place leads. If nothing is there yet, we make the
 * link, so that users find what takes up their disk space.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/files.h"
#include "lib/paths.h"
#include "kpatch-build/kernel/plain-folders.h"
#include "lib/text.h"
#include "lib/temporary.h"

#define CACHES "/var/tmp"

static const char *const others[] = { "/tmp", CACHES };

/*
 * The compiler records paths in their simplest form, in which we look for them: no links, no "//".
 */
int plain_work_folder(const char *prefix, char **path)
{
	char *parent = realpath(getenv("TMPDIR") ?: "/tmp", NULL);
	int err = parent ? 0 : -errno;

	for (size_t i = 0; !err && !path_is_plain(parent); i++) {
		if (i == ARRAY_SIZE(others)) {
			free(parent);
			return -EINVAL;
		}
		free(parent);
		parent = realpath(others[i], NULL);
		err = parent ? 0 : -errno;
		/* otherwise scripts of the kernel would leave files there */
		if (!err && setenv("TMPDIR", parent, 1))
			err = -ENOMEM;
	}
	err = err ?: make_temp_dir(parent, prefix, path);
	free(parent);
	return err;
}

/* In a folder that all users may write to: it must be ours, and writable only by us. */
static bool is_own_folder(const char *path)
{
	struct stat st;

	return !lstat(path, &st) && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	       !(st.st_mode & 022);
}

static char *name_cache(const char *path)
{
	uint64_t sum = 0xcbf29ce484222325; /* FNV-1a */

	for (const char *c = path; *c; c++)
		sum = (sum ^ (unsigned char)*c) * 0x100000001b3;
	return format(CACHES "/klp-split-%u-%016lx", geteuid(), sum);
}

/* "~/.cache/klp-split" → "/var/tmp/klp-split-1000-…" */
static int make_cache(const char *path, char **plain)
{
	char *parent = strndup(path, strrchr(path, '/') - path);
	char *made = name_cache(path);
	int err = parent && made ? make_dirs(parent) : -ENOMEM;

	if (!err && mkdir(made, 0700) && errno != EEXIST)
		err = -errno;
	if (!err && !is_own_folder(made))
		err = -EINVAL;
	if (!err && symlink(made, path) && errno != EEXIST) /* another run may have been faster */
		err = -errno;
	if (!err)
		*plain = made;
	else
		free(made);
	free(parent);
	return err == -ENOMEM ? err : err ? -EINVAL : 0;
}

int plain_cache_folder(const char *path, char **plain)
{
	char *real;

	if (path_is_plain(path)) {
		*plain = strdup(path);
		return *plain ? 0 : -ENOMEM;
	}
	real = realpath(path, NULL);
	if (!real)
		return errno == ENOENT ? make_cache(path, plain) : -EINVAL;
	if (path_is_plain(real)) {
		*plain = real;
		return 0;
	}
	free(real);
	return -EINVAL;
}
