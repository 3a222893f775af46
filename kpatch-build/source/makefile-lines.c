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
	return isalnum(c) || (c && strchr("_-./", c));
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
static const char *after_assignment(const char *line)
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
	const char *words = after_assignment(line);

	return are_objects(words ?: line);
}

/* A line with its continuation lines, without the comment. Caller frees; NULL: no memory. */
static char *logical_line(const char **text)
{
	const char *at = *text;
	char *line = malloc(strlen(at) + 1), *to = line;
	bool comment = false;

	for (; line && *at && *at != '\n'; at++) {
		if (*at == '\\' && at[1] == '\n') {
			*to++ = ' ';
			at++;
			continue;
		}
		comment |= *at == '#';
		if (!comment)
			*to++ = *at;
	}
	*text = *at ? at + 1 : at;
	if (line)
		*to = '\0';
	return line;
}

/* Does a file's name begin at @at? "x.o" isn't in "sub/x.o", nor in "y-x.o", but in "$(obj)/x.o". */
static bool begins_name(const char *line, const char *at)
{
	return at == line || !is_word(at[-1]) || (at[-1] == '/' && at - line > 1 && at[-2] == ')');
}

/* Flags of one object: they matter only if it is built. */
static const char *const object_flags[] = {
	"CFLAGS_",
	"CFLAGS_REMOVE_",
	"AFLAGS_",
	"AFLAGS_REMOVE_",
	"KASAN_SANITIZE_",
	"KCSAN_SANITIZE_",
	"KMSAN_SANITIZE_",
	"UBSAN_SANITIZE_",
	"KCOV_INSTRUMENT_",
	"GCOV_PROFILE_",
	"OBJECT_FILES_NON_STANDARD_",
};

const char *makefile_object_of_flag(const char *name)
{
	const char *object = NULL;

	/* the longest: "CFLAGS_REMOVE_x.o" isn't about REMOVE_x.o */
	for (size_t i = 0; i < ARRAY_SIZE(object_flags); i++) {
		const char *after_flag = name + strlen(object_flags[i]);

		if (str_starts(name, object_flags[i]) && (!object || after_flag > object))
			object = after_flag;
	}
	return object;
}

/* "obj-$(CONFIG_X) +=", "name-y :=", "name-objs =": a list of objects; *@n: of its name without the end. */
static bool is_list_of_objects(const char *line, size_t *n)
{
	const char *equals = strchr(line, '='), *end, *dash = NULL;
	char *name;
	bool is;

	if (!equals)
		return false;
	line += strspn(line, " ");
	for (end = equals; end > line && strchr(" \t+:?", end[-1]); end--)
		;
	for (const char *at = line; at < end && *at != '$'; at++)
		dash = *at == '-' ? at : dash;
	for (const char *at = line; at < end && *at != '$'; at++)
		if (!isalnum((unsigned char)*at) && *at != '_' && *at != '-')
			return false;
	name = strndup(line, end - line);
	is = name && dash;
	for (size_t i = 0; is && i < ARRAY_SIZE(other_lists); i++)
		is = !strcmp(other_lists[i], "lib-*") || fnmatch(other_lists[i], name, 0);
	if (is && dash[1] != '$')
		is = !strcmp(name + (dash - line), "-y") || !strcmp(name + (dash - line), "-m") ||
		     !strcmp(name + (dash - line), "-objs");
	else if (is)
		is = end[-1] == ')';
	*n = dash ? dash - line : 0;
	free(name);
	return is;
}

/* Does a program of the build consist of the objects that the list @name names? */
static bool is_program(const char *text, const char *name, size_t n)
{
	bool is = false;

	while (*text && !is) {
		char *line = logical_line(&text), *at;

		if (!line)
			return true;
		if (strstr(line, "hostprogs") || strstr(line, "userprogs"))
			for (at = line; !is && (at = strpbrk(at + 1, " \t="));)
				is = !strncmp(at + 1, name, n) && !is_word(at[1 + n]);
		free(line);
	}
	return is;
}

static enum makefile_use use_in_line(const char *text, const char *line, const char *at,
				     const char *stem, size_t n)
{
	const char *name = at;
	size_t list;

	if (strncmp(at + n, ".o", 2) || is_word(at[n + 2]))
		return MAKEFILE_OTHER; /* unknown: the source, a program, a folder */
	/* "$(obj)/x.o: …" says what it needs, "…: $(obj)/x.o" what needs it */
	if (at > line && at[-1] == '/')
		return strchr(at, ':') && !memchr(line, ':', at - line) ? MAKEFILE_NOTHING
									: MAKEFILE_OTHER;
	if (!is_list_of_objects(line, &list) || line + list > name)
		return MAKEFILE_OTHER;
	line += strspn(line, " ");
	return is_program(text, line, list) || is_program(text, stem, n) ? MAKEFILE_OTHER
									 : MAKEFILE_LINKS;
}

/* "CFLAGS_x.o := …", and nothing else of it in the line */
static bool is_flag_of(const char *line, const char *at, size_t n)
{
	const char *end = at + n + 2;

	return makefile_object_of_flag(line) == at && !strncmp(at + n, ".o", 2) &&
	       strchr(" \t:+=", *end) && *end && !strchr(end, '(');
}

enum makefile_use makefile_use_of(const char *text, const char *object)
{
	enum makefile_use use = MAKEFILE_NOTHING, one;
	size_t n = strlen(object) - strlen(".o");
	const char *all = text, *found;
	char *stem = strndup(object, n);

	while (stem && *text && use != MAKEFILE_OTHER) {
		char *line = logical_line(&text);

		if (!line)
			use = MAKEFILE_OTHER;
		for (found = line; found && (found = strstr(found, stem)); found += n) {
			if (is_flag_of(line, found, n))
				continue;
			if (!begins_name(line, found) || (is_word(found[n]) && found[n] != '.'))
				continue;
			one = use_in_line(all, line, found, stem, n);
			use = one > use ? one : use;
		}
		free(line);
	}
	free(stem);
	return stem ? use : MAKEFILE_OTHER;
}

bool makefile_lists_objects(const char *text)
{
	static const char *const others[] = { "hostprogs", "userprogs", "always", "extra-" };
	bool lists = false, other = false;

	while (*text && !other) {
		char *line = logical_line(&text), *at = line;

		if (!line)
			return false;
		at += strspn(at, " \t");
		lists |= str_starts(at, "obj-");
		for (size_t i = 0; i < ARRAY_SIZE(others); i++)
			other |= str_starts(at, others[i]);
		free(line);
	}
	return lists && !other;
}

bool makefile_line_lists_folders(const char *line)
{
	size_t n = strcspn(line, "\r\n"), list;
	const char *at = memchr(line, '=', n);
	char *copy = strndup(line, n);
	bool is = copy && at && str_starts(line, "obj-") && is_list_of_objects(copy, &list);

	for (at = is ? at + 1 : line; is && at < line + n; at++)
		is = is_word((unsigned char)*at) || *at == ' ' || *at == '\t';
	free(copy);
	return is;
}

/* Variables of kbuild that only say how objects are compiled. */
static const char *const folder_flags[] = {
	"ccflags-", "asflags-", "ldflags-", "subdir-ccflags-", "subdir-asflags-",
};

/* A function of make may do anything, and of a continued line only the beginning is read. */
static bool is_plain_value(const char *at, const char *end)
{
	static const char *const folders[] = { "$(src)", "$(srctree)", "$(obj)" };

	for (; at < end; at++) {
		bool plain = *at != '$' && *at != '\\';

		for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
			plain |= str_starts(at, folders[i]);
		if (!plain)
			return false;
	}
	return true;
}

size_t makefile_setting(const char *line)
{
	const char *at = line, *rest;
	size_t n, length = strcspn(line, "\r\n");

	while (isalnum((unsigned char)*at) || *at == '_' || *at == '-' || *at == '.')
		at++;
	rest = at;
	if (str_starts(at, "$(CONFIG_")) {
		rest = at +
		       strspn(at + 2,
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_abcdefghijklmnopqrstuvwxyz") +
		       2;
		if (*rest++ != ')')
			return 0;
	}
	n = rest - line;
	rest += strspn(rest, " \t");
	rest += *rest == '+' || *rest == ':';
	if (*rest != '=' || !is_plain_value(rest, line + length))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(folder_flags); i++)
		if (str_starts(line, folder_flags[i]))
			return n;
	return n > 2 && str_starts(line + n - 2, ".o") && makefile_object_of_flag(line) ? n : 0;
}
