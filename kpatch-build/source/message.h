/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Administrators know a fix by its subject or its CVE id, not by the names of the
 * functions that it changes. So a livepatch carries what the author of the diff
 * wrote about it.
 */
#ifndef KPATCH_BUILD_MESSAGE_H
#define KPATCH_BUILD_MESSAGE_H

#include "lib/strvec.h"

struct message {
	char *subject; /* without "[PATCH 1/2]"; the name of the diff's file if there is none */
	char *author; /* "A. Uthor <a@example.org>", or NULL */
	/* "CVE-2026-12345": each id in the message or in the name of its file, once */
	struct strvec cves;
};

/*
 * Read the commit message in front of the diff in the file @path, as git format-patch writes it.
 * @name is the name of the user's file. Each result is one printable line. 0 or -ENOMEM; a file
 * that can't be read has no message.
 */
int message_read(const char *path, const char *name, struct message *message);
/* Is @text a CVE id, and nothing else? */
bool message_is_cve(const char *text);
/* Add an id, unless the message has it. 0 or -ENOMEM. */
int message_add_cve(struct message *message, const char *id);
void message_free(struct message *message);

#endif
