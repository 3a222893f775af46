// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The form for a new member of a structure that can't grow: a shadow variable, which
 * the kernel finds by the object's address. It costs a search for each use, and memory
 * for each object that has a value other than zero, so it is for flags and counters.
 *
 * The member is removed from the structure, its uses call functions (member-uses.c), and
 * the code that frees the structure frees the variable (member-frees.c). What such an
 * object has before the livepatch is enabled is zero; a fix for which zero is wrong has
 * to be written by hand, and so the notes ask for that.
 */
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/suggest/member-frees.h"
#include "kpatch-build/suggest/member-uses.h"
#include "kpatch-build/suggest/shadow-member.h"
#include "kpatch-build/suggest/shadow-text.h"
#include "lib/array.h"
#include "lib/text.h"

static const char *const type_words[] = {
	"int",	 "unsigned", "signed", "long",	 "short",   "char",	"bool",	    "u8",
	"u16",	 "u32",	     "u64",    "s8",	 "s16",	    "s32",	"s64",	    "__u8",
	"__u16", "__u32",    "__u64",  "size_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t",
};

static void free_member(struct member *member)
{
	free(member->structure);
	free(member->name);
	free(member->type);
	free(member->id);
}

/* "struct s, at m". False: it is another message. */
static bool read_names(const struct problem *problem, struct member *member)
{
	const char *tag = str_starts(problem->message, "struct ") ? problem->message + 7 : NULL;
	const char *comma = tag ? strstr(tag, ", at ") : NULL;

	if (!comma || comma[5 + strcspn(comma + 5, ".[ ")])
		return false;
	member->structure = strndup(tag, comma - tag);
	member->name = strdup(comma + 5);
	return member->structure && member->name;
}

static bool is_new(const struct problem *problem)
{
	const char *first = json_string_value(json_array_get(problem->details, 0));

	return first && strstr(first, "nothing there");
}

static bool is_type(const char *from, const char *to)
{
	bool any = false;

	while (from < to) {
		bool known = false;
		size_t n = 0;

		while (from + n < to && !isspace((unsigned char)from[n]))
			n++;
		for (size_t i = 0; i < ARRAY_SIZE(type_words) && n; i++)
			known |= strlen(type_words[i]) == n && !strncmp(type_words[i], from, n);
		if (!known)
			return false;
		any = true;
		from += n;
		while (from < to && isspace((unsigned char)*from))
			from++;
	}
	return any;
}

/* "unsigned short m;", "bool m : 1;": one declaration on a line of its own in @blank. */
static bool read_declaration(const char *blank, const char *at, struct member *member,
			     size_t *start, size_t *end)
{
	const char *line = at, *stop = at + strlen(member->name), *type;

	while (line > blank && line[-1] != '\n')
		line--;
	type = line + strspn(line, " \t");
	stop += strspn(stop, " \t");
	if (*stop == ':') {
		stop += 1 + strspn(stop + 1, " \t");
		member->is_bit = *stop == '1' && !isdigit((unsigned char)stop[1]);
		if (!member->is_bit)
			return false;
		stop += 1 + strspn(stop + 1, " \t");
	}
	if (*stop != ';' || !is_type(type, at))
		return false;
	stop += 1 + strspn(stop + 1, " \t");
	if (*stop != '\n')
		return false;
	while (at > type && isspace((unsigned char)at[-1]))
		at--;
	free(member->type);
	member->type = strndup(type, at - type);
	*start = line - blank;
	*end = stop + 1 - blank;
	return member->type;
}

/* The comment right before the declaration, if the original doesn't have it, goes as well. */
static size_t with_comment(const char *text, const char *original, size_t start)
{
	size_t at = start;
	char *comment;

	if (at < 3 || strncmp(text + at - 3, "*/\n", 3))
		return start;
	while (at && strncmp(text + at, "/*", 2))
		at--;
	comment = strndup(text + at, start - at);
	if (comment && !strstr(original, comment)) {
		free(comment);
		while (at && text[at - 1] != '\n')
			at--;
		return at;
	}
	free(comment);
	return start;
}

/* The header without the member. Caller frees; NULL: @why, or *@err. */
static char *without_member(const char *text, const char *original, struct member *member,
			    const char **why, int *err)
{
	struct c_functions functions;
	size_t start = 0, end = 0, n = 0;

	*err = c_functions_read(text, &functions);
	if (*err)
		return NULL;
	for (const char *at = functions.blank; (at = strstr(at, member->name)); at++)
		if (is_word_at(functions.blank, at, member->name) &&
		    !c_function_at(&functions, at - functions.blank)) {
			n += read_declaration(functions.blank, at, member, &start, &end) ? 1 : 2;
		}
	c_functions_free(&functions);
	if (n != 1 || text_has_word(original, member->name)) {
		*why = "it isn't one number or bit, declared on a line of its own, under a name that "
		       "its header has nowhere else";
		return NULL;
	}
	start = with_comment(text, original, start);
	return format("%.*s%s", (int)start, text, text + end);
}

/* A number that no other livepatch should have: made from the names. */
static char *make_id(const struct member *member)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (const char *c = member->structure; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 0x100000001b3;
	for (const char *c = member->name; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 0x100000001b3;
	return format("KLP_SPLIT_ID(0, 0x%llxUL, 0)", (unsigned long long)(hash & 0xffffffffff));
}

/* Rewrite the uses in all .c files; @files gets those that have any. */
static int rewrite_files(struct draft *draft, const struct member *member, struct strvec *files,
			 const char **why)
{
	int err = 0;

	for (size_t i = 0; i < draft->files.n && !err && !*why; i++) {
		const char *path = draft->files.list[i];
		char *text = NULL, *result = NULL;

		if (fnmatch("*.c", path, 0))
			continue;
		err = draft_read(draft, path, &text);
		if (!err && rewrite_uses(text, member, &result, why))
			err = diag_oom(draft->build->diag);
		if (!err && result) {
			err = draft_write(draft, path, result);
			err = err ?: strvec_add(files, path);
		}
		free(result);
		free(text);
	}
	if (!err && !*why && !files->n)
		*why = "no function of the diff uses it through a pointer with a name";
	return err;
}

/* The first file gets the functions, the others their declarations. */
static int write_functions(struct draft *draft, const struct member *member,
			   const struct strvec *files)
{
	int err = 0;

	for (size_t i = 0; i < files->n && !err; i++) {
		char *text = NULL, *all;

		err = draft_read(draft, files->list[i], &text);
		if (err)
			break;
		all = i ? with_shadow_declarations(text, member)
			: with_shadow_functions(text, member);
		err = all ? draft_write(draft, files->list[i], all) : diag_oom(draft->build->diag);
		free(all);
		free(text);
	}
	return err;
}

static char *join(const struct strvec *strings)
{
	char *all = strdup("");

	for (size_t i = 0; i < strings->n && all; i++) {
		char *longer = format("%s%s%s", all, i ? ", " : "", strings->list[i]);

		free(all);
		all = longer;
	}
	return all;
}

static int make_shadow(struct draft *draft, const struct problem *problem,
		       const struct member *member, const char **why, char **frees_why,
		       bool *edited)
{
	struct strvec uses = { 0 }, frees = { 0 }, places = { 0 };
	char *list = NULL;
	int err = rewrite_files(draft, member, &uses, why);

	if (!err && !*why)
		err = free_with_object(draft, member, &frees, &places, frees_why);
	for (size_t i = 0; i < frees.n && !err; i++)
		if (!strvec_has(&uses, frees.list[i]) && strvec_add(&uses, frees.list[i]))
			err = diag_oom(draft->build->diag);
	if (!err && !*why && !*frees_why) {
		err = write_functions(draft, member, &uses);
		list = join(&places);
		*edited = !err;
		if (!err)
			err = draft_note(
				draft, problem,
				"%s of struct %s is a shadow variable. It is freed in %s: does "
				"other code free such objects? It is zero in objects that exist, "
				"while tasks run old code, and without memory: is that right? "
				"Later versions of the fix have to use the same %s",
				member->name, member->structure, list ?: "", member->id);
	}
	free(list);
	strvec_free(&uses);
	strvec_free(&frees);
	strvec_free(&places);
	return err;
}

static int answer(struct draft *draft, const struct problem *problem, struct member *member,
		  bool *edited)
{
	char *text = NULL, *original = NULL, *header = NULL, *frees_why = NULL;
	const char *why = NULL;
	int err = draft_read(draft, problem->file, &text), one = 0;

	err = err ?: draft_read_original(draft, problem->file, &original);
	if (!err) {
		header = without_member(text, original, member, &why, &one);
		member->id = make_id(member);
		if (one || (!header && !why) || !member->id)
			err = diag_oom(draft->build->diag);
	}
	if (!err && !why)
		err = draft_write(draft, problem->file, header);
	if (!err && !why)
		err = make_shadow(draft, problem, member, &why, &frees_why, edited);
	draft->spoilt |= !*edited;
	if (!err && !*edited)
		err = draft_no(draft, problem, "%s of struct %s gets no shadow variable: %s",
			       member->name, member->structure, why ?: frees_why ?: "");
	free(frees_why);
	free(header);
	free(original);
	free(text);
	return err;
}

int shadow_member(struct draft *draft, const struct problem *problem, bool *edited)
{
	struct member member = { 0 };
	int err;

	if (!draft_has(draft, problem->file) || !read_names(problem, &member) || !is_new(problem))
		err = draft_no(draft, problem,
			       "%s: only a new member of a structure can become a shadow variable",
			       problem->message);
	else
		err = answer(draft, problem, &member, edited);
	free_member(&member);
	return err;
}
