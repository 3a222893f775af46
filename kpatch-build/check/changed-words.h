/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the diffs' files have lost and gained, for create-diff-object --words. */
#ifndef KPATCH_BUILD_CHANGED_WORDS_H
#define KPATCH_BUILD_CHANGED_WORDS_H

struct build;

/* Sets build->words_file. */
int write_changed_words(struct build *build);

#endif
