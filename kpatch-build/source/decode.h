/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What mail programs do to text so that any relay can carry it. Damaged text is an error here, and
 * nothing is guessed: a wrongly decoded line would be compiled.
 */
#ifndef KPATCH_BUILD_DECODE_H
#define KPATCH_BUILD_DECODE_H

#include <stddef.h>

/* Bytes with a NUL after ->size of them. */
struct bytes {
	char *data;
	size_t size;
};

/* Each returns 0, -ENOMEM, or -EINVAL if the text is damaged. *@out is owned by the caller. */
int decode_base64(const char *text, size_t size, struct bytes *out);
int decode_quoted_printable(const char *text, size_t size, struct bytes *out);
/* From @charset to UTF-8; -ENOENT: there is no such charset. */
int decode_charset(const char *charset, const char *text, size_t size, struct bytes *out);
/*
 * RFC 3676, format=flowed: join lines that end in a blank, and remove the blank that the sender put
 * before lines that begin with one. @drop_blank: without the blank where lines are joined (delsp).
 */
enum flowed_blank { FLOWED_KEEP_BLANK, FLOWED_DROP_BLANK };
int decode_flowed(const char *text, size_t size, enum flowed_blank blank, struct bytes *out);
/* Of a header: RFC 2047, "=?UTF-8?q?f=C3=BCr?=". What can't be decoded stays. NULL: no memory. */
char *decode_header(const char *value);
/* CRLF to LF, in place, if each line ends so. */
void decode_line_ends(struct bytes *bytes);

#endif
