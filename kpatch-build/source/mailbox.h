/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Select the mails of a mailbox that contain the fix, and their order: see mailbox.c. */
#ifndef KPATCH_BUILD_MAILBOX_H
#define KPATCH_BUILD_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "kpatch-build/source/mail.h"
#include "lib/diag.h"

/* A mail in a mailbox, or a text that isn't a mail. */
struct letter {
	struct mail mail; /* if it isn't a mail, only ->text and ->size are set */
	unsigned int line; /* the number of lines before it in the mailbox */
	size_t place; /* its index in the mailbox, from 0 */
	bool has_diff;
	bool takes_part; /* its diff is to be applied */
};

struct mailbox {
	struct letter *letters; /* in the order of application */
	size_t n;
};

/*
 * Read a mailbox, which messages call @label, or a file with a single mail or diff. 0 or negative
 * errno, reported. Free @box with mailbox_free() in both cases.
 */
int mailbox_read(const char *text, size_t size, const char *label, struct mailbox *box,
		 struct diag *diag);
void mailbox_free(struct mailbox *box);

/*
 * The name of @letter in messages. It says if the letter was decoded, since line numbers then
 * aren't those of the file. Caller frees; NULL: no memory.
 */
char *letter_label(const struct mailbox *box, const struct letter *letter, const char *label);

#endif
