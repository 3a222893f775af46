/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the author of a diff says about it. An administrator asks which fix a
 * livepatch is, and knows it by its subject or its CVE id, not by the names of
 * functions.
 */
#ifndef KPATCH_BUILD_MESSAGE_H
#define KPATCH_BUILD_MESSAGE_H

#include "lib/strvec.h"

struct message {
	char *subject; /* without "[PATCH 1/2]"; the diff's file name if it has none */
	char *author; /* "A. Uthor <a@example.org>", or NULL */
	/* "CVE-2026-12345": each id in the message, or in the file's name, once */
	struct strvec cves;
};

/*
 * Read what is before the first changed file in the diff in the file @path, as git format-patch
 * writes it; @name is that of the user's file. All is printable and of one line. 0 or -ENOMEM; a file that can't be read says nothing.
 */
int message_read(const char *path, const char *name, struct message *message);
void message_free(struct message *message);

#endif
