/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Following the names that change in some headers through the tree: name-search.c. */
#ifndef KPATCH_BUILD_NAME_SEARCH_H
#define KPATCH_BUILD_NAME_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/strvec.h"

struct job;
struct kernel;
struct looked_at;
struct name;
struct name_users;
struct series;
struct trees;
struct word_index;

/* Zeroed but for its first members and ->words; free with name_search_free(). */
struct name_search {
	const struct job *job;
	struct kernel *kernel;
	const struct series *series;
	const struct trees *trees;
	struct word_index *words;
	struct name *names;
	size_t n_names;
	struct looked_at *files;
	size_t n_files, cap_files;
	struct strvec chains; /* of pasted words; the same for all searches, if ->chains_read */
	bool chains_read;
	bool given_up; /* all readers of all headers count */
	bool annotated; /* …as a word changes without which all headers are looked at */
};

/*
 * Add the names that change in the header @path. *@known: both versions of it could be divided, and
 * all parts that changed have names. 0 or negative errno.
 */
int name_search_header(struct name_search *search, const char *path, bool *known);
/* Follow them; there are too many if ->given_up. 0 or negative errno. */
int name_search_follow(struct name_search *search);
/* Move the files that use them to @users, as those of @group. 0 or -ENOMEM. */
int name_search_take(struct name_search *search, size_t group, struct name_users *users);
/* Does a name change in headers of both? */
bool name_searches_share(const struct name_search *a, const struct name_search *b);
void name_search_free(struct name_search *search);

#endif
