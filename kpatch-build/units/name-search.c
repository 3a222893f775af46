// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Following names through the tree: see name-users.h. A name is also taken to be used
 * where a word is that it may be pasted together of: name-pieces.h.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/index/source-text.h"
#include "kpatch-build/index/word-index.h"
#include "kpatch-build/units/header-changes.h"
#include "kpatch-build/units/header-parts.h"
#include "kpatch-build/units/name-pieces.h"
#include "kpatch-build/units/name-search.h"
#include "kpatch-build/units/name-users.h"
#include "kpatch-build/units/paste-chains.h"
#include "lib/files.h"
#include "lib/paths.h"
#include "lib/strvec.h"
#include "lib/text.h"

/* With more names or users than these, following all readers isn't slower. */
#define NAMES_MAX 400
#define USERS_MAX 1500
#define FILES_MAX 3000

struct name {
	char *text;
	enum part_kind kind; /* of the part that declares it; PART_OTHER: a piece of a name */
	unsigned int sides; /* the declaration is lost, gained, or both: it means something else */
	bool open; /* a macro that may declare other names where it is used */
	bool ambiguous; /* a macro and something else: "int f(x) {" may declare another name */
	bool followed;
	bool pasted; /* its pieces are looked for, too */
};

/* A header that was divided, or a file that was found to be a user. */
struct looked_at {
	char *path;
	struct header_parts sides[2]; /* of a changed header: before and after */
	bool is_user;
};

static struct name *find_name(struct name_search *search, const char *text)
{
	for (size_t i = 0; i < search->n_names; i++)
		if (!strcmp(search->names[i].text, text))
			return &search->names[i];
	return NULL;
}

static struct name *new_name(struct name_search *search, const char *text)
{
	struct name *names = reallocarray(search->names, search->n_names + 1, sizeof(*names));
	char *copy = strdup(text);

	if (names)
		search->names = names;
	if (!names || !copy) {
		free(copy);
		return NULL;
	}
	names[search->n_names] = (struct name){ .text = copy };
	return &names[search->n_names++];
}

/* If more becomes known of a name later, the name is followed again. */
static int add_name(struct name_search *search, const char *text, enum part_kind kind,
		    unsigned int sides, bool open)
{
	struct name *name = find_name(search, text);

	if (!name && (search->n_names == NAMES_MAX || strlen(text) > NAME_LENGTH_MAX)) {
		search->given_up = true;
		return 0;
	}
	name = name ?: new_name(search, text);
	if (!name)
		return -ENOMEM;
	if (kind && name->kind && (kind == PART_MACRO) != (name->kind == PART_MACRO) &&
	    !name->ambiguous) {
		name->ambiguous = true;
		name->followed = false;
	}
	if (!name->kind && kind) {
		name->kind = kind;
		name->followed = name->pasted = false;
	}
	if (open && !name->open) {
		name->open = true;
		name->followed = false;
	}
	name->sides |= sides;
	return 0;
}

static int add_changed_part(const struct header_part *part, enum header_side side, void *arg)
{
	struct name_search *search = arg;

	/* parts of headers are looked at without these words */
	if (is_annotation(part->name, strlen(part->name)))
		search->given_up = search->annotated = true;
	return add_name(search, part->name, part->kind, side, header_part_is_open(part));
}

static struct looked_at *add_file(struct name_search *search, const char *path)
{
	if (search->n_files == search->cap_files) {
		size_t cap = search->cap_files ? 2 * search->cap_files : 64;
		struct looked_at *files = reallocarray(search->files, cap, sizeof(*files));

		if (!files)
			return NULL;
		search->files = files;
		search->cap_files = cap;
	}
	search->files[search->n_files] = (struct looked_at){ .path = strdup(path) };
	return search->files[search->n_files].path ? &search->files[search->n_files++] : NULL;
}

static struct looked_at *find_file(struct name_search *search, const char *path)
{
	for (size_t i = 0; i < search->n_files; i++)
		if (!strcmp(search->files[i].path, path))
			return &search->files[i];
	return NULL;
}

static int read_in(const char *root, const char *path, char **text)
{
	char *whole = path_join(root, path, NULL);
	size_t size;
	int err = whole ? read_file(whole, text, &size) : -ENOMEM;

	free(whole);
	return err;
}

static int read_original(const struct name_search *search, const char *path, char **text)
{
	int err = read_in(search->kernel->source, path, text);

	return err == -ENOENT ? read_in(search->kernel->build, path, text) : err;
}

int name_search_header(struct name_search *search, const char *path, bool *known)
{
	char *old = NULL, *new = NULL;
	struct header_parts sides[2] = { 0 };
	struct looked_at *file;
	bool unknown = true;
	int err = read_in(search->kernel->source, path, &old);

	*known = false;
	err = err ?: read_in(search->trees->shadow, path, &new);
	err = err ?: header_parts_read(old, &sides[0]);
	err = err ?: header_parts_read(new, &sides[1]);
	err = err ?: header_changes(&sides[0], &sides[1], add_changed_part, search, &unknown);
	free(old);
	free(new);
	file = !err && !unknown ? add_file(search, path) : NULL;
	if (!file) {
		header_parts_free(&sides[0]);
		header_parts_free(&sides[1]);
		if (!err && !unknown)
			err = -ENOMEM;
		return err == -ENOMEM ? err : 0; /* a file of one side alone, or not understood */
	}
	memcpy(file->sides, sides, sizeof(sides));
	*known = true;
	return 0;
}

static bool has_other_meaning(const struct name *name)
{
	return name->sides == (HEADER_LOST | HEADER_GAINED);
}

static bool is_used(const char *text, const struct name *name)
{
	return name->kind == PART_OTHER ? text_uses_piece(text, name->text)
					: text_uses_word(text, name->text);
}

static bool is_used_in_part(const struct header_part *part, const struct name *name)
{
	const char *text = name->kind == PART_OTHER ? header_part_calls(part) : part->text;

	return text && is_used(text, name);
}

/* A part of a header that contains the name: what declares a name makes that name count, too. */
static int follow_part(struct name_search *search, struct looked_at *file,
		       const struct header_part *part, const struct name *name)
{
	bool open;

	if (part->kind == PART_FORWARD || !is_used_in_part(part, name))
		return 0;
	if (part->name && name->ambiguous && !strcmp(part->name, name->text) &&
	    part->kind != PART_MACRO) {
		file->is_user = true;
		return 0;
	}
	/* the declaration itself, which only one version of the header has */
	if (part->name && !strcmp(part->name, name->text) && file->sides[1].n &&
	    header_parts_declare(&file->sides[0], name->text) !=
		    header_parts_declare(&file->sides[1], name->text))
		return 0;
	if (!part->name || (name->open && header_part_has_outside(part, name->text))) {
		file->is_user = true;
		return 0;
	}
	open = header_part_is_open(part) || (part->kind == PART_MACRO && name->open);
	return add_name(search, part->name, part->kind, HEADER_LOST | HEADER_GAINED, open);
}

/* By number: names may be added meanwhile. */
static int follow_header(struct name_search *search, struct looked_at *file, size_t number)
{
	int err = 0;

	for (size_t side = 0; side < 2; side++)
		for (size_t i = 0; i < file->sides[side].n && !err; i++) {
			struct name name = search->names[number];

			err = follow_part(search, file, &file->sides[side].list[i], &name);
		}
	return err;
}

static int read_new_header(struct name_search *search, struct looked_at *file, const char *text,
			   size_t name)
{
	int err = header_parts_read(text, &file->sides[0]);

	if (err == -EINVAL) {
		file->is_user = true;
		return 0;
	}
	return err ?: follow_header(search, file, name);
}

static int look_at(struct name_search *search, const char *path, size_t number)
{
	struct looked_at *file = find_file(search, path);
	char *text = NULL, *plain;
	int err = 0;

	if (file && (file->is_user || file->sides[0].n))
		return file->is_user ? 0 : follow_header(search, file, number);
	err = read_original(search, path, &text);
	if (!err && !file && !(file = add_file(search, path)))
		err = -ENOMEM;
	if (!err && word_index_is_makefile(path)) {
		search->given_up |= makefile_gives(text, search->names[number].text);
	} else if (!err && !fnmatch("*.h", path, 0)) {
		err = read_new_header(search, file, text, number);
	} else if (!err) {
		plain = source_plain_text(text);
		file->is_user = plain && is_used(plain, &search->names[number]);
		err = plain ? 0 : -ENOMEM;
		/* included under another suffix */
		search->given_up |= file->is_user && fnmatch("*.[chS]", path, 0);
		free(plain);
	}
	free(text);
	return err;
}

static int add_piece(const char *piece, void *arg)
{
	return add_name(arg, piece, PART_OTHER, 0, false /* open */);
}

static int read_chains(struct name_search *search)
{
	uint32_t mark = word_hash(LONG_CHAIN_MARK, strlen(LONG_CHAIN_MARK));
	int err = 0;

	search->chains_read = true;
	for (size_t i = 0; i < search->words->n && !err; i++) {
		char *text = NULL, *plain;

		if (!word_file_has(&search->words->files[i], mark))
			continue;
		err = read_original(search, search->words->files[i].path, &text);
		plain = err ? NULL : source_plain_text(text);
		err = err ?: plain ? paste_chains_add(&search->chains, plain) : -ENOMEM;
		free(plain);
		free(text);
	}
	return err;
}

/*
 * Macros, and declarations of another meaning. Where a new name is pasted already, it has a
 * meaning that a declaration in a header doesn't change; one that is gone would not compile there.
 * A declaration that remains in another header (follow_part()) is both.
 */
static bool can_be_pasted(const struct name *name)
{
	return name->kind == PART_MACRO || (name->kind != PART_OTHER && has_other_meaning(name));
}

static size_t count_users(const struct name_search *search)
{
	size_t n = 0;

	for (size_t i = 0; i < search->n_files; i++)
		n += search->files[i].is_user;
	return n;
}

/* Follow the name in all files that contain it. */
static int follow_name(struct name_search *search, size_t number)
{
	const struct name *name = &search->names[number];
	size_t length = strlen(name->text);
	uint32_t hash = name->kind == PART_OTHER ? piece_hash(name->text, length)
						 : word_hash(name->text, length);
	int err = 0;

	search->names[number].followed = true;
	for (size_t i = 0; i < search->words->n && !err && !search->given_up; i++)
		if (word_file_has(&search->words->files[i], hash))
			err = look_at(search, search->words->files[i].path, number);
	/* what the diffs add is in no index */
	for (size_t i = 0; i < search->n_files && !err; i++)
		if (search->files[i].sides[1].n)
			err = follow_header(search, &search->files[i], number);
	if (search->n_files > FILES_MAX || count_users(search) > USERS_MAX)
		search->given_up = true;
	return err;
}

static enum name_change how_changed(const struct name *name)
{
	if (!has_other_meaning(name))
		return NAME_OF_ONE_SIDE;
	return name->kind == PART_MACRO ? NAME_CHANGED : NAME_DECLARED;
}

static int paste_name(struct name_search *search, size_t number)
{
	char name[NAME_LENGTH_MAX + 1];
	int err = search->chains_read ? 0 : read_chains(search);

	search->names[number].pasted = true;
	snprintf(name, sizeof(name), "%s", search->names[number].text); /* names are added */
	return err
		       ?: name_pieces(search->words, &search->chains, name,
				      how_changed(&search->names[number]), add_piece, search);
}

/* Written names are followed first: then the kind of each name is known. */
int name_search_follow(struct name_search *search)
{
	bool more = true;
	int err = 0;

	while (more && !err && !search->given_up) {
		more = false;
		for (size_t i = 0; i < search->n_names && !err && !search->given_up; i++) {
			if (search->names[i].followed)
				continue;
			err = follow_name(search, i);
			more = true;
		}
		for (size_t i = 0; i < search->n_names && !err && !more; i++) {
			if (search->names[i].pasted || !can_be_pasted(&search->names[i]))
				continue;
			err = paste_name(search, i);
			more = true;
		}
	}
	return err;
}

int name_search_take(struct name_search *search, size_t group, struct name_users *users)
{
	size_t n = users->n + search->n_files + 1;
	char **files = reallocarray(users->files, n, sizeof(*files));
	size_t *group_of;

	if (files)
		users->files = files;
	group_of = reallocarray(users->group_of, n, sizeof(*group_of));
	if (group_of)
		users->group_of = group_of;
	if (!files || !group_of)
		return -ENOMEM;
	for (size_t i = 0; i < search->n_files; i++)
		if (search->files[i].is_user) {
			users->group_of[users->n] = group;
			users->files[users->n++] = search->files[i].path;
			search->files[i].path = NULL;
		}
	return 0;
}

bool name_searches_share(const struct name_search *a, const struct name_search *b)
{
	for (size_t i = 0; i < a->n_names; i++)
		for (size_t k = 0; k < b->n_names; k++)
			if (!strcmp(a->names[i].text, b->names[k].text))
				return true;
	return false;
}

void name_search_free(struct name_search *search)
{
	for (size_t i = 0; i < search->n_names; i++)
		free(search->names[i].text);
	for (size_t i = 0; i < search->n_files; i++) {
		free(search->files[i].path);
		header_parts_free(&search->files[i].sides[0]);
		header_parts_free(&search->files[i].sides[1]);
	}
	strvec_free(&search->chains);
	free(search->names);
	free(search->files);
}
