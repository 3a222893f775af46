/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Mail programs encode text so that every relay can carry it. A line that is decoded wrongly would
 * be compiled into the kernel. So damaged text is an error here, and nothing is guessed.
 */
#ifndef KPATCH_BUILD_DECODE_H
#define KPATCH_BUILD_DECODE_H

#include <stddef.h>

/* ->size bytes, followed by a NUL. */
struct bytes {
	char *data;
	size_t size;
};

/*
 * Each returns 0, -ENOMEM, or -EINVAL if the text is damaged. The caller frees out->data. No
 * input of decode_flowed() counts as damaged.
 */
int decode_base64(const char *text, size_t size, struct bytes *out);
int decode_quoted_printable(const char *text, size_t size, struct bytes *out);
/* From @charset to UTF-8. -ENOENT: iconv(3) doesn't know the charset. */
int decode_charset(const char *charset, const char *text, size_t size, struct bytes *out);
/*
 * RFC 3676, format=flowed: join each line that ends in a blank with the next one, and remove the
 * blank that the sender added in front of lines that began with one. FLOWED_DROP_BLANK (delsp=yes):
 * remove the blank at the end of the joined line, too.
 */
enum flowed_blank { FLOWED_KEEP_BLANK, FLOWED_DROP_BLANK };
int decode_flowed(const char *text, size_t size, enum flowed_blank blank, struct bytes *out);
/*
 * Decode the value of a header field: RFC 2047, "=?UTF-8?q?f=C3=BCr?=". Words that can't be decoded
 * stay as they are. Caller frees; NULL: no memory.
 */
char *decode_header(const char *value);
/* Convert CRLF to LF, in place, but only if every line ends in CRLF. */
void decode_line_ends(struct bytes *bytes);

#endif
