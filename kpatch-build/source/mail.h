/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fixes arrive as mails: the output of git format-patch, a saved mail, or a mailbox with a series
 * and the answers to it. Mails may be encoded. A part that can't be read could be half of the fix,
 * so it is an error.
 */
#ifndef KPATCH_BUILD_MAIL_H
#define KPATCH_BUILD_MAIL_H

#include <stdbool.h>
#include <stddef.h>

struct mail {
	char *subject; /* decoded, in one line; "": there is none */
	char *author; /* "From", decoded in the same way */
	char *date; /* "Date", decoded in the same way */
	char *text; /* the text in which to look for a diff, NUL-terminated */
	size_t size; /* of ->text */
	bool decoded; /* line numbers in ->text aren't those of the mail */
	/* from the subject: "[PATCH v2 3/7] title" */
	unsigned int version, number, total; /* 1, 0, 0 if the subject has none */
	bool is_cover; /* 0/n: a diff in it compares two versions of the series */
	bool is_answer; /* "Re: " */
	const char *title; /* points into ->subject */
};

/* True if @text begins with the header of a mail. */
bool mail_begins(const char *text);

/* Read one mail. 0, -ENOMEM, or -EINVAL with *@why. Free @mail with mail_free(). */
int mail_read(const char *text, size_t size, struct mail *mail, const char **why);
void mail_free(struct mail *mail);

/*
 * The length of the first mail in a mailbox: up to the line "From … 12:34:56 2024" of the next
 * mail, or @size if there is no other mail.
 */
size_t mail_length(const char *text, size_t size);

#endif
