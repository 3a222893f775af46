// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Dividing the text of a header: see header-parts.h. header-part-kinds.c says
 * what a declaration is.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/index/source-text.h"
#include "kpatch-build/units/header-part-kinds.h"
#include "kpatch-build/units/header-parts.h"
#include "lib/array.h"
#include "lib/text.h"

#define CONDITIONS_MAX 64

/* A text that grows. Runs of blanks outside of quotes become one blank. */
struct buffer {
	char *text;
	size_t n, cap;
};

struct reader {
	struct header_parts *parts;
	struct buffer item; /* the declaration that has begun */
	char *item_context;
	unsigned int depth; /* of brackets */
	bool called, assigned; /* there was a '(', a '=' outside of brackets */
	bool odd; /* there is a directive whose effect isn't known */
	char *conditions[CONDITIONS_MAX];
	size_t n_conditions;
};

static int put_char(struct buffer *buffer, char c)
{
	if (buffer->n + 2 > buffer->cap) {
		size_t cap = buffer->cap ? 2 * buffer->cap : 256;
		char *more = realloc(buffer->text, cap);

		if (!more)
			return -ENOMEM;
		buffer->text = more;
		buffer->cap = cap;
	}
	buffer->text[buffer->n++] = c;
	buffer->text[buffer->n] = '\0';
	return 0;
}

static int put(struct buffer *buffer, const char *text, size_t n)
{
	const char *end = text + n, *quoted = text;
	int err = 0;

	for (; text < end && !err; text++) {
		char c = *text;

		if (text >= quoted) {
			if (c == '"' || c == '\'')
				quoted = quoted_end(text);
			else if (isspace((unsigned char)c))
				c = ' ';
			if (c == ' ' &&
			    (!buffer->n || isspace((unsigned char)buffer->text[buffer->n - 1])))
				continue;
		}
		err = put_char(buffer, c);
	}
	return err;
}

static char *current_context(const struct reader *reader)
{
	char *context = NULL;
	size_t size;
	FILE *out = open_memstream(&context, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < reader->n_conditions; i++)
		fprintf(out, "%s\n", reader->conditions[i]);
	if (fclose(out)) {
		free(context);
		return NULL;
	}
	return context;
}

/* Takes over @text and @context, which may be NULL for want of memory. */
static int add_part(struct reader *reader, enum part_kind kind, char *text, char *context)
{
	struct header_parts *parts = reader->parts;
	struct header_part *list = reallocarray(parts->list, parts->n + 1, sizeof(*list));

	if (list)
		parts->list = list;
	if (!list || !text || !context) {
		free(text);
		free(context);
		return -ENOMEM;
	}
	if (*text && text[strlen(text) - 1] == ' ') /* a comment followed */
		text[strlen(text) - 1] = '\0';
	list[parts->n++] = (struct header_part){ .kind = kind, .text = text, .context = context };
	return 0;
}

/*
 * Words that only sparse understands. Without it they are empty, or attributes of types in debug
 * information (include/linux/compiler_types.h, 6.1). __percpu is not among them: it may become an
 * address space.
 */
static const char *const annotations[] = { "__rcu", "__user", "__iomem", "__force" };

static bool is_letter(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

bool is_annotation(const char *word, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(annotations); i++)
		if (strlen(annotations[i]) == n && !strncmp(annotations[i], word, n))
			return true;
	return false;
}

static void drop_annotations(char *text)
{
	const char *c = text, *end;
	char *to = text;

	while (*c) {
		if (*c == '"' || *c == '\'') {
			end = quoted_end(c);
		} else {
			for (end = c + 1; is_letter(*c) && is_letter(*end); end++)
				;
			if (is_annotation(c, end - c)) {
				c = *end == ' ' ? end + 1 : end;
				continue;
			}
		}
		memmove(to, c, end - c);
		to += end - c;
		c = end;
	}
	*to = '\0';
}

static int end_item(struct reader *reader)
{
	struct buffer *item = &reader->item;
	char *text, *context = reader->item_context;
	bool odd = reader->odd;
	int err;

	text = item->text;
	if (text)
		drop_annotations(text);
	*item = (struct buffer){ 0 };
	reader->item_context = NULL;
	reader->called = reader->assigned = reader->odd = false;
	if (!text || !strcmp(text, ";")) { /* after the body of a function */
		free(text);
		free(context);
		return 0;
	}
	err = add_part(reader, PART_OTHER, text, context);
	return err || odd ? err : header_part_classify(&reader->parts->list[reader->parts->n - 1]);
}

static int begin_item(struct reader *reader)
{
	if (reader->item.n)
		return 0;
	free(reader->item_context);
	reader->item_context = current_context(reader);
	return reader->item_context ? 0 : -ENOMEM;
}

/* Does the item end after @c? */
static bool count_brackets(struct reader *reader, char c)
{
	if (c == '(' || c == '[' || c == '{') {
		reader->called |= !reader->depth && c == '(';
		reader->depth++;
	} else if (c == ')' || c == ']' || c == '}') {
		if (!reader->depth)
			reader->odd = true;
		else
			reader->depth--;
		return !reader->depth && c == '}' && reader->called && !reader->assigned;
	} else if (!reader->depth) {
		reader->assigned |= c == '=';
		return c == ';';
	}
	return false;
}

static int read_code(struct reader *reader, const char *line, const char *end)
{
	int err = 0;

	while (line < end && !err) {
		const char *next = *line == '"' || *line == '\'' ? quoted_end(line) : line + 1;

		if (isspace((unsigned char)*line) && !reader->item.n) {
			line = next;
			continue;
		}
		err = begin_item(reader);
		err = err ?: put(&reader->item, line, next - line);
		if (!err && count_brackets(reader, *line))
			err = end_item(reader);
		line = next;
	}
	return err;
}

static bool begins_with_word(const char *text, const char *word)
{
	return str_starts(text, word) && !is_letter(text[strlen(word)]);
}

static int push_condition(struct reader *reader, const char *text)
{
	if (reader->n_conditions == CONDITIONS_MAX)
		return -EINVAL;
	reader->conditions[reader->n_conditions] = strdup(text);
	return reader->conditions[reader->n_conditions++] ? 0 : -ENOMEM;
}

/* "#else" after "#ifdef A" is another condition than after "#ifdef B". */
static int change_condition(struct reader *reader, const char *text)
{
	char **last, *both;

	if (!reader->n_conditions)
		return -EINVAL;
	last = &reader->conditions[reader->n_conditions - 1];
	both = format("%s; %s", *last, text);
	if (!both)
		return -ENOMEM;
	free(*last);
	*last = both;
	return 0;
}

static int pop_condition(struct reader *reader)
{
	if (!reader->n_conditions)
		return -EINVAL;
	free(reader->conditions[--reader->n_conditions]);
	return 0;
}

/* @text: after the '#' and its blanks. *@is: the directive is a condition. */
static int follow_condition(struct reader *reader, const char *text, bool *is)
{
	*is = true;
	if (begins_with_word(text, "if") || begins_with_word(text, "ifdef") ||
	    begins_with_word(text, "ifndef"))
		return push_condition(reader, text);
	if (begins_with_word(text, "else") || str_starts(text, "elif"))
		return change_condition(reader, text);
	if (begins_with_word(text, "endif"))
		return pop_condition(reader);
	*is = false;
	return 0;
}

static int name_macro(struct header_part *part, const char *text)
{
	size_t n = 0;

	text += begins_with_word(text, "define") ? strlen("define") : strlen("undef");
	text += *text == ' ';
	while (is_letter(text[n]))
		n++;
	if (!n)
		return 0;
	part->name = strndup(text, n);
	part->kind = PART_MACRO;
	return part->name ? 0 : -ENOMEM;
}

static int read_directive(struct reader *reader, const char *line, const char *end)
{
	struct buffer directive = { 0 };
	bool is_condition;
	const char *text;
	int err = put(&directive, line + 1, end - line - 1);

	text = directive.text ?: "";
	text += *text == ' ';
	err = err ?: follow_condition(reader, text, &is_condition);
	/* a declaration that hasn't ended, or a macro's name without a semicolon */
	if (!err && reader->item.n) {
		reader->odd |= !reader->depth || !is_condition;
		err = put(&reader->item, " #", 2);
		err = err ?: put(&reader->item, text, strlen(text));
		err = err ?: put_char(&reader->item, '\n');
	} else if (!err && *text) {
		err = add_part(reader, is_condition ? PART_CONDITION : PART_OTHER, strdup(text),
			       current_context(reader));
		if (!err && (begins_with_word(text, "define") || begins_with_word(text, "undef")))
			err = name_macro(&reader->parts->list[reader->parts->n - 1], text);
	}
	free(directive.text);
	return err;
}

/* GCC takes a backslash and blanks at the end of a line for a backslash, and warns. */
static bool is_continued_oddly(const char *text)
{
	for (const char *c = strchr(text, '\\'); c; c = strchr(c + 1, '\\'))
		if (c[1] != '\n' && isspace((unsigned char)c[1]) &&
		    c[1 + strspn(c + 1, " \t\r\f\v")] == '\n')
			return true;
	return false;
}

int header_parts_read(const char *text, struct header_parts *parts)
{
	struct reader reader = { .parts = parts };
	char *plain = source_plain_text(text);
	int err = !plain ? -ENOMEM : is_continued_oddly(text) ? -EINVAL : 0;

	memset(parts, 0, sizeof(*parts));
	for (const char *line = plain, *end; !err && *line; line = *end ? end + 1 : end) {
		const char *at = line + strspn(line, " \t");

		end = line + strcspn(line, "\n");
		if (*at == '#')
			err = read_directive(&reader, at, end);
		else
			err = read_code(&reader, line, *end ? end + 1 : end);
	}
	if (!err && (reader.depth || reader.n_conditions))
		err = -EINVAL;
	if (!err && reader.item.n) {
		reader.odd = true; /* it has no end */
		err = end_item(&reader);
	}
	while (reader.n_conditions)
		pop_condition(&reader);
	free(reader.item.text);
	free(reader.item_context);
	free(plain);
	if (err)
		header_parts_free(parts);
	return err;
}

bool header_parts_declare(const struct header_parts *parts, const char *name)
{
	for (size_t i = 0; i < parts->n; i++)
		if (parts->list[i].name && parts->list[i].kind != PART_FORWARD &&
		    !strcmp(parts->list[i].name, name))
			return true;
	return false;
}

const char *header_part_calls(const struct header_part *part)
{
	if (strchr(part->text, '['))
		return part->text;
	if (part->kind == PART_VARIABLE)
		return NULL;
	return part->kind == PART_FUNCTION ? strchr(part->text, '{') : part->text;
}

bool header_part_is_open(const struct header_part *part)
{
	return part->kind == PART_MACRO && strpbrk(part->text, ";{}");
}

bool header_part_has_outside(const struct header_part *part, const char *word)
{
	const char *body = part->kind == PART_FUNCTION ? strchr(part->text, '{') : NULL;
	char *head;
	bool has;

	if (part->kind == PART_MACRO)
		return false;
	head = body ? strndup(part->text, body - part->text) : NULL;
	has = text_has_word(head ?: part->text, word);
	free(head);
	return has;
}

void header_parts_free(struct header_parts *parts)
{
	for (size_t i = 0; i < parts->n; i++) {
		free(parts->list[i].text);
		free(parts->list[i].context);
		free(parts->list[i].name);
	}
	free(parts->list);
	memset(parts, 0, sizeof(*parts));
}
