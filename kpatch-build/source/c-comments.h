/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Comments of C: c-comments.c. */
#ifndef KPATCH_BUILD_SOURCE_C_COMMENTS_H
#define KPATCH_BUILD_SOURCE_C_COMMENTS_H

/* Replace each comment by a blank, as the compiler does; strings stay. */
void blank_comments(char *text);

#endif
