/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The words removed from and added to the diffs' files, for create-diff-object
 * --words.
 */
#ifndef KPATCH_BUILD_CHANGED_WORDS_H
#define KPATCH_BUILD_CHANGED_WORDS_H

struct job;
struct series;
struct trees;

/* Writes the file and sets build->words_file. */
int write_changed_words(const struct job *job, const struct series *series, struct trees *trees);

#endif
