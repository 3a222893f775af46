// SPDX-License-Identifier: GPL-2.0-or-later
/* Decoders for the encodings of mails: see decode.h. */
#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kpatch-build/source/decode.h"
#include "lib/text.h"

static int base64_value(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				     "0123456789+/";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

int decode_base64(const char *text, size_t size, struct bytes *out)
{
	char *data = malloc(size + 1);
	unsigned int group = 0, digits = 0, padding = 0;
	size_t n = 0;

	if (!data)
		return -ENOMEM;
	for (size_t i = 0; i < size; i++) {
		int value = base64_value(text[i]);

		if (strchr(" \t\r\n", text[i]) && text[i])
			continue;
		if (text[i] == '=' && digits >= 2)
			padding++;
		else if (value < 0 || padding)
			goto damaged;
		group = group << 6 | (value < 0 ? 0 : value);
		if (++digits < 4)
			continue;
		for (unsigned int byte = 0; byte < 3 - padding; byte++)
			data[n++] = group >> (16 - 8 * byte);
		group = digits = 0;
	}
	if (digits)
		goto damaged;
	data[n] = '\0';
	*out = (struct bytes){ data, n };
	return 0;

damaged:
	free(data);
	return -EINVAL;
}

static int hex_value(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/*
 * Mail programs encode no letter or digit, except the F of "From " at the start of a line. If a
 * text was decoded before and kept its header, its "x=30" is source code, and must not become "x0".
 */
static bool is_encoded_byte(const char *start, const char *at, size_t left, char *byte)
{
	int high = left > 2 ? hex_value(at[1]) : -1, low = left > 2 ? hex_value(at[2]) : -1;

	if (high < 0 || low < 0)
		return false;
	*byte = high << 4 | low;
	return !isalnum((unsigned char)*byte) || (*byte == 'F' && (at == start || at[-1] == '\n'));
}

/*
 * A '=' at the end of a line joins it with the next one. A relay may have added blanks after the
 * '='. Return the length of what is removed; 0: this '=' ends no line.
 */
static size_t soft_break(const char *at, size_t left)
{
	size_t n = 1;

	while (n < left && (at[n] == ' ' || at[n] == '\t' || at[n] == '\r'))
		n++;
	if (n == left)
		return n;
	return at[n] == '\n' ? n + 1 : 0;
}

int decode_quoted_printable(const char *text, size_t size, struct bytes *out)
{
	char *data = malloc(size + 1);
	size_t n = 0, skip;

	if (!data)
		return -ENOMEM;
	for (size_t i = 0; i < size; i += skip) {
		skip = 1;
		if (text[i] != '=') {
			data[n++] = text[i];
		} else if (is_encoded_byte(text, text + i, size - i, &data[n])) {
			n++;
			skip = 3;
		} else if (!(skip = soft_break(text + i, size - i))) {
			free(data);
			return -EINVAL;
		}
	}
	data[n] = '\0';
	*out = (struct bytes){ data, n };
	return 0;
}

int decode_charset(const char *charset, const char *text, size_t size, struct bytes *out)
{
	iconv_t iconv_state = iconv_open("UTF-8", charset);
	size_t room = 4 * size + 1, left = room, done;
	char *data, *to, *from = (char *)text;

	if (iconv_state == (iconv_t)-1)
		return errno == ENOMEM ? -ENOMEM : -ENOENT;
	data = to = malloc(room + 1);
	done = data ? iconv(iconv_state, &from, &size, &to, &left) : 0;
	iconv_close(iconv_state);
	if (!data)
		return -ENOMEM;
	if (done == (size_t)-1) {
		free(data);
		return -EINVAL;
	}
	*to = '\0';
	*out = (struct bytes){ data, to - data };
	return 0;
}

/* Is @line, without its line end, joined with the next one? "-- " isn't: it begins a signature. */
static bool is_soft(const char *line, size_t n)
{
	return n && line[n - 1] == ' ' && !(n == 3 && !memcmp(line, "-- ", 3));
}

int decode_flowed(const char *text, size_t size, enum flowed_blank blank, struct bytes *out)
{
	char *data = malloc(size + 1);
	const char *end = text + size;
	size_t to = 0;

	if (!data)
		return -ENOMEM;
	for (const char *at = text, *next; at < end; at = next) {
		const char *stop = memchr(at, '\n', end - at) ?: end;
		size_t n = stop - at;
		bool soft;

		next = stop < end ? stop + 1 : end;
		if (n && at[n - 1] == '\r')
			n--;
		if (n && *at == ' ') {
			at++;
			n--;
		}
		soft = is_soft(at, n);
		memmove(data + to, at, n);
		to += n - (soft && blank == FLOWED_DROP_BLANK);
		if (!soft && stop < end)
			data[to++] = '\n';
	}
	data[to] = '\0';
	*out = (struct bytes){ data, to };
	return 0;
}

void decode_line_ends(struct bytes *bytes)
{
	size_t lines = 0, with_return = 0, to = 0;

	for (size_t i = 0; i < bytes->size; i++) {
		lines += bytes->data[i] == '\n';
		with_return += bytes->data[i] == '\n' && i && bytes->data[i - 1] == '\r';
	}
	if (!lines || lines != with_return)
		return;
	for (size_t i = 0; i < bytes->size; i++)
		if (bytes->data[i] != '\r' || i + 1 == bytes->size || bytes->data[i + 1] != '\n')
			bytes->data[to++] = bytes->data[i];
	bytes->data[to] = '\0';
	bytes->size = to;
}

/* In header fields, '_' is a blank. A '=' without two hexadecimal digits stays as it is. */
static int decode_q(const char *text, size_t size, struct bytes *out)
{
	char *copy = malloc(size + 1);
	size_t n = 0;

	if (!copy)
		return -ENOMEM;
	for (size_t i = 0; i < size; i++, n++) {
		int high = size - i > 2 ? hex_value(toupper((unsigned char)text[i + 1])) : -1;
		int low = size - i > 2 ? hex_value(toupper((unsigned char)text[i + 2])) : -1;

		copy[n] = text[i] == '_' ? ' ' : text[i];
		if (text[i] == '=' && high >= 0 && low >= 0) {
			copy[n] = high << 4 | low;
			i += 2;
		}
	}
	copy[n] = '\0';
	*out = (struct bytes){ copy, n };
	return 0;
}

/* Decode the "=?charset?q?text?=" at @at. Return its length; 0: it isn't an encoded word. */
static size_t encoded_word(const char *at, struct bytes *out)
{
	const char *charset = at + 2, *how = strchr(charset, '?'), *text, *end;
	struct bytes raw;
	char name[32];
	int err;

	if (!how || !how[1] || how[2] != '?' || (size_t)(how - charset) >= sizeof(name))
		return 0;
	text = how + 3;
	end = strstr(text, "?=");
	if (!end)
		return 0;
	memcpy(name, charset, how - charset);
	name[how - charset] = '\0';
	err = toupper((unsigned char)how[1]) == 'B'   ? decode_base64(text, end - text, &raw)
	      : toupper((unsigned char)how[1]) == 'Q' ? decode_q(text, end - text, &raw)
						      : -EINVAL;
	if (err)
		return 0;
	err = decode_charset(name, raw.data, raw.size, out);
	free(raw.data);
	return err ? 0 : end + 2 - at;
}

char *decode_header(const char *value)
{
	/* one byte of any charset becomes at most four bytes of UTF-8: decode_charset() */
	char *text = malloc(4 * strlen(value) + 1);
	bool after_word = false;
	size_t n = 0;

	while (text && *value) {
		size_t blanks = strspn(value, " \t"), length;
		struct bytes word;

		length = str_starts(value + blanks, "=?") ? encoded_word(value + blanks, &word) : 0;
		if (length) {
			/* blanks between two encoded words only separate them */
			for (size_t i = 0; i < blanks && !after_word; i++)
				text[n++] = value[i];
			memcpy(text + n, word.data, word.size);
			n += word.size;
			free(word.data);
			value += blanks + length;
			after_word = true;
		} else {
			memcpy(text + n, value, blanks + !!value[blanks]);
			n += blanks + !!value[blanks];
			value += blanks + !!value[blanks];
			after_word = false;
		}
	}
	if (text)
		text[n] = '\0';
	return text;
}
