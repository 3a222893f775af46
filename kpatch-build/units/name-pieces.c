// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A name need not be written in one piece. fs/ext4/ext4.h, 6.1:
 *
 *	#define test_opt(sb, opt) (EXT4_SB(sb)->s_mount_opt & EXT4_MOUNT_##opt)
 *
 * and a unit that depends on EXT4_MOUNT_BARRIER only says "test_opt(sb, BARRIER)".
 * drivers/net/ethernet/amd/xgbe/xgbe-common.h pastes four pieces
 * (_prefix##_##_field##_INDEX), and macros that call one another paste more.
 *
 * Whatever the macros do, each piece is a word somewhere in the tree. So for each way to
 * divide the name into words of the tree, the word that the fewest files contain is
 * chosen, and each file that contains a chosen word counts as a user. But words of two
 * letters divide nearly every name. So the number of pieces is limited, and short ones
 * weigh more: three pieces of any length, or four of which one is short, and underscores
 * between them. Macros that paste more are in paste-chains.h.
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/strvec.h"
#include "kpatch-build/index/word-index.h"
#include "kpatch-build/units/name-pieces.h"
#include "kpatch-build/units/paste-chains.h"

#define WEIGHT_UNDERSCORES 1
#define WEIGHT_LONG 2
#define WEIGHT_SHORT 3 /* one or two letters */
#define IMPOSSIBLE 200

static const unsigned int max_weights[] = {
	[NAME_OF_ONE_SIDE] = 5,
	[NAME_DECLARED] = 6,
	[NAME_CHANGED] = 9,
};

struct division {
	const char *name;
	size_t length;
	/* files that contain the piece that begins at [i] and has the length [k] */
	unsigned int count[NAME_LENGTH_MAX][NAME_LENGTH_MAX + 1];
	/* weight of the words for the first [i] letters, and for those from [i] on */
	unsigned int before[NAME_LENGTH_MAX + 1], after[NAME_LENGTH_MAX + 1];
	unsigned int max_weight;
	int (*found)(const char *piece, void *arg);
	void *arg;
};

static unsigned int weight(const struct division *division, size_t begin, size_t n)
{
	if (strspn(division->name + begin, "_") >= n)
		return WEIGHT_UNDERSCORES;
	return n > 2 ? WEIGHT_LONG : WEIGHT_SHORT;
}

static int take(struct division *division, size_t begin, size_t n)
{
	char piece[NAME_LENGTH_MAX + 1];

	memcpy(piece, division->name + begin, n);
	piece[n] = '\0';
	return division->found(piece, division->arg);
}

static int compare_hashes(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static int count_pieces(const struct word_index *words, struct division *division)
{
	size_t length = division->length, n = 0, kept = 0;
	uint32_t *hashes = calloc(length * (length + 1) / 2 + 1, sizeof(*hashes));
	unsigned int *counts = calloc(length * (length + 1) / 2 + 1, sizeof(*counts));

	if (!hashes || !counts) {
		free(hashes);
		free(counts);
		return -ENOMEM;
	}
	for (size_t i = 0; i < length; i++)
		for (size_t k = 1; i + k <= length; k++)
			hashes[n++] = piece_hash(division->name + i, k);
	qsort(hashes, n, sizeof(*hashes), compare_hashes);
	for (size_t i = 0; i < n; i++)
		if (!i || hashes[i] != hashes[kept - 1])
			hashes[kept++] = hashes[i];
	word_index_count(words, hashes, kept, counts);
	for (size_t i = 0; i < length; i++)
		for (size_t k = 1; i + k <= length; k++) {
			uint32_t hash = piece_hash(division->name + i, k);
			const uint32_t *at =
				bsearch(&hash, hashes, kept, sizeof(hash), compare_hashes);

			division->count[i][k] = counts[at - hashes];
		}
	free(hashes);
	free(counts);
	return 0;
}

static void lower(unsigned int *weight, unsigned int other)
{
	if (other < *weight)
		*weight = other;
}

/* Compute ->before and ->after from words that at least @least files contain. */
static void weigh_surroundings(struct division *division, unsigned int least)
{
	size_t length = division->length;
	unsigned int *before = division->before, *after = division->after;

	for (size_t i = 0; i <= length; i++)
		before[i] = after[i] = IMPOSSIBLE;
	before[0] = after[length] = 0;
	for (size_t end = 1; end <= length; end++)
		for (size_t i = 0; i < end; i++)
			if (division->count[i][end - i] >= least)
				lower(&before[end], before[i] + weight(division, i, end - i));
	for (size_t i = length; i--;)
		for (size_t end = i + 1; end <= length; end++)
			if (division->count[i][end - i] >= least)
				lower(&after[i], after[end] + weight(division, i, end - i));
}

/* Take the pieces that @least files contain and that are the rarest ones of a division. */
static int take_rarest(struct division *division, unsigned int least)
{
	size_t length = division->length;
	int err = 0;

	weigh_surroundings(division, least);
	for (size_t i = 0; i < length; i++)
		for (size_t k = 1; i + k <= length && k < length && !err; k++)
			if (division->count[i][k] == least &&
			    division->before[i] + weight(division, i, k) + division->after[i + k] <=
				    division->max_weight)
				err = take(division, i, k);
	return err;
}

static bool next_count(const struct division *division, unsigned int *count)
{
	unsigned int last = *count, next = 0;

	for (size_t i = 0; i < division->length; i++)
		for (size_t k = 1; i + k <= division->length; k++)
			if (division->count[i][k] > last && (!next || division->count[i][k] < next))
				next = division->count[i][k];
	*count = next;
	return next;
}

/* A place in the name, and the rarest piece before it. */
struct place {
	size_t at, begin, n;
};

static unsigned int rarity(const struct division *division, const struct place *place)
{
	return place->n ? division->count[place->begin][place->n] : (unsigned int)-1;
}

/* The place after @place if the next piece has @n letters. */
static struct place step(const struct division *division, const struct place *place, size_t n)
{
	struct place next = { place->at + n, place->at, n };

	if (rarity(division, place) <= rarity(division, &next)) {
		next.begin = place->begin;
		next.n = place->n;
	}
	return next;
}

/* Take the rarest piece for each way in which the operands from @operand on make the rest. */
static int take_by_chain(struct division *division, const char *operand, const struct place *place)
{
	size_t n = strcspn(operand, " "), left = division->length - place->at;
	const char *rest = operand[n] ? operand + n + 1 : NULL;
	bool any = *operand == '*';
	int err = 0;

	for (size_t k = any ? 0 : n; k <= (any ? left : n) && k <= left && !err; k++) {
		struct place next = step(division, place, k);

		if (any ? k && !division->count[place->at][k]
			: strncmp(operand, division->name + place->at, n))
			continue;
		if (rest)
			err = take_by_chain(division, rest, &next);
		else if (next.at == division->length && next.n && next.n < division->length)
			err = take(division, next.begin, next.n);
	}
	return err;
}

int name_pieces(const struct word_index *words, const struct strvec *chains, const char *name,
		enum name_change change, int (*found)(const char *piece, void *arg), void *arg)
{
	struct division *division = calloc(1, sizeof(*division));
	const struct place start = { 0 };
	unsigned int count = 0;
	int err;

	if (!division)
		return -ENOMEM;
	division->name = name;
	division->length = strnlen(name, NAME_LENGTH_MAX);
	division->max_weight = max_weights[change];
	division->found = found;
	division->arg = arg;
	err = count_pieces(words, division);
	while (!err && next_count(division, &count))
		err = take_rarest(division, count);
	for (size_t i = 0; i < chains->n && change != NAME_OF_ONE_SIDE && !err; i++)
		err = take_by_chain(division, chains->list[i], &start);
	free(division);
	return err;
}
