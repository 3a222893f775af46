/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See mail-parts.c. */
#ifndef KPATCH_BUILD_MAIL_PARTS_H
#define KPATCH_BUILD_MAIL_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A mail, or a part of one: header and body are in the mail's text. */
struct mail_part {
	const char *header, *body, *end;
};

/* Where the header ends. */
struct mail_part mail_part_of(const char *text, size_t size);

/* The value of a field, its lines joined; "" if there is none. Caller frees; NULL: no memory. */
char *mail_field(const struct mail_part *part, const char *name);

/* True if the body is text as it is. */
bool mail_is_plain(const struct mail_part *part);

/* Write the text of all parts, decoded; 0, -ENOMEM, or -EINVAL with *@why. */
int mail_write_text(const struct mail_part *part, FILE *out, const char **why);

#endif
