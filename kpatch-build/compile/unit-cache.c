// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lists sources as lines "size seconds.nanoseconds path", in the order of the
 * .cmd file: see unit-cache.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/files.h"
#include "kpatch-build/compile/unit-cache.h"
#include "lib/text.h"

#define BETWEEN " \t\n\\"

static bool is_in_source(const struct kernel *kernel, const char *path, size_t n)
{
	size_t root = strlen(kernel->source);

	return n > root + 1 && !strncmp(path, kernel->source, root) && path[root] == '/';
}

static void print_source(FILE *out, const struct stat *st, const char *path)
{
	fprintf(out, "%lld %lld.%09ld %s\n", (long long)st->st_size, (long long)st->st_mtim.tv_sec,
		st->st_mtim.tv_nsec, path);
}

int unit_cache_write_sources(const struct kernel *kernel, const char *cmd, const char *path)
{
	/* the command before it contains paths of the source that are options */
	const char *at = strstr(cmd, "\nsource_");
	char *text = NULL;
	size_t size, n, found = 0;
	FILE *out = open_memstream(&text, &size);
	int err = out ? 0 : -ENOMEM;

	for (; !err && at && *at; at += n) {
		char *file;
		struct stat st;

		at += strspn(at, BETWEEN);
		n = strcspn(at, BETWEEN);
		if (!is_in_source(kernel, at, n))
			continue;
		file = strndup(at, n);
		err = !file ? -ENOMEM : stat(file, &st) ? -errno : 0;
		if (!err) {
			print_source(out, &st, file);
			found++;
		}
		free(file);
	}
	if (out && fclose(out))
		err = err ?: -ENOMEM;
	if (!err && !found)
		err = -EINVAL;
	err = err ?: write_file_atomic(path, text, size, 0644);
	free(text);
	return err;
}

static bool is_same(const char *line, size_t n)
{
	const char *path = memchr(line, ' ', n);
	char *now = NULL, *copy;
	size_t size;
	struct stat st;
	FILE *out;
	bool same;

	path = path ? memchr(path + 1, ' ', line + n - path - 1) : NULL;
	copy = path ? strndup(path + 1, line + n - path - 1) : NULL;
	out = copy && !stat(copy, &st) ? open_memstream(&now, &size) : NULL;
	if (out)
		print_source(out, &st, copy);
	same = out && !fclose(out) && size == n + 1 && !strncmp(now, line, n);
	free(now);
	free(copy);
	return same;
}

bool unit_is_cached(const struct job *job, const struct unit *unit)
{
	size_t n = strlen(job->work);
	char *path = path_join(unit->cached, "sources", NULL), *text = NULL, *line, *end;
	size_t size;
	bool own = !strncmp(unit->cached, job->work, n) && unit->cached[n] == '/';
	bool same = !own && path && !read_file(path, &text, &size) && size;

	for (line = text; same && *line; line = end + 1) {
		end = strchr(line, '\n');
		same = end && is_same(line, end - line);
	}
	free(text);
	free(path);
	return own ? path_exists(unit->cached) : same;
}

void unit_cache_forget(const struct unit *unit)
{
	char *path = format("%s/sources", unit->cached);

	if (path)
		unlink(path);
	free(path);
}
