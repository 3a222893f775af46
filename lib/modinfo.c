// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A search for "livepatch=" anywhere in the section would also find it in the
 * middle of a description. So only whole strings are compared, as the kernel
 * does (kernel/module/main.c: get_next_modinfo()).
 */
#include <string.h>

#include "lib/modinfo.h"

const char *modinfo_next(const void *data, size_t size, const char *tag, size_t *at)
{
	const char *text = data, *end;
	size_t length = strlen(tag);

	while (*at < size && (end = memchr(text + *at, '\0', size - *at))) {
		const char *entry = text + *at;

		*at = end - text + 1;
		if (!strncmp(entry, tag, length) && entry[length] == '=')
			return entry + length + 1;
	}
	return NULL;
}

const char *modinfo_get(const void *data, size_t size, const char *tag)
{
	size_t at = 0;

	return modinfo_next(data, size, tag, &at);
}
