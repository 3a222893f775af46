/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See renamed-constants.c. */
#ifndef CDO_RENAMED_CONSTANTS_H
#define CDO_RENAMED_CONSTANTS_H

struct unit;
struct words;

/* Pair constants that have another name now. @words: NULL: not known. */
void pair_renamed_constants(struct unit *original, struct unit *patched, const struct words *words);

#endif
