// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads subject, author and CVE ids of a fix: see message.h. The text in front of
 * a diff has no fixed form. A field that is missing, or not written as git writes
 * it, is no error: the livepatch is then described by the name of the file.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/array.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "lib/text.h"
#include "kpatch-build/source/decode.h"
#include "kpatch-build/source/message.h"

/* Beginnings of the line that ends the message, as git and diff(1) write them. */
static const char *const ends[] = { "diff --git ", "--- ", "---\n", "Index: ", "*** " };

/*
 * A line "---" ends the commit message, too. The text after it is the author's remark about this
 * version of the patch, and isn't part of the fix's description.
 */
static void cut_after_message(char *text)
{
	for (char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
			if (str_starts(line, ends[i])) {
				*line = '\0';
				return;
			}
	}
}

/*
 * The decoded value of a header field, with its continuation lines joined. Caller frees; NULL:
 * there is no such field, or no memory.
 */
static char *take_header(const char *text, const char *name)
{
	size_t length = strlen(name), n = 0;
	char *value, *decoded;

	while (text && strncasecmp(text, name, length)) {
		text = strchr(text, '\n');
		text = text && text[1] != '\n' ? text + 1
					       : NULL; /* an empty line ends the header */
	}
	value = text ? strdup(text + length + strspn(text + length, " \t")) : NULL;
	if (!value)
		return NULL;
	for (char *in = value; *in; in++) {
		if (*in == '\n' && in[1] != ' ' && in[1] != '\t')
			break;
		if (*in != '\n' && *in != '\r')
			value[n++] = *in == '\t' ? ' ' : *in;
	}
	value[n] = '\0';
	decoded = decode_header(value);
	free(value);
	for (char *c = decoded; c && *c; c++)
		if (*c == '\n' || *c == '\t')
			*c = ' ';
	if (decoded)
		text_make_printable(decoded);
	return decoded;
}

/* "[PATCH v2 1/2] net: fix it" → "net: fix it" */
static void drop_tags(char *subject)
{
	char *at = subject;

	while (*at == '[' && strchr(at, ']')) {
		at = strchr(at, ']') + 1;
		at += strspn(at, " ");
	}
	memmove(subject, at, strlen(at) + 1);
}

/* The length of the CVE id at @text: "CVE-2026-12345", with '_' in file names; 0: no CVE id. */
static size_t cve_length(const char *text)
{
	static const char form[] = "CVE-0000-0000";
	size_t i;

	for (i = 0; form[i]; i++)
		if (form[i] == '0'   ? !isdigit((unsigned char)text[i])
		    : form[i] == '-' ? text[i] != '-' && text[i] != '_'
				     : toupper((unsigned char)text[i]) != form[i])
			return 0;
	while (isdigit((unsigned char)text[i]))
		i++;
	return i;
}

static int add_cve(struct message *message, const char *text, size_t length)
{
	char *id = strndup(text, length);

	if (!id)
		return -ENOMEM;
	for (char *c = id; *c; c++)
		*c = *c == '_' ? '-' : toupper((unsigned char)*c);
	if (!strvec_has(&message->cves, id))
		return strvec_take(&message->cves, id);
	free(id);
	return 0;
}

static int find_cves(struct message *message, const char *text)
{
	size_t length;
	int err = 0;

	for (const char *at = text; *at && !err; at++) {
		length = at == text || !isalnum((unsigned char)at[-1]) ? cve_length(at) : 0;
		if (length)
			err = add_cve(message, at, length);
	}
	return err;
}

bool message_is_cve(const char *text)
{
	size_t length = cve_length(text);

	return length && !text[length];
}

int message_add_cve(struct message *message, const char *id)
{
	return add_cve(message, id, strlen(id));
}

int message_read(const char *path, const char *name, struct message *message)
{
	struct message found = { 0 };
	char *text = NULL;
	size_t size;
	int err = 0;

	if (!read_file(path, &text, &size)) {
		cut_after_message(text);
		found.subject = take_header(text, "Subject:");
		found.author = take_header(text, "From:");
		err = find_cves(&found, text);
	}
	free(text);
	if (found.subject)
		drop_tags(found.subject);
	if (!found.subject || !*found.subject) {
		free(found.subject);
		found.subject = strdup(name);
		if (found.subject)
			text_make_printable(found.subject);
	}
	err = err ?: find_cves(&found, name);
	if (!found.subject)
		err = -ENOMEM;
	if (err)
		message_free(&found);
	else
		*message = found;
	return err;
}

void message_free(struct message *message)
{
	strvec_free(&message->cves);
	free(message->subject);
	free(message->author);
	*message = (struct message){ 0 };
}
