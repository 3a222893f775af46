// SPDX-License-Identifier: GPL-2.0-or-later
/* See paths.h. */
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "lib/paths.h"

/* Where the last component of @path, @length bytes long, begins. */
static size_t last_component(const char *path, size_t length)
{
	while (length && path[length - 1] != '/')
		length--;
	return length;
}

const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char *path_without_dots(const char *path)
{
	char *result = malloc(strlen(path) + 2);
	size_t length = 0, n;

	if (!result)
		return NULL;
	if (*path == '/')
		result[length++] = '/';
	for (; *path; path += n) {
		path += strspn(path, "/");
		n = strcspn(path, "/");
		if (!n || (n == 1 && *path == '.'))
			continue;
		/* what is left ends in '/': a component to take back, unless that is ".." too */
		if (n == 2 && str_starts(path, "..") && length > 1 &&
		    !str_starts(result + last_component(result, length - 1), "../")) {
			length = last_component(result, length - 1);
			continue;
		}
		memcpy(result + length, path, n);
		length += n;
		result[length++] = '/';
	}
	if (length > 1)
		length--;
	result[length] = '\0';
	return result;
}

size_t path_depth(const char *path)
{
	size_t depth = 0;

	for (; *path; path++)
		depth += *path == '/';
	return depth;
}

bool path_is_plain(const char *path)
{
	return !strpbrk(path, " \t\n:#$'\"\\");
}
