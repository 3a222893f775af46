// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The file is the magic line, padded to a multiple of four bytes, and a record for
 * each source file: the length of its path, the path, padded, the number of hashes,
 * and the hashes, all numbers of 32 bits. It is read by the machine that wrote it.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/index/includes.h"
#include "kpatch-build/index/source-text.h"
#include "kpatch-build/index/word-index.h"
#include "lib/array.h"
#include "lib/files.h"
#include "lib/paths.h"
#include "lib/text.h"

#define MAGIC "klp-split words 4 "

/* Where kbuild puts headers of its own making, below the build tree. */
static const char *const generated[] = { "include", "arch" };

struct maker {
	FILE *out;
	const char *prefix; /* before the paths of the tree that is searched */
	uint32_t *hashes;
	size_t cap;
};

static uint32_t hash_more(uint32_t hash, const char *word, size_t length)
{
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)word[i]) * 16777619u; /* FNV-1a */
	return hash;
}

uint32_t word_hash(const char *word, size_t length)
{
	return hash_more(2166136261u, word, length);
}

uint32_t piece_hash(const char *word, size_t length)
{
	return hash_more(word_hash("#", 1), word, length);
}

static int compare_hashes(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static bool is_part_of_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static int add_hash(struct maker *maker, size_t *n, uint32_t hash)
{
	if (*n == maker->cap) {
		size_t cap = maker->cap ? 2 * maker->cap : 4096;
		uint32_t *hashes = reallocarray(maker->hashes, cap, sizeof(*hashes));

		if (!hashes)
			return -ENOMEM;
		maker->hashes = hashes;
		maker->cap = cap;
	}
	maker->hashes[(*n)++] = hash;
	return 0;
}

/* Is the word before @text pasted to what follows it? */
static bool is_pasted(const char *text)
{
	text += strspn(text, " \t");
	if (strncmp(text, "##", 2))
		return false;
	text += 2;
	text += strspn(text, " \t");
	return is_part_of_word(*text);
}

static int hash_words(struct maker *maker, const char *text, size_t *n)
{
	struct source_word word = { .at = text };
	size_t operands = 1;
	int err = 0;

	*n = 0;
	while (!err && source_next_word(text, word.at + word.n, &word)) {
		err = add_hash(maker, n, word_hash(word.at, word.n));
		if (!err && word.piece)
			err = add_hash(maker, n, piece_hash(word.at, word.n));
		operands = is_pasted(word.at + word.n) ? operands + 1 : 1;
		if (!err && operands == LONG_CHAIN)
			err = add_hash(maker, n, word_hash(LONG_CHAIN_MARK, 2));
	}
	return err;
}

/* All words: of makefiles, quotes and comments say nothing that this would know. */
static int hash_all_words(struct maker *maker, const char *text, size_t *n)
{
	int err = 0;

	*n = 0;
	while (*text && !err) {
		size_t length = 0;

		while (is_part_of_word(text[length]))
			length++;
		if (length) {
			err = add_hash(maker, n, word_hash(text, length));
			err = err ?: add_hash(maker, n, piece_hash(text, length));
		}
		text += length ?: 1;
	}
	return err;
}

bool word_index_is_makefile(const char *path)
{
	const char *base = base_name(path);

	return str_starts(base, "Makefile") || str_starts(base, "Kbuild");
}

static int hash_file(struct maker *maker, const char *path, const char *text, size_t *n)
{
	char *plain;
	int err;

	if (word_index_is_makefile(path))
		return hash_all_words(maker, text, n);
	plain = source_plain_text(text);
	err = plain ? hash_words(maker, plain, n) : -ENOMEM;
	free(plain);
	return err;
}

static size_t sort_once(uint32_t *hashes, size_t n)
{
	size_t kept = 0;

	if (n)
		qsort(hashes, n, sizeof(*hashes), compare_hashes);
	for (size_t i = 0; i < n; i++)
		if (!i || hashes[i] != hashes[kept - 1])
			hashes[kept++] = hashes[i];
	return kept;
}

static void write_number(FILE *out, uint32_t number)
{
	fwrite(&number, sizeof(number), 1, out);
}

static void write_padded(FILE *out, const char *prefix, const char *text)
{
	size_t n = fprintf(out, "%s%s", prefix, text) + 1;

	do
		fputc('\0', out);
	while (n++ % sizeof(uint32_t));
}

static int add_file(const char *path, const char *relative, void *arg)
{
	struct maker *maker = arg;
	char *text = NULL;
	size_t size, n;
	int err = read_file(path, &text, &size);

	err = err ?: hash_file(maker, relative, text, &n);
	if (!err) {
		n = sort_once(maker->hashes, n);
		write_number(maker->out, strlen(maker->prefix) + strlen(relative));
		write_padded(maker->out, maker->prefix, relative);
		write_number(maker->out, n);
		fwrite(maker->hashes, sizeof(*maker->hashes), n, maker->out);
	}
	free(text);
	return err;
}

static int add_generated(struct maker *maker, const char *build, const char *folder,
			 const char *arch, struct diag *diag)
{
	char *root = path_join(build, folder, NULL), *prefix = format("%s/", folder);
	int err = root && prefix ? 0 : diag_oom(diag);

	maker->prefix = prefix;
	if (!err && path_exists(root))
		err = for_each_text(root, arch, add_file, maker, diag);
	maker->prefix = "";
	free(prefix);
	free(root);
	return err;
}

int word_index_make(const char *source, const char *build, const char *arch, const char *path,
		    const char *id, struct diag *diag)
{
	struct maker maker = { .prefix = "" };
	char *data = NULL;
	size_t size;
	int err;

	maker.out = open_memstream(&data, &size);
	if (!maker.out)
		return diag_oom(diag);
	write_padded(maker.out, MAGIC, id);
	err = for_each_text(source, arch, add_file, &maker, diag);
	for (size_t i = 0; i < ARRAY_SIZE(generated) && !err; i++)
		err = add_generated(&maker, build, generated[i], arch, diag);
	if ((ferror(maker.out) | fclose(maker.out)) && !err)
		err = diag_oom(diag);
	if (!err && (err = write_file_atomic(path, data, size, 0644)))
		diag_errno(diag, -err, path, "write");
	free(maker.hashes);
	free(data);
	return err;
}

static size_t padded(size_t n)
{
	return (n + 1 + 3) / 4 * 4;
}

static int compare_files(const void *a, const void *b)
{
	return strcmp(((const struct word_file *)a)->path, ((const struct word_file *)b)->path);
}

/* The number at *@at, which is stepped over. */
static bool read_number(const char **at, const char *end, uint32_t *number)
{
	if (end - *at < (ptrdiff_t)sizeof(*number))
		return false;
	memcpy(number, *at, sizeof(*number));
	*at += sizeof(*number);
	return true;
}

static int parse(struct word_index *index, const char *at, const char *end)
{
	size_t cap = 0;

	while (at < end) {
		struct word_file file;
		uint32_t length, n;

		if (!read_number(&at, end, &length) || (size_t)(end - at) < padded(length))
			return -EINVAL;
		file.path = at;
		at += padded(length);
		if (!read_number(&at, end, &n) || (size_t)(end - at) / sizeof(*file.hashes) < n ||
		    file.path[length])
			return -EINVAL;
		file.hashes = (const uint32_t *)at;
		file.n = n;
		at += n * sizeof(*file.hashes);
		if (index->n == cap) {
			struct word_file *files;

			cap = cap ? 2 * cap : 4096;
			files = reallocarray(index->files, cap, sizeof(*files));
			if (!files)
				return -ENOMEM;
			index->files = files;
		}
		index->files[index->n++] = file;
	}
	if (index->n)
		qsort(index->files, index->n, sizeof(*index->files), compare_files);
	return 0;
}

int word_index_load(const char *path, const char *id, struct word_index *index, struct diag *diag)
{
	char *magic = format("%s%s", MAGIC, id);
	size_t size, n = magic ? padded(strlen(magic)) : 0;
	int err;

	memset(index, 0, sizeof(*index));
	err = magic ? read_file(path, &index->data, &size) : -ENOMEM;
	if (!err)
		err = size < n || strcmp(index->data, magic)
			      ? -EINVAL
			      : parse(index, index->data + n, index->data + size);
	free(magic);
	if (err)
		word_index_free(index);
	if (err == -EINVAL || err == -ENOENT) /* not ours: it is written whole or not at all */
		return -ENOENT;
	return err ? diag_errno(diag, -err, path, "read") : 0;
}

void word_index_free(struct word_index *index)
{
	free(index->files);
	free(index->data);
	memset(index, 0, sizeof(*index));
}

bool word_file_has(const struct word_file *file, uint32_t hash)
{
	return file->n &&
	       bsearch(&hash, file->hashes, file->n, sizeof(*file->hashes), compare_hashes);
}

const struct word_file *word_index_find(const struct word_index *index, const char *path)
{
	struct word_file key = { .path = path };

	return index->n ? bsearch(&key, index->files, index->n, sizeof(key), compare_files) : NULL;
}

#define FILTER_BITS 16

/* Nearly all hashes of the index are none of those that are counted: a filter is asked first. */
void word_index_count(const struct word_index *index, const uint32_t *hashes, size_t n,
		      unsigned int *counts)
{
	static const size_t mask = (1 << FILTER_BITS) - 1;
	bool filter[1 << FILTER_BITS] = { false };

	memset(counts, 0, n * sizeof(*counts));
	for (size_t i = 0; i < n; i++)
		filter[hashes[i] & mask] = true;
	for (size_t i = 0; i < index->n; i++) {
		const struct word_file *file = &index->files[i];

		for (size_t k = 0; k < file->n; k++) {
			const uint32_t *found;

			if (!filter[file->hashes[k] & mask])
				continue;
			found = bsearch(&file->hashes[k], hashes, n, sizeof(*hashes),
					compare_hashes);
			if (found)
				counts[found - hashes]++;
		}
	}
}
