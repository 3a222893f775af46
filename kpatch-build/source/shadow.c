// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A link to a folder is a trap: a program that creates a file in it writes into
 * the source. So every folder that a diff may write to is real, also for files
 * that are new or irrelevant for the build. See shadow.h.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/files.h"
#include "kpatch-build/source/shadow.h"
#include "lib/text.h"

struct shadow {
	const char *source, *shadow;
	const char *const *paths;
	size_t n;
	char **failed;
};

enum relation { UNRELATED, IS_FILE, IS_ON_THE_WAY };

static enum relation relation(const struct shadow *s, const char *relative)
{
	size_t length = strlen(relative);

	for (size_t i = 0; i < s->n; i++) {
		if (strncmp(s->paths[i], relative, length))
			continue;
		if (s->paths[i][length] == '\0')
			return IS_FILE;
		if (s->paths[i][length] == '/')
			return IS_ON_THE_WAY;
	}
	return UNRELATED;
}

static int make_folder(const struct shadow *s, const char *relative);

/* If the source itself is a tree of links, the target of a link is the file. */
static bool leads_out(const char *source, const char *path)
{
	char *real = realpath(path, NULL), *root = realpath(source, NULL);
	struct stat st;
	bool leads = real && root && !str_starts(real, root) && !stat(real, &st) &&
		     S_ISREG(st.st_mode);

	free(root);
	free(real);
	return leads;
}

static int make_entry(const struct shadow *s, const char *relative)
{
	char *from = path_join(s->source, relative, NULL);
	char *to = path_join(s->shadow, relative, NULL);
	struct stat st;
	int err = from && to ? 0 : -ENOMEM;

	if (!err && lstat(from, &st))
		err = -errno;
	if (!err) {
		enum relation r = relation(s, relative);

		if (r == IS_ON_THE_WAY && S_ISDIR(st.st_mode))
			err = make_folder(s, relative);
		else if (r == IS_FILE && (S_ISREG(st.st_mode) || leads_out(s->source, from)))
			err = copy_file(from, to) ?: chmod(to, 0644) ? -errno : 0;
		else if (r != UNRELATED) /* a link, or a file where a folder is expected */
			err = -ELOOP;
		else
			err = symlink(from, to) ? -errno : 0;
	}
	if (err && !*s->failed) {
		*s->failed = to;
		to = NULL;
	}
	free(from);
	free(to);
	return err;
}

static int make_folder(const struct shadow *s, const char *relative)
{
	char *from = path_join(s->source, relative, NULL);
	char *to = path_join(s->shadow, relative, NULL);
	struct dirent *entry;
	DIR *dir = NULL;
	int err = from && to ? 0 : -ENOMEM;

	if (!err && mkdir(to, 0777) && errno != EEXIST)
		err = -errno;
	if (!err && !(dir = opendir(from)))
		err = -errno;
	while (!err && (entry = readdir(dir))) {
		char *name;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		name = *relative ? path_join(relative, entry->d_name, NULL) : strdup(entry->d_name);
		err = name ? make_entry(s, name) : -ENOMEM;
		free(name);
	}
	if (dir)
		closedir(dir);
	if (err && !*s->failed) {
		*s->failed = to;
		to = NULL;
	}
	free(from);
	free(to);
	return err;
}

int shadow_make(const char *source, const char *shadow, const char *const *paths, size_t n,
		char **failed)
{
	struct shadow s = { source, shadow, paths, n, failed };

	*failed = NULL;
	return make_folder(&s, "");
}

int shadow_open_folder(const char *source, const char *shadow, const char *folder)
{
	char *failed = NULL;
	struct shadow s = { source, shadow, NULL, 0, &failed };
	int err = 0;

	for (const char *end = folder; *end && !err; end += *end == '/') {
		char *relative, *path;
		struct stat st;

		end += strcspn(end, "/");
		relative = strndup(folder, end - folder);
		path = relative ? path_join(shadow, relative, NULL) : NULL;
		if (!path)
			err = -ENOMEM;
		else if (lstat(path, &st))
			err = -errno;
		else if (S_ISLNK(st.st_mode))
			err = unlink(path) ? -errno : make_folder(&s, relative);
		free(relative);
		free(path);
	}
	free(failed);
	return err == -ENOENT ? 0 : err;
}
