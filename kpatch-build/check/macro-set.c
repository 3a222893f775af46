// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The compiler forgets macros before it writes debug information, so the
 * preprocessor has to tell. With -dU it prints each definition where the unit
 * first expands it; unused ones are left out. A macro may expand differently at
 * its definition and at its use, so all are expanded once more after the last
 * definition, by the preprocessor too.
 *
 * Enumerators aren't expanded. Their lists are in the output of the
 * preprocessor, and their values are computed from these.
 */
#include <ctype.h>
#include <errno.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "lib/array.h"
#include "kpatch-build/check/c-token.h"
#include "kpatch-build/check/macro-set.h"
#include "kpatch-build/check/constant-expression.h"

struct enumerator {
	const char *name; /* owned by its set, and only then NUL-terminated */
	size_t n;
	struct constant value;
	bool known;
};

/* Printed before and after the number of a macro. */
#define MARK "@klp_split@"

/* Macros that aren't part of a value, or would hide it. */
static const struct {
	const char *definition, *why;
} instead[] = {
	{ "GENMASK_INPUT_CHECK(h, l) 0", "refuses to compile, or is 0" },
	{ "BUILD_BUG_ON_ZERO(...) 0", "the same" },
	{ "_IOC_TYPECHECK(t) sizeof(t)", "refuses to link, or is the size" },
	{ "__LINE__ 0", "the line of a use isn't a value of the macro" },
	{ "__COUNTER__ 0", "the same" },
};

static int compare_enumerators(const void *a, const void *b)
{
	const struct enumerator *x = a, *y = b;
	size_t n = x->n < y->n ? x->n : y->n;
	int order = memcmp(x->name, y->name, n);

	return order ? order : (x->n > y->n) - (x->n < y->n);
}

static const struct enumerator *find_enumerator(const struct macro_set *set, const char *name,
						size_t n)
{
	struct enumerator key = { .name = name, .n = n };
	struct enumerator *const *found = tfind(&key, &set->enumerators, compare_enumerators);

	return found ? *found : NULL;
}

bool macro_set_enumerator(const char *name, size_t n, struct constant *value, void *arg)
{
	const struct enumerator *found = find_enumerator(arg, name, n);

	if (!found || !found->known)
		return false;
	*value = found->value;
	return true;
}

static void free_enumerator(void *node)
{
	struct enumerator *enumerator = node;

	free((char *)enumerator->name);
	free(enumerator);
}

static int add_enumerator(struct macro_set *set, const char *name, size_t n,
			  const struct constant *value)
{
	struct enumerator *new = malloc(sizeof(*new)), **at;
	char *copy = strndup(name, n); /* the text doesn't live as long as the set */

	if (!new || !copy) {
		free(new);
		free(copy);
		return -ENOMEM;
	}
	*new = (struct enumerator){ copy, n, *value, value->size };
	at = tsearch(new, &set->enumerators, compare_enumerators);
	if (!at || *at != new) /* a function has its own of that name: the first one counts */
		free_enumerator(new);
	return at ? 0 : -ENOMEM;
}

/* Where the text before a comma or before the end of the list ends. */
static const char *end_of_item(const char *at)
{
	unsigned int depth = 0;

	for (; *at && (depth || (*at != ',' && *at != '}')); at++)
		depth += *at == '(' ? 1 : *at == ')' && depth ? -1 : 0;
	return at;
}

/* @at is after the brace: "A, B = 3, C }". */
static int read_list(struct macro_set *set, const char *at)
{
	struct constant value = { .value = -1ULL, .size = 4 };
	int err = 0;

	while (!err) {
		const char *name, *end;
		size_t n;

		at += strspn(at, " \t\n,");
		if (!c_is_name_char(*at))
			return 0;
		for (name = at; c_is_name_char(*at);)
			at++;
		n = at - name;
		end = end_of_item(at);
		at = memchr(at, '=', end - at);
		if (!at)
			value.value++;
		else if (!constant_evaluate(at + 1, end - at - 1, macro_set_enumerator, set,
					    &value))
			value.size = 0; /* those after it are unknown as well */
		err = add_enumerator(set, name, n, &value);
		at = end;
	}
	return err;
}

/* "enum __attribute__((x)) name {" */
static const char *enumerators_after(const char *at)
{
	unsigned int depth = 0;

	for (; *at && (depth || isspace((unsigned char)*at) || c_is_name_char(*at) || *at == '(');
	     at++)
		depth += *at == '(' ? 1 : *at == ')' ? -1 : 0;
	return *at == '{' ? at + 1 : NULL;
}

static int read_enumerations(struct macro_set *set, const char *code)
{
	int err = 0;

	for (const char *at = code; !err && (at = strstr(at, "enum")); at += strlen("enum")) {
		const char *list;

		if ((at > code && c_is_name_char(at[-1])) || c_is_name_char(at[strlen("enum")]))
			continue;
		list = enumerators_after(at + strlen("enum"));
		err = list ? read_list(set, list) : 0;
	}
	return err;
}

static int compare_names(const void *a, const void *b)
{
	const struct macro *const *x = a, *const *y = b;
	int order = strcmp((*x)->name, (*y)->name);

	return order ? order : (*x > *y) - (*x < *y);
}

static int sort(struct macro_set *set)
{
	set->by_name = calloc(set->n + 1, sizeof(*set->by_name));
	if (!set->by_name)
		return -ENOMEM;
	for (size_t i = 0; i < set->n; i++)
		set->by_name[i] = &set->list[i];
	qsort(set->by_name, set->n, sizeof(*set->by_name), compare_names);
	for (size_t i = 1; i < set->n; i++)
		if (!strcmp(set->by_name[i]->name, set->by_name[i - 1]->name))
			set->by_name[i]->nth = set->by_name[i - 1]->nth + 1;
	return 0;
}

/* A list of strings or an open parenthesis isn't a number, and would affect the text after it. */
static bool may_be_number(const char *body)
{
	int depth = 0;

	for (const char *at = body; *at; at++) {
		depth += *at == '(' ? 1 : *at == ')' ? -1 : 0;
		if (depth < 0 || *at == '"' || *at == '{')
			return false;
	}
	return *body && !depth;
}

/* A number for each parameter: small ones as shift counts, and large ones as operands of shifts. */
static const char *const numbers[2][6] = {
	{ "3", "5", "6", "9", "10", "12" },
	{ "0x2468ace1", "0x13579bdf", "0x1234567f", "0x3c3c3c31", "0x5a5a5a51", "0x76543217" },
};

/*
 * "NAME(3,5);NAME(0x2468ace1,0x13579bdf)", for the definition that begins so. NULL: not enough
 * memory.
 */
static char *make_calls(const char *name, const char *open, const char *close)
{
	size_t size;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; i < 2 && out; i++) {
		size_t n = 0;

		fprintf(out, "%s%.*s(", i ? ";" : "", (int)(open - name), name);
		for (const char *at = open + 1; at < close; at++) {
			if (at > open + 1 && at[-1] != ',')
				continue;
			fprintf(out, "%s%s", n ? "," : "", numbers[i][n % 6]);
			n++;
		}
		fputc(')', out);
	}
	if (!out || fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

/* "#define NAME BODY", "#define NAME(a,b) BODY" */
static int read_definition(struct macro_set *set, const char *line, const char *end, size_t *max)
{
	const char *name = line + strlen("#define "), *body = name, *open = NULL, *name_end;
	struct macro macro = { 0 };

	while (body < end && c_is_name_char(*body))
		body++;
	name_end = body;
	if (body < end && *body == '(') {
		open = body;
		body = memchr(open, ')', end - open);
		body = body ? body + 1 : end;
	}
	if (body == end || *body != ' ')
		return 0; /* empty */
	if (set->n == *max) {
		struct macro *list = reallocarray(set->list, *max = *max * 2 + 512, sizeof(*list));

		if (!list)
			return -ENOMEM;
		set->list = list;
	}
	macro.name = strndup(name, name_end - name);
	macro.body = strndup(body + 1, end - body - 1);
	macro.calls = open ? make_calls(name, open, body - 1) : NULL;
	macro.left_out = open;
	set->list[set->n++] = macro;
	return macro.name && macro.body && (!open || macro.calls) ? 0 : -ENOMEM;
}

int macro_set_read(struct macro_set *set, char *text)
{
	size_t size = strlen(text), max = 0;
	char *to, *line, *end;
	int err;

	memset(set, 0, sizeof(*set));
	set->directives = to = malloc(size + 2);
	err = to ? 0 : -ENOMEM;
	for (line = text; *line && !err; line = end) {
		end = line + strcspn(line, "\n");
		if (*line == '#') {
			if (str_starts(line, "#define "))
				err = read_definition(set, line, end, &max);
			to = mempcpy(to, line, end - line);
			*to++ = '\n';
			memset(line, ' ', end - line);
		}
		end += *end == '\n';
	}
	if (to)
		*to = '\0';
	err = err ?: sort(set);
	return err ?: read_enumerations(set, text);
}

void macro_set_free(struct macro_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		free(set->list[i].name);
		free(set->list[i].body);
		free(set->list[i].calls);
		free(set->list[i].expansion);
	}
	tdestroy(set->enumerators, free_enumerator);
	free(set->list);
	free(set->by_name);
	free(set->directives);
	memset(set, 0, sizeof(*set));
}

struct macro *macro_set_find(const struct macro_set *set, const char *name, size_t nth)
{
	size_t low = 0, high = set->n;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(set->by_name[middle]->name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == set->n || strcmp(set->by_name[low]->name, name))
		return NULL;
	while (nth-- && low + 1 < set->n && !strcmp(set->by_name[low + 1]->name, name))
		low++;
	return set->by_name[low];
}

char *macro_set_to_expand(const struct macro_set *set)
{
	size_t size;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs(set->directives, out);
	for (size_t i = 0; i < ARRAY_SIZE(instead); i++)
		fprintf(out, "#undef %.*s\n#define %s\n", (int)strcspn(instead[i].definition, "( "),
			instead[i].definition, instead[i].definition);
	for (size_t i = 0; i < set->n; i++) {
		const struct macro *macro = &set->list[i];

		if (!macro->left_out && (macro->calls || may_be_number(macro->body)))
			fprintf(out, MARK " %zu " MARK " %s\n", i, macro->calls ?: macro->body);
	}
	fputs(MARK "\n", out);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

int macro_set_take(struct macro_set *set, const char *output)
{
	const char *at = output;

	while ((at = strstr(at, MARK))) {
		char *rest;
		size_t i = strtoul(at + strlen(MARK), &rest, 10);
		const char *begin = strstr(rest, MARK), *end;

		begin = begin ? begin + strlen(MARK) : NULL;
		end = begin ? strstr(begin, MARK) : NULL;
		if (!end || i >= set->n)
			return 0;
		set->list[i].expansion = strndup(begin, end - begin);
		if (!set->list[i].expansion)
			return -ENOMEM;
		at = end;
	}
	return 0;
}

bool macro_set_leave_out(struct macro_set *set, const char *log)
{
	bool any = false;

	for (const char *at = log; (at = strstr(at, MARK)); at += strlen(MARK)) {
		char *rest;
		size_t i = strtoul(at + strlen(MARK), &rest, 10);

		if (!str_starts(rest, " " MARK) || i >= set->n || set->list[i].left_out)
			continue;
		set->list[i].left_out = any = true;
	}
	return any;
}

void macro_sets_choose_calls(struct macro_set *old, struct macro_set *new)
{
	for (size_t i = 0; i < new->n; i++) {
		struct macro *is = &new->list[i], *was;

		if (!is->calls)
			continue;
		was = macro_set_find(old, is->name, is->nth);
		if (!was || !was->calls || !strcmp(was->body, is->body))
			continue;
		was->left_out = is->left_out = false;
	}
}

struct difference {
	const struct macro_set *new;
	bool any;
};

static void compare_value(const void *node, VISIT visit, void *arg)
{
	const struct enumerator *old = *(struct enumerator *const *)node, *new;
	struct difference *difference = arg;

	if (visit != postorder && visit != leaf)
		return;
	new = find_enumerator(difference->new, old->name, old->n);
	if (new && (new->known != old->known || new->value.value != old->value.value))
		difference->any = true;
}

bool macro_sets_differ_in_enumerators(const struct macro_set *old, const struct macro_set *new)
{
	struct difference difference = { .new = new };

	twalk_r(old->enumerators, compare_value, &difference);
	return difference.any;
}
