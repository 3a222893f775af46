/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Macros that paste many words at once: paste-chains.c. */
#ifndef KPATCH_BUILD_PASTE_CHAINS_H
#define KPATCH_BUILD_PASTE_CHAINS_H

struct strvec;

/*
 * Add, once each, the chains of LONG_CHAIN operands or more of the macros in @text, which has no
 * comments, if they paste at least one word of their own. 0 or -ENOMEM.
 * "_prefix##_##_field##_INDEX" is "* _ * _INDEX": '*' is a parameter, which may be anything.
 */
int paste_chains_add(struct strvec *chains, const char *text);

#endif
