/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Preprocessed text without the parts that make no code: see used-text.c. */
#ifndef KPATCH_BUILD_USED_TEXT_H
#define KPATCH_BUILD_USED_TEXT_H

/*
 * Remove from @text (preprocessed C, ends with NUL) the inline functions, prototypes and structures
 * that nothing else in it names. 0 or -ENOMEM; then the text is unchanged.
 */
int text_drop_unused(char *text);

#endif
