/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which mails of a mailbox are the fix, and in which order: see mailbox.c. */
#ifndef KPATCH_BUILD_MAILBOX_H
#define KPATCH_BUILD_MAILBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "kpatch-build/source/mail.h"
#include "lib/diag.h"

/* A mail in a mailbox, or a text that is none. */
struct letter {
	struct mail mail; /* of a text that is no mail only ->text and ->size are set */
	unsigned int line; /* lines before it in the mailbox */
	size_t place; /* among the mails, from 0 */
	bool has_diff;
	bool takes_part; /* its diff is to be applied */
};

struct mailbox {
	struct letter *letters; /* in the order of application */
	size_t n;
};

/* Messages call it @label. 0 or negative errno, reported; free with mailbox_free() in any case. */
int mailbox_read(const char *text, size_t size, const char *label, struct mailbox *box,
		 struct diag *diag);
void mailbox_free(struct mailbox *box);

/* What messages call one of them, of which the lines may not be those of the file. NULL: no memory. */
char *letter_label(const struct mailbox *box, const struct letter *letter, const char *label);

#endif
