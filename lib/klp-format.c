// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel parses a klp symbol's name with sscanf(), which accepts half a
 * name, or stops at a '.' that is part of the name; then it looks for another
 * symbol (kernel/livepatch/core.c: klp_resolve_symbols(), 6.1:
 * ".klp.sym.%55[^.].%511[^,],%lu"). Here only a name that klp_symbol_format()
 * could have made is valid.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/files.h"
#include "lib/klp-format.h"
#include "lib/text.h"

char *klp_kernel_name(char *name)
{
	for (char *c = name; *c; c++)
		if (*c == '-')
			*c = '_';
	return name;
}

char *klp_object_module_name(const char *patch, const char *object)
{
	char *name = format("%s__%s", patch, object);

	return name ? klp_kernel_name(name) : NULL;
}

char *klp_symbol_format(const char *object, const char *name, unsigned long sympos)
{
	return format(KLP_SYM_PREFIX "%s.%s,%lu", object, name, sympos);
}

/* Decimal digits only, without leading zero, so that each position has one spelling. */
static bool parse_sympos(const char *s, unsigned long *sympos)
{
	unsigned long value;
	char *end;

	if (!isdigit((unsigned char)*s) || (*s == '0' && s[1]))
		return false;
	errno = 0;
	value = strtoul(s, &end, 10);
	if (*end || errno)
		return false;
	*sympos = value;
	return true;
}

bool klp_symbol_parse(const char *symbol, char **object, char **name, unsigned long *sympos)
{
	const char *object_start, *dot, *name_start, *comma;
	char *object_copy, *name_copy;
	unsigned long position;

	if (!str_starts(symbol, KLP_SYM_PREFIX))
		return false;
	object_start = symbol + strlen(KLP_SYM_PREFIX);
	dot = strchr(object_start, '.');
	if (!dot || dot == object_start || dot - object_start > KLP_MODULE_NAME_MAX)
		return false;
	name_start = dot + 1;
	comma = strchr(name_start, ',');
	if (!comma || comma == name_start || comma - name_start > KLP_SYMBOL_NAME_MAX ||
	    !parse_sympos(comma + 1, &position))
		return false;

	object_copy = strndup(object_start, dot - object_start);
	name_copy = strndup(name_start, comma - name_start);
	if (!object_copy || !name_copy) {
		free(object_copy);
		free(name_copy);
		return false;
	}
	*object = object_copy;
	*name = name_copy;
	*sympos = position;
	return true;
}
