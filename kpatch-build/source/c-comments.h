/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remove comments from C source: c-comments.c. */
#ifndef KPATCH_BUILD_SOURCE_C_COMMENTS_H
#define KPATCH_BUILD_SOURCE_C_COMMENTS_H

/* Replace each comment by a blank, as the compiler does. Strings don't change. */
void blank_comments(char *text);

#endif
