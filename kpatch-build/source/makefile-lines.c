// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A new file needs a changed makefile, and most other changes of a makefile
 * would make an object that differs from the running kernel's. Only lines that
 * can be part of a list of objects are accepted here; make later tells what
 * they mean.
 */
#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "lib/array.h"
#include "kpatch-build/source/makefile-lines.h"

/* Lists that also end in -y, but not of objects that are linked. */
static const char *const other_lists[] = {
	"lib-*",      "extra-*",  "always-*", "targets*",  "subdir-*", "hostprogs*",
	"userprogs*", "*flags-*", "core-*",   "drivers-*", "libs-*",   "head-*",
};

static bool is_word(int c)
{
	return isalnum(c) || strchr("_-./", c);
}

/* "a.o b.o \": nothing but objects up to the end or a comment. */
static bool are_objects(const char *at)
{
	for (;;) {
		const char *word;

		at += strspn(at, " \t\r");
		if (!*at || *at == '\n' || *at == '#')
			return true;
		if (*at == '\\')
			return at[1 + strspn(at + 1, " \t\r")] == '\n' || !at[1];
		for (word = at; *at && is_word(*at); at++)
			;
		if (at - word < 3 || !str_starts(at - 2, ".o"))
			return false;
	}
}

/* "obj-$(CONFIG_X) += ", "name-y := ", "name-objs := "; NULL if it is something else. */
static const char *behind_assignment(const char *line)
{
	const char *at = line, *dash;
	char *name;
	bool other = false;

	while (isalnum(*at) || *at == '_' || *at == '-')
		at++;
	name = strndup(line, at - line);
	for (size_t i = 0; name && i < ARRAY_SIZE(other_lists); i++)
		other |= !fnmatch(other_lists[i], name, 0);
	dash = name ? strrchr(name, '-') : NULL;
	if (!dash)
		other = true;
	else if (str_starts(at, "$(CONFIG_") && !dash[1])
		at += strcspn(at, ")\n") + 1;
	else if (strcmp(dash, "-y") && strcmp(dash, "-objs") && strcmp(dash, "-m"))
		other = true;
	free(name);
	if (other)
		return NULL;
	at += strspn(at, " \t");
	at += *at == '+' || *at == ':';
	return *at == '=' ? at + 1 : NULL;
}

bool makefile_line_lists_objects(const char *line)
{
	const char *words = behind_assignment(line);

	return are_objects(words ?: line);
}
