// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading /sys and /proc is inherently racy: a livepatch or a task may disappear
 * between two reads. So a missing file is an answer here, not an error; callers
 * decide what its absence means.
 */
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kpatch/machine/host.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "lib/text.h"

static char *path_of(const struct host *host, const char *fmt, va_list args)
{
	char *relative = NULL, *path;

	if (vasprintf(&relative, fmt, args) < 0)
		return NULL;
	path = format("%s%s", host->root, relative);
	free(relative);
	return path;
}

char *host_path(const struct host *host, const char *fmt, ...)
{
	va_list args;
	char *path;

	va_start(args, fmt);
	path = path_of(host, fmt, args);
	va_end(args);
	return path;
}

bool host_has(const struct host *host, const char *fmt, ...)
{
	va_list args;
	char *path;
	bool has;

	va_start(args, fmt);
	path = path_of(host, fmt, args);
	va_end(args);
	has = path && path_exists(path);
	free(path);
	return has;
}

static char *read_text(const char *path)
{
	char *text;
	size_t size;
	int err = read_file(path, &text, &size);

	if (err) {
		errno = -err;
		return NULL;
	}
	if (size && text[size - 1] == '\n')
		text[size - 1] = '\0';
	return text;
}

char *host_read(const struct host *host, const char *fmt, ...)
{
	char *path, *text;
	va_list args;

	va_start(args, fmt);
	path = path_of(host, fmt, args);
	va_end(args);
	text = path ? read_text(path) : NULL;
	free(path);
	return text;
}

long host_number(const struct host *host, long otherwise, const char *fmt, ...)
{
	char *path, *text, *end;
	long number = otherwise;
	va_list args;

	va_start(args, fmt);
	path = path_of(host, fmt, args);
	va_end(args);
	text = path ? read_text(path) : NULL;
	if (text && *text) {
		number = strtol(text, &end, 10);
		if (*end)
			number = otherwise;
	}
	free(text);
	free(path);
	return number;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int host_list(const struct host *host, struct strvec *names, const char *fmt, ...)
{
	struct strvec found = { 0 };
	struct dirent *entry;
	va_list args;
	char *path;
	int err = 0;
	DIR *dir;

	va_start(args, fmt);
	path = path_of(host, fmt, args);
	va_end(args);
	if (!path)
		return -ENOMEM;
	dir = opendir(path);
	free(path);
	if (!dir && errno != ENOENT)
		return -errno;
	while (dir && !err && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			err = strvec_add(&found, entry->d_name);
	if (dir)
		closedir(dir);
	if (err) {
		strvec_free(&found);
		return err;
	}
	if (found.n)
		qsort(found.list, found.n, sizeof(*found.list), compare_names);
	*names = found;
	return 0;
}

long long host_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

bool host_pause(const struct host *host, unsigned int ms)
{
	struct pollfd signals = { .fd = host->signals, .events = POLLIN };

	return poll(&signals, 1, ms) > 0;
}

void host_sleep(unsigned int ms)
{
	poll(NULL, 0, ms);
}

bool host_interrupted(const struct host *host)
{
	return host_pause(host, 0);
}

void host_say(const struct host *host, const char *fmt, ...)
{
	va_list args;

	if (!host->progress)
		return;
	va_start(args, fmt);
	vfprintf(host->progress, fmt, args);
	va_end(args);
	fputc('\n', host->progress);
	fflush(host->progress);
}
