// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The functions of a shadow variable that stands for a member.
 *
 * Old code frees objects without their shadow variables, and the next object at the
 * address would find them. So nothing is stored before all tasks run new code, and
 * all is freed before the first task gets old code back: as long as both run, the new
 * code finds zero, as in an object that is older than the livepatch.
 *
 * A value may be set under a spinlock, so memory is taken with GFP_ATOMIC. Without
 * memory the value stays zero.
 */
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/suggest/shadow-text.h"
#include "lib/array.h"
#include "lib/text.h"

static const char declarations[] = "\n"
				   "struct STRUCTURE;\n"
				   "TYPE klp_get_MEMBER(struct STRUCTURE *obj);\n"
				   "void klp_set_MEMBER(struct STRUCTURE *obj, TYPE value);\n"
				   "void klp_drop_MEMBER(struct STRUCTURE *obj);\n";

static const char functions[] =
	"\n"
	"#include <klp-split-author.h>\n"
	"\n"
	"/*\n"
	" * In the running kernel, struct STRUCTURE can't grow: MEMBER is a shadow variable.\n"
	" * Old code doesn't free it, so nothing is stored while a task may run old code.\n"
	" */\n"
	"static bool klp_store_MEMBER;\n"
	"\n"
	"TYPE klp_get_MEMBER(struct STRUCTURE *obj)\n"
	"{\n"
	"\tTYPE *data, value = 0;\n"
	"\n"
	"\trcu_read_lock();\n"
	"\tdata = klp_shadow_get(obj, IDENTITY);\n"
	"\tif (data)\n"
	"\t\tvalue = READ_ONCE(*data);\n"
	"\trcu_read_unlock();\n"
	"\treturn value;\n"
	"}\n"
	"\n"
	"void klp_set_MEMBER(struct STRUCTURE *obj, TYPE value)\n"
	"{\n"
	"\tTYPE *data;\n"
	"\n"
	"\trcu_read_lock();\n"
	"\tif (value && READ_ONCE(klp_store_MEMBER))\n"
	"\t\tdata = klp_shadow_get_or_alloc(obj, IDENTITY, sizeof(*data), GFP_ATOMIC,\n"
	"\t\t\t\t\t      NULL, NULL);\n"
	"\telse\n"
	"\t\tdata = klp_shadow_get(obj, IDENTITY);\n"
	"\tif (data)\n"
	"\t\tWRITE_ONCE(*data, BITS);\n"
	"\trcu_read_unlock();\n"
	"}\n"
	"\n"
	"void klp_drop_MEMBER(struct STRUCTURE *obj)\n"
	"{\n"
	"\tklp_shadow_free(obj, IDENTITY, NULL);\n"
	"}\n"
	"\n"
	"static void klp_post_patch_MEMBER(struct klp_object *obj)\n"
	"{\n"
	"\tWRITE_ONCE(klp_store_MEMBER, true);\n"
	"}\n"
	"KLP_SPLIT_POST_PATCH(klp_post_patch_MEMBER);\n"
	"\n"
	"static void klp_pre_unpatch_MEMBER(struct klp_object *obj)\n"
	"{\n"
	"\tWRITE_ONCE(klp_store_MEMBER, false);\n"
	"\tsynchronize_rcu();\n"
	"\tklp_shadow_free_all(IDENTITY, NULL);\n"
	"}\n"
	"KLP_SPLIT_PRE_UNPATCH(klp_pre_unpatch_MEMBER);\n";

/* Replace what the texts above have in capitals. */
static char *fill(const char *text, const struct member *member)
{
	const struct {
		const char *from, *to;
	} words[] = {
		{ "STRUCTURE", member->structure },
		{ "TYPE", member->type },
		{ "IDENTITY", member->id },
		{ "BITS", member->is_bit ? "value & 1" : "value" },
		{ "MEMBER", member->name },
	};
	char *all = strdup(text);

	for (size_t i = 0; i < ARRAY_SIZE(words) && all; i++) {
		char *next = text_replace(all, words[i].from, words[i].to);

		free(all);
		all = next;
	}
	return all;
}

/* After the last #include that is before the first function and under no condition. */
static size_t after_includes(const char *text)
{
	size_t place = 0;
	int depth = 0;

	for (const char *at = text; *at;) {
		const char *end = at + strcspn(at, "\n");
		const char *word = *at == '#' ? at + 1 + strspn(at + 1, " \t") : "";

		end += *end == '\n';
		if (*at == '{')
			break;
		if (str_starts(word, "if"))
			depth++;
		else if (str_starts(word, "endif"))
			depth--;
		else if (!depth && str_starts(word, "include"))
			place = end - text;
		at = end;
	}
	return place;
}

static char *insert(const char *text, const char *what, const struct member *member)
{
	size_t place = after_includes(text);
	char *filled = fill(what, member);
	char *all = filled ? format("%.*s%s%s", (int)place, text, filled, text + place) : NULL;

	free(filled);
	return all;
}

char *with_shadow_declarations(const char *text, const struct member *member)
{
	return insert(text, declarations, member);
}

char *with_shadow_functions(const char *text, const struct member *member)
{
	char *with = insert(text, functions, member);
	char *all = with ? with_shadow_declarations(with, member) : NULL;

	free(with);
	return all;
}
