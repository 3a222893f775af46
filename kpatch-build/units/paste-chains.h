/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Macros that paste many words at once: paste-chains.c. */
#ifndef KPATCH_BUILD_PASTE_CHAINS_H
#define KPATCH_BUILD_PASTE_CHAINS_H

#include <stddef.h>

/* "_prefix##_##_field##_INDEX" is "* _ * _INDEX": of a parameter nothing is known. */
struct paste_chains {
	char **list;
	size_t n;
};

/*
 * Add, once each, the chains of LONG_CHAIN operands or more of the macros in @text, which has no
 * comments, if they paste at least one word of their own. 0 or -ENOMEM.
 */
int paste_chains_add(struct paste_chains *chains, const char *text);
void paste_chains_free(struct paste_chains *chains);

#endif
