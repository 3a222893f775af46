// SPDX-License-Identifier: GPL-2.0-or-later
/* Read one mail, and find the next one in a mailbox: see mail.h. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kpatch-build/source/decode.h"
#include "kpatch-build/source/mail.h"
#include "kpatch-build/source/mail-parts.h"
#include "lib/array.h"
#include "lib/text.h"

/* The length of the name in "Name:", which consists of letters, digits and '-'; 0: no field. */
static size_t field_name(const char *at)
{
	size_t n = 0;

	while (isalnum((unsigned char)at[n]) || at[n] == '-')
		n++;
	return n && at[n] == ':' ? n : 0;
}

/*
 * Is this the line that begins a mail in a mailbox? "From <somebody> Mon Sep 17 00:00:00 2001", and
 * a header field in the next line.
 */
static bool is_separator(const char *at)
{
	const char *end = at + strcspn(at, "\n");
	bool time = false;

	if (!str_starts(at, "From ") || !*end || !field_name(end + 1))
		return false;
	for (at += 5; at + 8 < end && !time; at++)
		time = isdigit((unsigned char)at[0]) && isdigit((unsigned char)at[1]) &&
		       at[2] == ':' && isdigit((unsigned char)at[3]) &&
		       isdigit((unsigned char)at[4]);
	return time;
}

bool mail_begins(const char *text)
{
	static const char *const fields[] = {
		"From",	      "Subject",      "Date",	      "To",
		"Message-Id", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
		"Received",   "Return-Path",  "Delivered-To"
	};
	size_t n;

	if (is_separator(text))
		return true;
	for (const char *at = text; (n = field_name(at)) || *at == ' ' || *at == '\t';
	     at = strchr(at, '\n'), at = at ? at + 1 : "")
		for (size_t i = 0; i < ARRAY_SIZE(fields) && n; i++)
			if (strlen(fields[i]) == n && !strncasecmp(fields[i], at, n))
				return true;
	return false;
}

size_t mail_length(const char *text, size_t size)
{
	const char *end = text + size;

	for (const char *at = memchr(text, '\n', size); at && at + 1 < end;
	     at = memchr(at + 1, '\n', end - at - 1))
		if (is_separator(at + 1))
			return at + 1 - text;
	return size;
}

/* Read the version, the number and the total from "[PATCH net v2 03/11]". */
static void read_brackets(const char *at, const char *end, struct mail *mail)
{
	for (const char *word = at; word < end; word++) {
		unsigned int number, total;
		char after;
		int n = 0;

		if (word > at && isalnum((unsigned char)word[-1]))
			continue;
		if (sscanf(word, "%u/%u%c%n", &number, &total, &after, &n) == 3 &&
		    strchr("] ,", after)) {
			mail->number = number;
			mail->total = total;
			mail->is_cover = !number;
		} else if ((*word == 'v' || *word == 'V') && sscanf(word + 1, "%u", &number) == 1) {
			mail->version = number;
		}
	}
}

static void read_subject(struct mail *mail)
{
	static const char *const answers[] = { "re:", "aw:", "fwd:", "fw:" };
	const char *at = mail->subject;
	bool more = true;

	mail->version = 1;
	while (more) {
		const char *end;

		at += strspn(at, " \t");
		end = *at == '[' ? strchr(at, ']') : NULL;
		more = end;
		if (end) {
			read_brackets(at + 1, end + 1, mail);
			at = end + 1;
		}
		for (size_t i = 0; i < ARRAY_SIZE(answers) && !more; i++) {
			if (strncasecmp(at, answers[i], strlen(answers[i])))
				continue;
			mail->is_answer = mail->is_answer || i < 2;
			at += strlen(answers[i]);
			more = true;
		}
	}
	mail->title = at;
}

/*
 * Encoded words may contain line ends and control characters. Replace them: the text is written to
 * changelogs of packages.
 */
static char *read_field(const struct mail_part *part, const char *name)
{
	char *value = mail_field(part, name), *text = value ? decode_header(value) : NULL;

	free(value);
	for (char *c = text; c && *c; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
	if (text)
		text_make_printable(text);
	return text;
}

static int read_text(const struct mail_part *part, struct mail *mail, const char **why)
{
	FILE *out;
	int err;

	if (mail_is_plain(part)) {
		mail->size = part->end - part->header;
		mail->text = strndup(part->header, mail->size);
		return mail->text ? 0 : -ENOMEM;
	}
	mail->decoded = true;
	out = open_memstream(&mail->text, &mail->size);
	if (!out)
		return -ENOMEM;
	err = mail_write_text(part, out, why);
	if (fclose(out) && !err)
		err = -ENOMEM;
	return err;
}

int mail_read(const char *text, size_t size, struct mail *mail, const char **why)
{
	struct mail_part part = mail_part_of(text, size);
	int err = 0;

	memset(mail, 0, sizeof(*mail));
	mail->subject = read_field(&part, "Subject");
	mail->author = read_field(&part, "From");
	mail->date = read_field(&part, "Date");
	if (!mail->subject || !mail->author || !mail->date)
		err = -ENOMEM;
	if (!err) {
		read_subject(mail);
		err = read_text(&part, mail, why);
	}
	if (err)
		mail_free(mail);
	return err;
}

void mail_free(struct mail *mail)
{
	free(mail->subject);
	free(mail->author);
	free(mail->date);
	free(mail->text);
	memset(mail, 0, sizeof(*mail));
}
