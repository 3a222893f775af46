/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fixes arrive as mails: a file of git format-patch, a mail that somebody saved, a mailbox with a
 * series and the answers to it. What is in them may be encoded, and a part that can't be read might
 * be the half of a fix: that is an error.
 */
#ifndef KPATCH_BUILD_MAIL_H
#define KPATCH_BUILD_MAIL_H

#include <stdbool.h>
#include <stddef.h>

struct mail {
	char *subject; /* decoded, in one line; "": there is none */
	char *author; /* the same of "From" */
	char *date; /* as it is */
	char *text; /* what a diff is looked for in, NUL-terminated */
	size_t size; /* of ->text */
	bool decoded; /* lines of ->text are not lines of the mail */
	/* what the subject says: "[PATCH v2 3/7] title" */
	unsigned int version, number, total; /* 1, 0, 0 if it doesn't */
	bool is_cover; /* 0/n: its diffs are of another version */
	bool is_answer; /* "Re: " */
	const char *title; /* in ->subject */
};

/* True if @text begins with a header of a mail. */
bool mail_begins(const char *text);

/* Read one mail; 0, -ENOMEM, or -EINVAL with *@why. Free with mail_free(). */
int mail_read(const char *text, size_t size, struct mail *mail, const char **why);
void mail_free(struct mail *mail);

/*
 * The length of the first mail in a mailbox, up to the line "From … 12:34:56 2024" of the next;
 * @size if there is no other.
 */
size_t mail_length(const char *text, size_t size);

#endif
