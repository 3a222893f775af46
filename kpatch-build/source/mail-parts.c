// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A fix may be in the text of a mail, or attached to it, or both. The body of a mail (MIME) is
 * plain text, encoded text, or several parts, which may have parts themselves. The texts of all
 * parts are joined, so the place of a diff doesn't matter.
 *
 * A part that can't be read could contain a part of the fix. So parts are only ignored if they are
 * of a type that can't contain a diff. All other parts that aren't text are refused.
 */
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kpatch-build/source/decode.h"
#include "kpatch-build/source/mail-parts.h"
#include "lib/array.h"
#include "lib/text.h"

#define DEPTH_MAX 8

static const struct {
	const char *type, *reason;
} without_diffs[] = {
	{ "application/pgp-signature", "signs the text" },
	{ "application/pgp-keys", "the sender's key" },
	{ "application/pkcs7-signature", "signs the text" },
	{ "application/x-pkcs7-signature", "signs the text" },
	{ "image/*", "pictures" },
	{ "text/calendar", "an appointment" },
	{ "text/vcard", "an address" },
	{ "text/x-vcard", "an address" },
};

/* The types that mail programs give to attached diffs. Many don't recognise them as text. */
static const struct {
	const char *type, *file;
} diff_types[] = {
	{ "text/*", "*" },
	{ "application/x-patch", "*" },
	{ "application/x-diff", "*" },
	{ "application/mbox", "*" },
	{ "application/octet-stream", "*.patch" },
	{ "application/octet-stream", "*.diff" },
};

struct mail_part mail_part_of(const char *text, size_t size)
{
	const char *end = text + size, *at = text;

	while (at < end && *at != '\n' && !str_starts(at, "\r\n")) {
		at = memchr(at, '\n', end - at);
		at = at ? at + 1 : end;
	}
	return (struct mail_part){
		.header = text,
		.body = at < end ? (const char *)memchr(at, '\n', end - at) + 1 : end,
		.end = end,
	};
}

/* Lines that begin with a blank continue the value. */
static char *value_at(const char *at, const char *end)
{
	char *value = malloc(end - at + 1);
	size_t n = 0;

	at += strspn(at, " \t");
	for (; value && at < end; at++) {
		if (*at == '\n' && (at + 1 >= end || (at[1] != ' ' && at[1] != '\t')))
			break;
		if (*at != '\n' && *at != '\r')
			value[n++] = *at == '\t' ? ' ' : *at;
	}
	if (value)
		value[n] = '\0';
	return value;
}

char *mail_field(const struct mail_part *part, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = part->header; at && at < part->body;
	     at = memchr(at, '\n', part->body - at), at = at ? at + 1 : NULL)
		if ((size_t)(part->body - at) > n && !strncasecmp(at, name, n) && at[n] == ':')
			return value_at(at + n + 1, part->body);
	return strdup("");
}

/*
 * The value of the parameter @name in a field like "text/plain; charset=utf-8; format=flowed"; ""
 * if there is none.
 */
static char *parameter(const char *field, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = strchr(field, ';'); at; at = strchr(at, ';')) {
		at++;
		at += strspn(at, " \t");
		if (strncasecmp(at, name, n) || at[n] != '=')
			continue;
		at += n + 1;
		return *at == '"' ? strndup(at + 1, strcspn(at + 1, "\""))
				  : strndup(at, strcspn(at, "; \t"));
	}
	return strdup("");
}

/* What the header says about the body. */
struct description {
	char *field, *disposition; /* Content-Type, Content-Disposition */
	char *type, *charset, *format, *delsp, *boundary, *file, *encoding;
};

static void lower(char *text)
{
	for (; text && *text; text++)
		*text = tolower((unsigned char)*text);
}

static void forget(struct description *is)
{
	free(is->field);
	free(is->disposition);
	free(is->type);
	free(is->charset);
	free(is->format);
	free(is->delsp);
	free(is->boundary);
	free(is->file);
	free(is->encoding);
}

static int describe(const struct mail_part *part, struct description *is)
{
	memset(is, 0, sizeof(*is));
	is->field = mail_field(part, "Content-Type");
	is->disposition = mail_field(part, "Content-Disposition");
	is->encoding = mail_field(part, "Content-Transfer-Encoding");
	if (is->field && is->disposition && is->encoding) {
		is->encoding[strcspn(is->encoding, " ;")] = '\0';
		is->type = *is->field ? strndup(is->field, strcspn(is->field, "; "))
				      : strdup("text/plain");
		is->charset = parameter(is->field, "charset");
		is->format = parameter(is->field, "format");
		is->delsp = parameter(is->field, "delsp");
		is->boundary = parameter(is->field, "boundary");
		is->file = parameter(is->disposition, "filename");
		if (is->file && !*is->file) {
			free(is->file);
			is->file = parameter(is->field, "name");
		}
	}
	if (!is->type || !is->charset || !is->format || !is->delsp || !is->boundary || !is->file) {
		forget(is);
		return -ENOMEM;
	}
	lower(is->type);
	lower(is->encoding);
	return 0;
}

static bool is_one_of(const char *word, const char *const *words)
{
	while (*words && strcasecmp(word, *words))
		words++;
	return *words;
}

static bool encoding_is_plain(const struct description *is)
{
	static const char *const plain[] = { "", "7bit", "8bit", "binary", NULL };

	return is_one_of(is->encoding, plain);
}

/*
 * The kernel's source is UTF-8. "unknown-8bit" is taken for UTF-8, since it names no other charset.
 */
static bool charset_is_plain(const struct description *is)
{
	static const char *const plain[] = {
		"", "utf-8", "utf8", "us-ascii", "unknown-8bit", NULL
	};

	return is_one_of(is->charset, plain);
}

static bool format_is_plain(const struct description *is)
{
	return strcasecmp(is->format, "flowed");
}

bool mail_is_plain(const struct mail_part *part)
{
	struct description is;
	bool plain;

	if (describe(part, &is))
		return false;
	plain = !strncmp(is.type, "text/", 5) && strcmp(is.type, "text/html") &&
		encoding_is_plain(&is) && charset_is_plain(&is) && format_is_plain(&is);
	forget(&is);
	return plain;
}

static void replace(struct bytes *old, struct bytes new)
{
	free(old->data);
	*old = new;
}

static int decode_encoding(const struct mail_part *part, const struct description *is,
			   struct bytes *out)
{
	size_t size = part->end - part->body;

	if (!strcmp(is->encoding, "base64"))
		return decode_base64(part->body, size, out);
	if (!strcmp(is->encoding, "quoted-printable"))
		return decode_quoted_printable(part->body, size, out);
	if (!encoding_is_plain(is))
		return -ENOENT;
	out->data = strndup(part->body, size);
	out->size = size;
	return out->data ? 0 : -ENOMEM;
}

static int write_decoded(const struct mail_part *part, const struct description *is, FILE *out,
			 const char **why)
{
	struct bytes text, other;
	int err = decode_encoding(part, is, &text);

	*why = err == -ENOENT ? "its transfer encoding isn't known"
			      : "its encoded text is damaged or cut off";
	if (err)
		return err == -ENOMEM ? err : -EINVAL;
	decode_line_ends(&text);
	if (!charset_is_plain(is)) {
		err = decode_charset(is->charset, text.data, text.size, &other);
		*why = "its text isn't of the charset that it names";
		if (!err)
			replace(&text, other);
	}
	if (!err && !format_is_plain(is)) {
		err = decode_flowed(text.data, text.size,
				    strcasecmp(is->delsp, "yes") ? FLOWED_KEEP_BLANK
								 : FLOWED_DROP_BLANK,
				    &other);
		if (!err)
			replace(&text, other);
	}
	if (!err) {
		fwrite(text.data, 1, text.size, out);
		if (text.size && text.data[text.size - 1] != '\n')
			fputc('\n', out);
	}
	free(text.data);
	return err && err != -ENOMEM ? -EINVAL : err;
}

static int write_part(const struct mail_part *part, unsigned int depth, FILE *out,
		      const char **why);

/* The next line that begins with "--boundary" or "--boundary--"; NULL: there is none. */
static const char *find_boundary(const char *at, const char *end, const char *boundary)
{
	size_t n = strlen(boundary);

	for (; at && at < end; at = memchr(at, '\n', end - at), at = at ? at + 1 : NULL)
		if ((size_t)(end - at) >= n + 2 && str_starts(at, "--") &&
		    !strncmp(at + 2, boundary, n) &&
		    (str_starts(at + 2 + n, "--") || strchr("\r\n \t", at[2 + n])))
			return at;
	return NULL;
}

/* The parts of multipart/alternative are forms of the same text. Is this the plain one? */
static bool is_plain_text(const struct mail_part *part)
{
	char *type = mail_field(part, "Content-Type");
	bool plain = type && (!*type || !strncasecmp(type, "text/plain", 10));

	free(type);
	return plain;
}

static int write_parts(const struct mail_part *whole, const struct description *is,
		       unsigned int depth, FILE *out, const char **why)
{
	const bool alternative = !strcmp(is->type, "multipart/alternative");
	const size_t n = strlen(is->boundary);
	const char *at = n ? find_boundary(whole->body, whole->end, is->boundary) : NULL, *next;
	bool written = false;
	int err = 0;

	*why = "it ends before its last part";
	while (at && strncmp(at + 2 + n, "--", 2) && !err) {
		struct mail_part part;

		at = memchr(at, '\n', whole->end - at);
		next = at ? find_boundary(at + 1, whole->end, is->boundary) : NULL;
		if (!next)
			return -EINVAL;
		part = mail_part_of(at + 1, next - at - 1);
		if (!alternative || (!written && is_plain_text(&part))) {
			err = write_part(&part, depth + 1, out, why);
			written = true;
		}
		at = next;
	}
	if (!err && alternative && !written)
		*why = "it is HTML";
	return err ?: at && written ? 0 : -EINVAL;
}

static bool has_no_diff(const struct description *is)
{
	for (size_t i = 0; i < ARRAY_SIZE(without_diffs); i++)
		if (!fnmatch(without_diffs[i].type, is->type, 0))
			return true;
	return false;
}

static bool may_have_diff(const struct description *is)
{
	for (size_t i = 0; i < ARRAY_SIZE(diff_types); i++)
		if (!fnmatch(diff_types[i].type, is->type, 0) &&
		    !fnmatch(diff_types[i].file, is->file, FNM_CASEFOLD))
			return true;
	return false;
}

static int write_part(const struct mail_part *part, unsigned int depth, FILE *out, const char **why)
{
	struct description is;
	int err = describe(part, &is);

	if (err)
		return err;
	if (depth > DEPTH_MAX) {
		*why = "its parts have too many parts";
		err = -EINVAL;
	} else if (!strncmp(is.type, "multipart/", 10)) {
		err = write_parts(part, &is, depth, out, why);
	} else if (has_no_diff(&is)) {
		err = 0;
	} else if (!strcmp(is.type, "text/html")) {
		*why = "it is HTML";
		err = -EINVAL;
	} else if (may_have_diff(&is)) {
		err = write_decoded(part, &is, out, why);
	} else {
		*why = "an attachment is no text, and may be a part of the fix";
		err = -EINVAL;
	}
	forget(&is);
	return err;
}

int mail_write_text(const struct mail_part *part, FILE *out, const char **why)
{
	return write_part(part, 0, out, why);
}
