/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A static inline function that nothing uses leaves no trace in an object. So
 * neither symbols nor debug information tell a helper that was renamed from one
 * that is used no more, while another one is used instead. The source does: of
 * what was renamed, the old name is nowhere in it any more, and the new one was
 * nowhere before.
 */
#ifndef CDO_WORDS_H
#define CDO_WORDS_H

#include <stdbool.h>

#include "lib/diag.h"

struct words;

/*
 * Read the words that all files changed by the diffs have lost together ("-word"), and gained
 * ("+word"), a line each. Free with words_free(), which takes NULL.
 */
int words_read(const char *path, struct words **out, struct diag *diag);
void words_free(struct words *words);

/* Has the source lost @old and gained @new? Without @words (NULL): nobody knows, so no. */
bool words_renamed(const struct words *words, const char *old, const char *new);

#endif
