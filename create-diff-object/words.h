/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A static inline function that nothing uses leaves no trace in an object. So
 * neither symbols nor debug information tell whether a helper was renamed, or
 * whether another one is used instead. The source does: after a rename, the old
 * name no longer occurs in it, and the new one did not occur before.
 */
#ifndef CDO_WORDS_H
#define CDO_WORDS_H

#include <stdbool.h>

#include "lib/diag.h"

struct words;

/*
 * Read the words that all files changed by the diffs together no longer have ("-word") or newly
 * have ("+word"), and those that some hunk has fewer of ("<word"), one on each line. Free with words_free(), which accepts NULL.
 */
int words_read(const char *path, struct words **out, struct diag *diag);
void words_free(struct words *words);

/* Does the source no longer have @old, and newly have @new? False without @words (NULL). */
bool words_renamed(const struct words *words, const char *old, const char *new);

/* Does some hunk of the diffs mention @word less often after than before? False without @words. */
bool words_fewer(const struct words *words, const char *word);

#endif
