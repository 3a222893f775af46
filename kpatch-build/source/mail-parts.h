/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The header fields and the body of a mail (MIME): see mail-parts.c. */
#ifndef KPATCH_BUILD_MAIL_PARTS_H
#define KPATCH_BUILD_MAIL_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A mail, or a part of one. The pointers point into the text of the mail. */
struct mail_part {
	const char *header, *body, *end;
};

/* Split @text at the empty line that ends the header. */
struct mail_part mail_part_of(const char *text, size_t size);

/*
 * The value of a header field, with its continuation lines joined; "" if there is no such field.
 * Caller frees; NULL: no memory.
 */
char *mail_field(const struct mail_part *part, const char *name);

/* True if the body is plain text that needs no decoding. */
bool mail_is_plain(const struct mail_part *part);

/* Decode the text of all parts and write it to @out. 0, -ENOMEM, or -EINVAL with *@why. */
int mail_write_text(const struct mail_part *part, FILE *out, const char **why);

#endif
