// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A fix may make a buffer larger that an object holds:
 *
 *	-	priv->stats = kcalloc(3, sizeof(u32), GFP_KERNEL);
 *	+	priv->stats = kcalloc(4, sizeof(u32), GFP_KERNEL);
 *
 * and change the functions that use it. Objects that the old code has made keep
 * the old size, and the new functions write beyond the end. No type tells of
 * this: the member is a pointer. The source does, so the statements that store
 * an allocation in a member are compared by function and member. Only the
 * author can know whether the new code can meet an old buffer.
 *
 * A size that was computed in another statement is not seen, nor what is stored
 * in a member later.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "lib/array.h"
#include "lib/files.h"
#include "lib/text.h"

/* The functions whose arguments, but for GFP flags, say how much is allocated. */
static const char *const allocators[] = {
	"kmalloc",
	"kzalloc",
	"kvmalloc",
	"kvzalloc",
	"vmalloc",
	"vzalloc",
	"kcalloc",
	"kvcalloc",
	"kmalloc_array",
	"kvmalloc_array",
	"kmalloc_node",
	"kzalloc_node",
	"kcalloc_node",
	"kvmalloc_node",
	"kvzalloc_node",
	"vmalloc_node",
	"vzalloc_node",
	"devm_kmalloc",
	"devm_kzalloc",
	"devm_kcalloc",
	"devm_kmalloc_array",
	"bitmap_alloc",
	"bitmap_zalloc",
	"__alloc_percpu",
	"__get_free_pages",
	"alloc_pages",
	"dma_alloc_coherent",
	"dmam_alloc_coherent",
	"mempool_create",
	"mempool_create_kmalloc_pool",
};

struct allocation {
	char *function; /* the beginning of the line where its definition begins, up to '(' */
	char *member; /* "priv->stats" */
	char *size; /* the arguments without GFP flags and blanks; ',' is '*' */
	unsigned int line;
};

struct allocations {
	struct allocation *rows;
	size_t n;
};

static void free_allocations(struct allocations *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->rows[i].function);
		free(list->rows[i].member);
		free(list->rows[i].size);
	}
	free(list->rows);
}

static bool is_part_of_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* The length of the comment, string or character at @text; 0: there is none. */
static size_t length_without_code(const char *text)
{
	const char *end;
	size_t n = 1;

	if (*text == '/' && text[1] == '*') {
		end = strstr(text + 2, "*/");
		return end ? (size_t)(end + 2 - text) : strlen(text);
	}
	if (*text == '/' && text[1] == '/')
		return strcspn(text, "\n");
	if (*text != '"' && *text != '\'')
		return 0;
	while (text[n] && text[n] != *text && text[n] != '\n')
		n += text[n] == '\\' && text[n + 1] ? 2 : 1;
	return n + (text[n] == *text);
}

/* Line ends stay, so that lines can be counted. */
static void blank_all_but_code(char *text)
{
	while (*text) {
		size_t n = length_without_code(text);

		if (!n)
			text++;
		for (; n; n--, text++)
			if (*text != '\n')
				*text = ' ';
	}
}

/* The length of the allocator's name at @at; 0: there is none. */
static size_t allocator_at(const char *text, const char *at)
{
	size_t length = 0;

	if (at > text && is_part_of_word(at[-1]))
		return 0;
	while (is_part_of_word(at[length]))
		length++;
	if (!length || at[length] != '(')
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(allocators); i++)
		if (strlen(allocators[i]) == length && !strncmp(allocators[i], at, length))
			return length;
	return 0;
}

/* A copy without blanks, but for those between two words. NULL: no memory. */
static char *without_blanks(const char *start, const char *end)
{
	char *copy = malloc(end - start + 1), *to = copy;

	for (; copy && start < end; start++) {
		if (isspace((unsigned char)*start))
			continue;
		if (to > copy && is_part_of_word(*start) && is_part_of_word(to[-1]) &&
		    isspace((unsigned char)start[-1]))
			*to++ = ' ';
		*to++ = *start;
	}
	if (copy)
		*to = '\0';
	return copy;
}

/* What the value of the call at @at is assigned to; *@start is NULL if that is no member. */
static void find_member(const char *text, const char *at, const char **start, const char **end)
{
	const char *p = at;

	*start = NULL;
	while (p > text && isspace((unsigned char)p[-1]))
		p--;
	if (p == text || p[-1] != '=' || p - text < 2 || strchr("=!<>+|&", p[-2]))
		return;
	*end = --p;
	while (p > text && !strchr(";{}(),=?:&|!", p[-1]))
		p--;
	for (const char *c = p; c < *end; c++)
		if (*c == '.' || *c == '[' || (*c == '-' && c[1] == '>'))
			*start = p;
}

/* Is it a sum, which a product needs parentheses around? */
static bool is_sum(const char *argument)
{
	for (; *argument; argument++)
		if (strchr("+?", *argument) || (*argument == '-' && argument[1] != '>'))
			return true;
	return false;
}

/* @size, times the argument from @start to @end; frees @size. NULL: no memory. */
static char *times(char *size, const char *start, const char *end)
{
	char *argument = without_blanks(start, end), *product = NULL;
	bool sum = argument && *end == ',' && is_sum(argument);

	if (argument && (strstr(argument, "GFP") || strstr(argument, "gfp")))
		product = strdup(size);
	else if (argument)
		product = format("%s%s%s%s%s", size, *size ? "*" : "", sum ? "(" : "", argument,
				 sum ? ")" : "");
	free(argument);
	free(size);
	return product;
}

/* The size that the arguments after @at, a '(', ask for. NULL: no memory, or there is no end. */
static char *size_of_arguments(const char *at)
{
	const char *start = at + 1, *p;
	char *size = strdup("");
	int depth = 1;

	for (p = start; size && *p && depth; p++) {
		depth += (*p == '(') - (*p == ')');
		if (depth > 1 || (depth == 1 && *p != ','))
			continue;
		size = times(size, start, p);
		start = p + 1;
	}
	if (!depth)
		return size;
	free(size);
	return NULL;
}

/* The name of the function whose definition began last before @at: kernel style puts it at column 0. */
static char *function_before(const char *text, const char *at)
{
	const char *line, *found = text, *end;

	for (line = text; line < at; line++) {
		size_t n = strcspn(line, "\n");
		const char *paren = memchr(line, '(', n);

		if (paren && is_part_of_word(*line) && !memchr(line, ';', n))
			found = line;
		line += n;
		if (!*line)
			break;
	}
	end = found + strcspn(found, "(\n");
	while (end > found && !is_part_of_word(end[-1]))
		end--;
	for (found = end; found > text && is_part_of_word(found[-1]);)
		found--;
	return strndup(found, end - found);
}

static unsigned int line_of(const char *text, const char *at)
{
	unsigned int line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

static int add_allocation(struct allocations *list, const char *text, const char *at, size_t length)
{
	struct allocation *rows, row = { 0 };
	const char *start, *end;

	find_member(text, at, &start, &end);
	if (!start || !(row.size = size_of_arguments(at + length)))
		return 0;
	row.member = without_blanks(start, end);
	row.function = function_before(text, at);
	row.line = line_of(text, at);
	rows = reallocarray(list->rows, list->n + 1, sizeof(*rows));
	if (rows)
		list->rows = rows;
	if (!rows || !row.member || !row.function) {
		free(row.member);
		free(row.function);
		free(row.size);
		return -ENOMEM;
	}
	rows[list->n++] = row;
	return 0;
}

static int read_allocations(struct allocations *list, const char *root, const char *path)
{
	char *full = path_join(root, path, NULL), *text = NULL;
	size_t size, length;
	int err = full ? 0 : -ENOMEM;

	if (!err && path_exists(full))
		err = read_file(full, &text, &size);
	if (!err && text) {
		blank_all_but_code(text);
		for (const char *at = text; *at && !err; at++)
			if ((length = allocator_at(text, at)))
				err = add_allocation(list, text, at, length);
	}
	free(text);
	free(full);
	return err;
}

/* The only row of the same function and member; NULL: there is none, or more than one. */
static const struct allocation *find_one(const struct allocations *list,
					 const struct allocation *like)
{
	const struct allocation *found = NULL;

	for (size_t i = 0; i < list->n; i++) {
		if (strcmp(list->rows[i].function, like->function) ||
		    strcmp(list->rows[i].member, like->member))
			continue;
		if (found)
			return NULL;
		found = &list->rows[i];
	}
	return found;
}

static void compare(const struct allocations *original, const struct allocations *patched,
		    const char *path, struct diag *diag)
{
	for (size_t i = 0; i < patched->n; i++) {
		const struct allocation *is = find_one(patched, &patched->rows[i]);
		const struct allocation *was = is ? find_one(original, is) : NULL;
		struct diag_place place = { .file = path };

		if (!was || !strcmp(was->size, is->size))
			continue;
		place.line = is->line;
		place.function = is->function;
		diag_warning(diag, "KS190", &place, "'%s' was %s, and is %s now", is->member,
			     was->size, is->size);
	}
}

int check_allocations(struct build *build)
{
	const char *tree = build->original;
	int err = 0;

	for (size_t i = 0; i < build->n_changes && !err; i++) {
		const struct change *change = &build->changes[i];
		struct allocations original = { 0 }, patched = { 0 };

		if (!change->reached)
			continue;
		err = read_allocations(&original, tree, change->path);
		err = err ?: read_allocations(&patched, build->shadow, change->path);
		if (!err)
			compare(&original, &patched, change->path, build->diag);
		free_allocations(&original);
		free_allocations(&patched);
	}
	return err ? diag_errno(build->diag, -err, "source", "read") : 0;
}
