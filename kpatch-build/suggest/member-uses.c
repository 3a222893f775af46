// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "p->flag = 1" becomes "klp_set_flag(p, 1)", and "p->flag", where it is read,
 * "klp_get_flag(p)". The text is read from its end, so that a value that is assigned
 * has its own uses rewritten already.
 *
 * Other structures may have a member of that name. A use counts if the pointer is a
 * parameter or a variable of the function that points to the structure, by name. All
 * others stay: if one of them was meant, the compiler doesn't find the member, and the
 * suggestion fails.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "kpatch-build/suggest/member-uses.h"

/* "p->m OP value;" in the text: offsets. */
struct use {
	size_t start; /* of the pointer's name */
	size_t end; /* of the member's name */
	size_t after; /* what follows the member, without blanks */
	char *pointer;
};

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The name before "->" at @arrow; false: it is a longer expression. */
static bool read_pointer(const char *text, size_t arrow, struct use *use)
{
	size_t end = arrow, start;

	while (end && isspace((unsigned char)text[end - 1]))
		end--;
	for (start = end; start && is_name_char(text[start - 1]);)
		start--;
	if (start == end || (start && text[start - 1] == '.') ||
	    (start > 1 && text[start - 1] == '>' && text[start - 2] == '-'))
		return false;
	use->start = start;
	use->pointer = strndup(text + start, end - start);
	return use->pointer;
}

/* The last use before @limit. False: there is none. */
static bool find_use(const char *blank, const struct c_functions *functions,
		     const struct member *member, size_t limit, struct use *use)
{
	size_t n = strlen(member->name);

	for (size_t at = limit; at-- > 2;) {
		const struct c_function *in;
		size_t arrow = at;

		if (!is_word_at(blank, blank + at, member->name))
			continue;
		while (arrow && isspace((unsigned char)blank[arrow - 1]))
			arrow--;
		if (arrow < 2 || blank[arrow - 1] != '>' || blank[arrow - 2] != '-' ||
		    !read_pointer(blank, arrow - 2, use))
			continue;
		in = c_function_at(functions, at);
		if (in && points_to(functions, in, use->pointer, member->structure)) {
			use->end = use->after = at + n;
			while (isspace((unsigned char)blank[use->after]))
				use->after++;
			return true;
		}
		free(use->pointer);
		use->pointer = NULL;
	}
	return false;
}

/* Where the value that is assigned ends. 0: it isn't the end of a statement. */
static size_t end_of_value(const char *blank, size_t at)
{
	int depth = 0;

	for (; blank[at]; at++) {
		if (strchr("([{", blank[at]))
			depth++;
		else if (strchr(")]}", blank[at]) && !depth--)
			return 0;
		else if (!depth && blank[at] == ',')
			return 0;
		else if (!depth && blank[at] == ';')
			return at;
	}
	return 0;
}

static bool begins_statement(const char *blank, size_t at)
{
	while (at && isspace((unsigned char)blank[at - 1]))
		at--;
	return !at || strchr(";{})", blank[at - 1]) ||
	       (at >= 4 && !strncmp(blank + at - 4, "else", 4));
}

/* Characters before the use that make more of it than a value. */
static bool is_modified_before(const char *blank, size_t at)
{
	while (at && isspace((unsigned char)blank[at - 1]))
		at--;
	if (at < 2)
		return false;
	return (blank[at - 1] == '&' && blank[at - 2] != '&') ||
	       (blank[at - 1] == '+' && blank[at - 2] == '+') ||
	       (blank[at - 1] == '-' && blank[at - 2] == '-');
}

/* What stands for the use, up to @end. NULL: @why, or no memory. */
static char *written_use(const char *text, const char *blank, const struct member *member,
			 const struct use *use, size_t *end, const char **why)
{
	const char *follows = blank + use->after, *name = member->name, *p = use->pointer;
	bool plain = follows[0] == '=' && follows[1] != '=';
	bool with = follows[0] && strchr("+-|&^*/%", follows[0]) && follows[1] == '=';
	bool step = (follows[0] == '+' && follows[1] == '+') ||
		    (follows[0] == '-' && follows[1] == '-');
	size_t value = use->after + (plain ? 1 : 2);

	*end = use->end;
	if (is_modified_before(blank, use->start))
		*why = "its address is taken, or it is changed within an expression";
	else if (!plain && !with && !step)
		return format("klp_get_%s(%s)", name, p);
	else if (!begins_statement(blank, use->start) || !(*end = end_of_value(blank, value)))
		*why = "it is changed within an expression";
	if (*why)
		return NULL;
	value += strspn(text + value, " \t\n");
	if (plain)
		return format("klp_set_%s(%s, %.*s)", name, p, (int)(*end - value), text + value);
	if (step)
		return format("klp_set_%s(%s, klp_get_%s(%s) %c 1)", name, p, name, p, follows[0]);
	return format("klp_set_%s(%s, klp_get_%s(%s) %c (%.*s))", name, p, name, p, follows[0],
		      (int)(*end - value), text + value);
}

/* Rewrite the last use before *@limit, and set that to its place. */
static int rewrite_one(char **text, const struct member *member, size_t *limit, bool *found,
		       const char **why)
{
	struct c_functions functions;
	struct use use = { 0 };
	char *written = NULL, *all = NULL;
	size_t end;
	int err = c_functions_read(*text, &functions);

	if (err)
		return err;
	*found = find_use(functions.blank, &functions, member, *limit, &use);
	if (*found) {
		written = written_use(*text, functions.blank, member, &use, &end, why);
		all = written ? format("%.*s%s%s", (int)use.start, *text, written, *text + end)
			      : NULL;
		err = all || *why ? 0 : -ENOMEM;
		*limit = use.start;
	}
	if (all) {
		free(*text);
		*text = all;
	}
	free(written);
	free(use.pointer);
	c_functions_free(&functions);
	return err;
}

int rewrite_uses(const char *text, const struct member *member, char **result, const char **why)
{
	char *copy = strdup(text);
	size_t limit = strlen(text);
	bool found = true, any = false;
	int err = copy ? 0 : -ENOMEM;

	*result = NULL;
	while (!err && found && !*why) {
		err = rewrite_one(&copy, member, &limit, &found, why);
		any |= found;
	}
	if (!err && any && !*why)
		*result = copy;
	else
		free(copy);
	return err;
}
