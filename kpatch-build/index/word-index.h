/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which files of the kernel's source contain a word. A changed header is read by
 * hundreds of units, and the name that the diff changes in it is often used by
 * three of them. Searching the text of the whole tree takes seconds for each
 * name, so it is done once per kernel: the index lists, for each file, the hashes
 * of the words in it.
 *
 * Words of makefiles are in it wherever they are, and two words may have the same hash. So the index names too many files rather than too few: the caller
 * looks at the text.
 */
#ifndef KPATCH_BUILD_WORD_INDEX_H
#define KPATCH_BUILD_WORD_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/diag.h"

/* As UNIT_INDEX_NAME. */
#define WORD_INDEX_NAME "words-4"

struct word_file {
	const char *path; /* in the source tree, or of a generated header in the build tree */
	const uint32_t *hashes; /* sorted, each once */
	size_t n;
};

struct word_index {
	char *data;
	struct word_file *files;
	size_t n;
};

/* In the place of a word, for a file in which a chain "a##b##c##d" has that many operands. */
#define LONG_CHAIN_MARK "##"
#define LONG_CHAIN 4

/*
 * Search @source, and the headers that kbuild made in @build, and write the file.
 * 0 or a reported error.
 */
int word_index_make(const char *source, const char *build, const char *arch, const char *path,
		    const char *id, struct diag *diag);

/* 0; -ENOENT if the file isn't there or has another @id; other errors are reported. */
int word_index_load(const char *path, const char *id, struct word_index *index, struct diag *diag);
void word_index_free(struct word_index *index);

uint32_t word_hash(const char *word, size_t length);
/* … of a word where a macro can paste it (source-text.h): files list these besides. */
uint32_t piece_hash(const char *word, size_t length);
bool word_file_has(const struct word_file *file, uint32_t hash);
/* NULL: the index doesn't have that file. */
const struct word_file *word_index_find(const struct word_index *index, const char *path);

/* Their lines are no code. */
bool word_index_is_makefile(const char *path);

/* For each of the sorted @hashes: the number of files that contain it. */
void word_index_count(const struct word_index *index, const uint32_t *hashes, size_t n,
		      unsigned int *counts);

#endif
