/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See renamed-callbacks.c. */
#ifndef CDO_RENAMED_CALLBACKS_H
#define CDO_RENAMED_CALLBACKS_H

struct diag;
struct unit;
struct words;

/*
 * Pair static functions whose address was kept, and that have another name and other code now.
 * @words: NULL: not known.
 */
void pair_renamed_callbacks(struct unit *original, struct unit *patched, const struct words *words);
/* Refuse those whose replacement is not certain (KS186). 0 or negative. */
int refuse_doubtful_callbacks(struct unit *original, struct unit *patched,
			      const struct words *words, struct diag *diag);

#endif
