// SPDX-License-Identifier: GPL-2.0-or-later
/* See elf-strings.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/elf-strings.h"

int elf_strings_add(struct elf_strings *strings, const char *s, uint32_t *offset)
{
	size_t size = strlen(s) + 1;

	if (!*s && strings->size) {
		*offset = 0;
		return 0;
	}
	if (strings->size + size > strings->cap) {
		size_t cap = (strings->size + size) * 2;
		char *bytes = realloc(strings->bytes, cap);

		if (!bytes)
			return -ENOMEM;
		strings->bytes = bytes;
		strings->cap = cap;
	}
	if (strings->size > UINT32_MAX - size)
		return -EOVERFLOW;
	*offset = strings->size;
	memcpy(strings->bytes + strings->size, s, size);
	strings->size += size;
	return 0;
}
