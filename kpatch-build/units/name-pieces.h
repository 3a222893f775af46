/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words that a name can be pasted together of: name-pieces.c. */
#ifndef KPATCH_BUILD_NAME_PIECES_H
#define KPATCH_BUILD_NAME_PIECES_H

/* Longer names are not divided. */
#define NAME_LENGTH_MAX 64

struct strvec;
struct word_index;

/*
 * A macro that is new or gone matters where it is pasted only if macros ask whether it is
 * defined, as IS_ENABLED() does of CONFIG_X##_MODULE: two pieces.
 */
enum name_change {
	NAME_OF_ONE_SIDE,
	/* it declares something else now: three pieces that aren't short, and those of chains */
	NAME_DECLARED,
	NAME_CHANGED, /* a macro */
};

/*
 * Call @found with words of the tree, so that at least one of them is written wherever macros
 * paste @name together. @chains: those of the whole tree. 0, -ENOMEM, or what @found returned.
 */
int name_pieces(const struct word_index *words, const struct strvec *chains, const char *name,
		enum name_change change, int (*found)(const char *piece, void *arg), void *arg);

#endif
