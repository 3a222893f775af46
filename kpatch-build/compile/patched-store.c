// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An entry is a folder STORE/UNIT/NUMBER:
 *
 *	patched.o, patched.d	what the compiler has written
 *	root			the tree that it was compiled in
 *	added			the files that the diffs add, one per line
 *	changed			the files that the diffs change and the unit reads, one per line
 *	0, 1, …			their contents
 *
 * All runs have the kernel's source and command in common. So the source of a
 * unit is the same if the files that it reads and that any of the two runs
 * changes have the same contents. A new file could be found in place of another
 * one: the new ones have to be the same too.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kpatch-build/build.h"
#include "kpatch-build/compile/patched-store.h"
#include "kpatch-build/run.h"
#include "lib/files.h"
#include "lib/paths.h"
#include "lib/temporary.h"
#include "lib/text.h"

/* The folder of all entries of @unit; caller frees. */
static char *unit_folder(const struct build *build, const struct unit *unit)
{
	char *name = format("%s %s", unit->object, unit->source), *folder;

	for (char *c = name; c && *c; c++)
		if (*c == '/')
			*c = '!';
	folder = name ? path_join(build->options.store, name, NULL) : NULL;
	free(name);
	return folder;
}

static char *read_text(const char *folder, const char *name)
{
	char *path = path_join(folder, name, NULL), *text = NULL;
	size_t size;

	if (!path || read_file(path, &text, &size))
		text = NULL;
	free(path);
	return text;
}

static bool is_code(const struct change *change)
{
	return !change->ignored && !change->makefile && !change->kconfig;
}

/* The list of files that the diffs add; caller frees. */
static char *added_files(const struct series *series)
{
	char *text = strdup(""), *longer;

	for (size_t i = 0; i < series->n_changes && text; i++) {
		if (!series->changes[i].added && !series->changes[i].removed)
			continue;
		longer = format("%s%s\n", text, series->changes[i].path);
		free(text);
		text = longer;
	}
	return text;
}

static bool has_line(const char *text, const char *line)
{
	size_t n = strlen(line);

	for (; text && *text; text = strchr(text, '\n') ? strchr(text, '\n') + 1 : NULL)
		if (!strncmp(text, line, n) && text[n] == '\n')
			return true;
	return false;
}

/* Does the list of the compiler, in which @root is the tree, have @path? */
static bool is_read(const char *depfile, const char *root, const char *path)
{
	char *copy = strdup(depfile), *rest = copy, *word, *plain;
	size_t n = strlen(root);
	bool is = !copy;

	while (!is && (word = strsep(&rest, " \\\n"))) {
		plain = *word == '/' ? path_without_dots(word) : NULL;
		is = plain && !strncmp(plain, root, n) && plain[n] == '/' &&
		     !strcmp(plain + n + 1, path);
		free(plain);
	}
	free(copy);
	return is;
}

static bool is_same_file(const char *a, const char *b)
{
	char *one = NULL, *other = NULL;
	size_t n = 0, m = 0;
	bool same = !read_file(a, &one, &n) && !read_file(b, &other, &m) && n == m &&
		    !memcmp(one, other, n);

	free(one);
	free(other);
	return same;
}

/* Have all files of the entry's list the contents that they have now? */
static bool has_same_contents(const struct build *build, const char *entry, const char *changed)
{
	char *copy = strdup(changed), *rest = copy, *path;
	bool same = copy;

	for (size_t i = 0; same && (path = strsep(&rest, "\n")) && *path; i++) {
		char *now = path_join(build->numbered, path, NULL);
		char *kept = format("%s/%zu", entry, i);

		same = now && kept && is_same_file(now, kept);
		free(now);
		free(kept);
	}
	free(copy);
	return same;
}

/* Does the unit read no file that the diffs of this run change, and those of the entry don't? */
static bool reads_no_other(const struct series *series, const char *depfile, const char *root,
			   const char *changed)
{
	for (size_t i = 0; i < series->n_changes; i++) {
		const struct change *change = &series->changes[i];

		if (is_code(change) && !has_line(changed, change->path) &&
		    is_read(depfile, root, change->path))
			return false;
	}
	return true;
}

/* The compiler's list, with the tree of this run. */
static int put_depfile(const struct build *build, const struct unit *unit, const char *depfile,
		       const char *root)
{
	char *path = path_join(unit->dir, "patched.d", NULL);
	char *text = text_replace(depfile, root, build->numbered);
	int err = path && text ? make_dirs(unit->dir) : -ENOMEM;

	err = err ?: write_file_atomic(path, text, strlen(text), 0644);
	free(path);
	free(text);
	return err;
}

static bool take_entry(const struct build *build, const struct unit *unit, const char *entry)
{
	char *object = path_join(entry, "patched.o", NULL),
	     *depfile = read_text(entry, "patched.d");
	char *root = read_text(entry, "root"), *changed = read_text(entry, "changed");
	char *added = read_text(entry, "added"), *now = added_files(&build->series);
	bool fits = object && depfile && root && changed && added && now && !strcmp(added, now) &&
		    has_same_contents(build, entry, changed) &&
		    reads_no_other(&build->series, depfile, root, changed) &&
		    !put_depfile(build, unit, depfile, root) && !copy_file(object, unit->patched);

	free(object);
	free(depfile);
	free(root);
	free(changed);
	free(added);
	free(now);
	return fits;
}

bool patched_store_find(const struct build *build, const struct unit *unit)
{
	char *folder = build->options.store ? unit_folder(build, unit) : NULL;
	DIR *dir = folder ? opendir(folder) : NULL;
	struct dirent *row;
	bool found = false;

	while (dir && !found && (row = readdir(dir))) {
		char *entry = *row->d_name != '.' ? path_join(folder, row->d_name, NULL) : NULL;

		found = entry && take_entry(build, unit, entry);
		free(entry);
	}
	if (dir)
		closedir(dir);
	free(folder);
	return found;
}

static int put_text(const char *folder, const char *name, const char *text)
{
	char *path = path_join(folder, name, NULL);
	int err = path && text ? write_file_atomic(path, text, strlen(text), 0644) : -ENOMEM;

	free(path);
	return err;
}

/* The files that the diffs change and the unit reads; *@list gets their names. */
static int put_changed(const struct build *build, const char *depfile, const char *folder,
		       char **list)
{
	size_t n = 0;
	int err = (*list = strdup("")) ? 0 : -ENOMEM;

	for (size_t i = 0; i < build->n_changes && !err; i++) {
		const struct change *change = &build->changes[i];
		char *from, *to, *longer;

		if (!is_code(change) || !is_read(depfile, build->numbered, change->path))
			continue;
		from = path_join(build->numbered, change->path, NULL);
		to = format("%s/%zu", folder, n++);
		longer = format("%s%s\n", *list, change->path);
		err = from && to && longer ? copy_file(from, to) : -ENOMEM;
		if (longer) {
			free(*list);
			*list = longer;
		}
		free(from);
		free(to);
	}
	return err;
}

static int put_entry(const struct build *build, const struct unit *unit, const char *folder)
{
	char *depfile = read_text(unit->dir, "patched.d"), *list = NULL;
	char *object = path_join(folder, "patched.o", NULL), *added = added_files(&build->series);
	int err = depfile && object && added ? 0 : -ENOMEM;

	err = err ?: put_changed(build, depfile, folder, &list);
	err = err ?: copy_file(unit->patched, object);
	err = err ?: put_text(folder, "patched.d", depfile);
	err = err ?: put_text(folder, "root", build->numbered);
	err = err ?: put_text(folder, "added", added);
	err = err ?: put_text(folder, "changed", list);
	free(depfile);
	free(object);
	free(added);
	free(list);
	return err;
}

/* Others may write beside us: the entry gets its name when it is whole. */
void patched_store_keep(const struct build *build, const struct unit *unit)
{
	char *folder = build->options.store ? unit_folder(build, unit) : NULL, *temp = NULL;
	char *entry = NULL;
	int err = folder ? make_dirs(folder) : -ENOMEM;

	err = err ?: make_temp_dir(build->work, "kept-", &temp);
	err = err ?: put_entry(build, unit, temp);
	entry = err ? NULL : format("%s/%d", folder, (int)getpid());
	if (entry && !rename(temp, entry))
		files_keep(temp);
	else if (temp)
		remove_tree(temp);
	free(entry);
	free(temp);
	free(folder);
}
