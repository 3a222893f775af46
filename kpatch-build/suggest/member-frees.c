// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A shadow variable is known by the address of its object. If it isn't freed with the
 * object, the next object at this address finds it. So all code that frees the structure
 * has to be known: functions that hand a pointer to it, by name, to an allocator.
 *
 * An object that is part of another one, or a variable, is freed or ends in some other
 * way. Then there is no shadow variable.
 */
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/index/word-index.h"
#include "kpatch-build/source/shadow.h"
#include "kpatch-build/suggest/member-frees.h"
#include "lib/array.h"
#include "lib/files.h"
#include "lib/text.h"

static const char *const frees[] = {
	"kfree",	   "kvfree",	"kfree_sensitive", "kvfree_sensitive",
	"kmem_cache_free", "kfree_rcu", "kvfree_rcu",	   "kfree_rcu_mightsleep",
	"vfree",	   "kzfree",
};

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool names_free(const char *text, const char *at, size_t *n)
{
	for (size_t i = 0; i < ARRAY_SIZE(frees); i++)
		if (is_word_at(text, at, frees[i])) {
			*n = strlen(frees[i]);
			return true;
		}
	return false;
}

/* The argument of a call at @open that points to the structure. Caller frees; NULL: none. */
static char *freed_pointer(const struct c_functions *functions, const struct c_function *in,
			   const char *open, const struct member *member)
{
	const char *end = strchr(open, ')');

	for (const char *at = open + 1; end && at < end; at++) {
		const char *start = at, *next;
		char *name;

		while (is_name_char(*at))
			at++;
		next = at + strspn(at, " \t\n");
		if (at == start || (*next != ',' && *next != ')'))
			continue;
		name = strndup(start, at - start);
		if (name && points_to(functions, in, name, member->structure))
			return name;
		free(name);
	}
	return NULL;
}

/* Write the file again with a call before each that frees the structure, the last one first. */
static char *with_drops(const char *text, const struct member *member, struct strvec *places,
			int *err)
{
	struct c_functions functions;
	char *all = strdup(text);
	bool any = false;

	*err = all ? c_functions_read(text, &functions) : -ENOMEM;
	for (size_t at = *err ? 0 : strlen(text); at-- > 0 && !*err;) {
		const char *call = functions.blank + at, *open;
		const struct c_function *in;
		char *name, *longer;
		size_t n;

		if (!names_free(functions.blank, call, &n))
			continue;
		in = c_function_at(&functions, at);
		open = call + n + strspn(call + n, " \t\n");
		name = in && *open == '(' ? freed_pointer(&functions, in, open, member) : NULL;
		if (!name)
			continue;
		/* the comma: the call may be the only statement of an if */
		longer = format("%.*sklp_drop_%s(%s), %s", (int)at, all, member->name, name,
				all + at);
		*err = longer ? strvec_addf(places, "%s()", in->name) : -ENOMEM;
		free(all);
		all = longer;
		any = true;
		free(name);
	}
	c_functions_free(&functions);
	if (*err || !any) {
		free(all);
		return NULL;
	}
	return all;
}

/* "struct s name": an object that isn't only pointed to. */
static bool has_object(const char *text, const struct member *member, int *err)
{
	struct c_functions functions;
	bool has = false;

	*err = c_functions_read(text, &functions);
	if (*err)
		return false;
	for (const char *at = functions.blank; (at = strstr(at, "struct")) && !has; at += 6) {
		const char *tag = at + 6 + strspn(at + 6, " \t\n");
		const char *next = tag + strlen(member->structure);

		if (!is_word_at(functions.blank, at, "struct") ||
		    !is_word_at(functions.blank, tag, member->structure))
			continue;
		next += strspn(next, " \t\n");
		has = is_name_char(*next);
	}
	c_functions_free(&functions);
	return has;
}

/* A file that the diff doesn't change: its folder must be one of the patched tree, not a link. */
static int add_file(struct draft *draft, const char *path)
{
	struct build *build = draft->build;
	const char *slash = strrchr(path, '/');
	char *folder;
	int err;

	if (draft_has(draft, path))
		return 0;
	folder = slash ? strndup(path, slash - path) : NULL;
	err = !slash	? -EINVAL
	      : !folder ? -ENOMEM
			: shadow_open_folder(build->original, build->shadow, folder);
	free(folder);
	err = err ?: strvec_add(&draft->files, path);
	return err ? diag_errno(build->diag, -err, path, "open") : 0;
}

static int look_at_file(struct draft *draft, const struct member *member, const char *path,
			struct strvec *files, struct strvec *places, char **why)
{
	char *text = NULL, *with;
	size_t before = places->n;
	int err = draft_read(draft, path, &text);
	bool object;

	if (err)
		return err;
	object = has_object(text, member, &err);
	if (!err && object)
		*why = format("%s has an object of this type that isn't only pointed to", path);
	with = err || object ? NULL : with_drops(text, member, places, &err);
	if (!err && places->n > before && fnmatch("*.c", path, 0))
		*why = format("%s frees it, and is a header", path);
	if (!err && with && !*why) {
		err = add_file(draft, path);
		err = err ?: draft_write(draft, path, with);
		err = err ?: strvec_add(files, path);
	} else if (err) {
		diag_oom(draft->build->diag);
	}
	free(with);
	free(text);
	return err;
}

int free_with_object(struct draft *draft, const struct member *member, struct strvec *files,
		     struct strvec *places, char **why)
{
	const struct kernel *kernel = &draft->build->kernel;
	uint32_t hash = word_hash(member->structure, strlen(member->structure));
	char *path = path_join(kernel->dir, WORD_INDEX_NAME, NULL);
	struct word_index index = { 0 };
	int err = path ? word_index_load(path, kernel->build_id, &index, draft->build->diag)
		       : diag_oom(draft->build->diag);

	if (err == -ENOENT) {
		err = 0;
		*why = strdup("the index of words isn't there yet");
	}
	for (size_t i = 0; i < index.n && !err && !*why; i++)
		if (word_file_has(&index.files[i], hash) &&
		    !fnmatch("*.[ch]", index.files[i].path, 0))
			err = look_at_file(draft, member, index.files[i].path, files, places, why);
	if (!err && !*why && !places->n)
		*why = strdup("nothing that frees it is known");
	word_index_free(&index);
	free(path);
	return err;
}
