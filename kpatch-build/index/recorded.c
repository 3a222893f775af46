// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A build tree contains much that no livepatch can change: programs for the
 * build itself, boot code, the vdso. Parts of vmlinux are members of archives
 * (built-in.a, lib.a), and kbuild recorded the members, as well as the parts of
 * modules (ext4.mod). See recorded.h.
 */
#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "lib/files.h"
#include "lib/paths.h"
#include "kpatch-build/index/recorded.h"
#include "lib/text.h"
#include "lib/walk.h"

/* An object, and what contains it: archives, or modules. */
struct member {
	char *object;
	struct owner {
		struct owner *next;
		char *module; /* NULL: an archive */
	} * owners;
};

struct walk {
	const char *folder;
	void *members; /* tsearch() */
	int (*found)(const struct recorded_unit *unit, void *arg);
	void *arg;
};

static int compare_members(const void *a, const void *b)
{
	return strcmp(((const struct member *)a)->object, ((const struct member *)b)->object);
}

static void free_member(void *node)
{
	struct member *member = node;
	struct owner *owner;

	while ((owner = member->owners)) {
		member->owners = owner->next;
		free(owner->module);
		free(owner);
	}
	free(member->object);
	free(member);
}

/* The member of that name, new or not. Takes @name. */
static struct member *need_member(struct walk *walk, char *name)
{
	struct member *member = calloc(1, sizeof(*member)), **found;

	if (member)
		member->object = name ? path_without_dots(name) : NULL;
	free(name);
	found = member && member->object ? tsearch(member, &walk->members, compare_members) : NULL;
	if (!found || *found != member) {
		if (member)
			free_member(member);
		return found ? *found : NULL;
	}
	return member;
}

/* Takes @name; @module is copied. */
static int add_owner(struct walk *walk, char *name, const char *module)
{
	struct member *member = need_member(walk, name);
	struct owner *owner = calloc(1, sizeof(*owner));

	if (!member || !owner || (module && !(owner->module = strdup(module)))) {
		free(owner);
		return -ENOMEM;
	}
	for (struct owner *o = member->owners; o; o = o->next) {
		if (module ? o->module && !strcmp(o->module, module) : !o->module) {
			free(owner->module);
			free(owner);
			return 0;
		}
	}
	owner->next = member->owners;
	member->owners = owner;
	return 0;
}

/*
 * `printf "fs/proc/%s " meminfo.o … | xargs ar …`, `ar … lib/lib.a lib/bug.o …`, or for a module
 * `printf '%s\n' super.o … | awk …`: names may be relative to the folder, or not.
 */
static int take_members(struct walk *walk, const char *relative, const char *module, char *text)
{
	const char *slash = strrchr(relative, '/');
	char *word, *rest = text;
	int err = 0;

	while (!err && (word = strtok_r(rest, " \t\n;", &rest))) {
		if (fnmatch("*.o", word, 0))
			continue;
		err = add_owner(walk, strdup(word), module);
		if (!err && slash)
			err = add_owner(walk,
					format("%.*s/%s", (int)(slash - relative), relative, word),
					module);
	}
	return err;
}

/* "fs/ext4/.ext4.mod.cmd", 4 → "fs/ext4/ext4"; caller frees */
static char *record_of(const char *relative, const char *ending)
{
	const char *base = base_name(relative);

	return format("%.*s%.*s", (int)(base - relative), relative,
		      (int)(strlen(base) - strlen(".") - strlen(ending)), base + 1);
}

static int take_archive(struct walk *walk, const char *relative, char *text)
{
	return take_members(walk, relative, NULL, text);
}

static int take_module(struct walk *walk, const char *relative, char *text)
{
	char *module = record_of(relative, ".mod.cmd");
	int err = module ? take_members(walk, relative, module, text) : -ENOMEM;

	free(module);
	return err;
}

/* A copy of the text between @begin and @end; NULL: there is none, or not enough memory. */
static char *between(const char *text, const char *begin, const char *end)
{
	const char *at = strstr(text, begin);

	at = at ? at + strlen(begin) : NULL;
	return at ? strndup(at, strcspn(at, end)) : NULL;
}

static int take_unit(struct walk *walk, const char *relative, char *text)
{
	struct member key = { .object = record_of(relative, ".cmd") }, **member;
	char *source = between(text, "\nsource_", "\n");
	struct recorded_unit unit = { .object = key.object, .text = text };
	int err = key.object ? 0 : -ENOMEM;

	unit.source = source ? strstr(source, " := ") : NULL;
	unit.source = unit.source ? unit.source + strlen(" := ") : NULL;
	member = err ? NULL : tfind(&key, &walk->members, compare_members);
	if (member && unit.source && !fnmatch("*.[cS]", unit.source, 0) &&
	    fnmatch("*.mod.c", unit.source, 0)) {
		for (struct owner *owner = (*member)->owners; owner && !err; owner = owner->next) {
			unit.module = owner->module;
			err = walk->found(&unit, walk->arg);
		}
	}
	free(source);
	free(key.object);
	return err;
}

static int each_file(struct walk *walk, const char *pattern,
		     int (*take)(struct walk *walk, const char *relative, char *text))
{
	char *const roots[] = { (char *)walk->folder, NULL };
	size_t prefix = strlen(walk->folder) + 1, size;
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	char *text;
	int err = 0;

	if (!fts)
		return -errno;
	while (!(err = err ?: walk_next(fts, &entry)) && entry) {
		if (entry->fts_info != FTS_F || fnmatch(pattern, entry->fts_name, 0))
			continue;
		err = read_file(entry->fts_path, &text, &size);
		if (err)
			continue;
		err = take(walk, entry->fts_path + prefix, text);
		free(text);
	}
	fts_close(fts);
	return err;
}

int for_each_recorded_unit(const char *folder,
			   int (*found)(const struct recorded_unit *unit, void *arg), void *arg,
			   struct diag *diag)
{
	struct walk walk = { .folder = folder, .found = found, .arg = arg };
	int err = each_file(&walk, ".*.a.cmd", take_archive);

	err = err ?: each_file(&walk, ".*.mod.cmd", take_module);
	err = err ?: each_file(&walk, ".*.o.cmd", take_unit);
	tdestroy(walk.members, free_member);
	if (err == -ENOMEM)
		return diag_oom(diag);
	return err && !diag_errors(diag) ? diag_errno(diag, -err, folder, "read") : err;
}

/*
 * "deps_fs/proc/meminfo.o := \", then one on each line; "$(wildcard include/config/X)" is not a
 * file.
 */
int for_each_recorded_read(const struct recorded_unit *unit,
			   int (*found)(const char *unit, const char *file, void *arg), void *arg)
{
	const char *at = strstr(unit->text, "\ndeps_"), *end = at ? strstr(at, "\n\n") : NULL;
	char *list = end ? strndup(at + 1, end - at - 1) : NULL, *save = NULL;
	int err = end && !list ? -ENOMEM : 0;

	if (list)
		strtok_r(list, "\n", &save);
	for (char *word; list && !err && (word = strtok_r(NULL, " \t\n\\", &save));)
		if (!strpbrk(word, "$)"))
			err = found(unit->source, word, arg);
	free(list);
	return err;
}
