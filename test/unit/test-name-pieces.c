// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Premise: a small tree of words, and macros that paste names of two to six pieces, also together
 *   with other macros.
 * Prevents: a unit that contains a changed macro only in pieces, and keeps its old value.
 * Fails if: none of the words at such a use is found; or a name leads to words that can't be
 *   pasted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "kpatch-build/index/word-index.h"
#include "kpatch-build/units/name-pieces.h"
#include "kpatch-build/units/paste-chains.h"
#include "kpatch-build/index/source-text.h"
#include "lib/array.h"
#include "lib/diag.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "lib/temporary.h"

/* The header's macros; the other files are what uses them, and some noise. */
#define HEADER                                                \
	"#define two(x) (FEATURE_##x)\n"                      \
	"#define four(p, f) (p##_##f##_INDEX)\n"              \
	"#define six(t, i, n) HE_##t##_CAP##i##_##n##_MASK\n" \
	"#define nested(a) two(inner_##a)\n"

static const char *const sources[] = {
	"int a = two(BARRIER);\n",
	"int b = four(MAC_RCR, IPC);\n",
	"int c = six(MAC, 0, HTC);\n",
	"int d = nested(leaf);\n",
	"BAR RIER R A B _ x CAP HE 0 1\n",
	"A B R MAC x CAP HE 0 1 _\n",
	"A B R MAC HTC IPC x CAP HE 0 1 _\n",
};

struct tree {
	struct word_index words;
	struct strvec chains;
	char folder[32], index[64];
	struct diag *diag;
};

static void write_text(const struct tree *tree, const char *name, const char *text)
{
	char path[80];

	snprintf(path, sizeof(path), "%s/%s", tree->folder, name);
	assert_int_equal(write_file_atomic(path, text, strlen(text), 0644), 0);
}

static int setup(void **state)
{
	struct tree *tree = calloc(1, sizeof(*tree));
	char name[16];

	tree->diag = diag_new("tool");
	strcpy(tree->folder, "/tmp/pieces-XXXXXX");
	assert_non_null(mkdtemp(tree->folder));
	snprintf(tree->index, sizeof(tree->index), "%s.words", tree->folder);
	write_text(tree, "h.h", HEADER);
	for (size_t i = 0; i < ARRAY_SIZE(sources); i++) {
		snprintf(name, sizeof(name), "s%zu.c", i);
		write_text(tree, name, sources[i]);
	}
	assert_int_equal(word_index_make(tree->folder, tree->folder, "x86", tree->index, "id",
					 tree->diag),
			 0);
	assert_int_equal(word_index_load(tree->index, "id", &tree->words, tree->diag), 0);
	assert_int_equal(paste_chains_add(&tree->chains, HEADER), 0);
	*state = tree;
	return 0;
}

static int teardown(void **state)
{
	struct tree *tree = *state;

	word_index_free(&tree->words);
	strvec_free(&tree->chains);
	unlink(tree->index);
	remove_tree(tree->folder);
	diag_free(tree->diag);
	free(tree);
	return 0;
}

static int note(const char *piece, void *arg)
{
	strcat(strcat(arg, piece), " ");
	return 0;
}

/* Is one of the words that were found at the place where the name is pasted? */
static bool leads_to(const char *found, const char *text)
{
	char words[512], *word, *save;
	bool leads = false;

	strcpy(words, found);
	for (word = strtok_r(words, " ", &save); word; word = strtok_r(NULL, " ", &save))
		leads |= text_uses_piece(text, word) || text_uses_piece(HEADER, word);
	return leads;
}

static void each_way_of_pasting_is_found(void **state)
{
	static const struct {
		const char *name, *source;
		enum name_change change;
	} names[] = {
		{ "FEATURE_BARRIER", "int a = two(BARRIER);\n", NAME_CHANGED },
		{ "FEATURE_BARRIER", "int a = two(BARRIER);\n", NAME_DECLARED },
		{ "MAC_RCR_IPC_INDEX", "int b = four(MAC_RCR, IPC);\n", NAME_CHANGED },
		{ "MAC_RCR_IPC_INDEX", "int b = four(MAC_RCR, IPC);\n", NAME_DECLARED },
		{ "HE_MAC_CAP0_HTC_MASK", "int c = six(MAC, 0, HTC);\n", NAME_CHANGED },
		{ "HE_MAC_CAP0_HTC_MASK", "int c = six(MAC, 0, HTC);\n", NAME_DECLARED },
		{ "FEATURE_inner_leaf", "int d = nested(leaf);\n", NAME_CHANGED },
	};
	struct tree *tree = *state;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char found[512] = "";

		assert_int_equal(name_pieces(&tree->words, &tree->chains, names[i].name,
					     names[i].change, note, found),
				 0);
		if (!leads_to(found, names[i].source))
			fail_msg("%s: '%s'", names[i].name, found);
	}
}

static void what_cant_be_pasted_has_no_pieces(void **state)
{
	struct tree *tree = *state;
	char found[512] = "";

	/* "BAR" and "RIER" are words, "OTHER" isn't */
	assert_int_equal(name_pieces(&tree->words, &tree->chains, "FEATURE_OTHER", NAME_CHANGED,
				     note, found),
			 0);
	assert_string_equal(found, "");
	/* more than two pieces, of a name that is new */
	assert_int_equal(name_pieces(&tree->words, &tree->chains, "MAC_RCR_IPC_INDEX",
				     NAME_OF_ONE_SIDE, note, found),
			 0);
	assert_string_equal(found, "");
}

static void chains_have_words_and_parameters(void **state)
{
	static const char *const expected[] = { "* _ * _INDEX", "HE_ * _CAP * _ * _MASK" };
	struct tree *tree = *state;

	assert_int_equal(tree->chains.n, ARRAY_SIZE(expected));
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
		assert_string_equal(tree->chains.list[i], expected[i]);
}

static void a_use_is_told_from_a_mention(void **state)
{
	static const struct {
		const char *text, *word;
		bool used, pasted;
	} texts[] = {
		{ "x = A;", "A", true, false },
		{ "x = AB + B_A;", "A", false, false },
		{ "f(A, 1)", "A", true, true },
		{ "f(1, A)", "A", true, true },
		{ "f(x->A)", "A", true, true },
		{ "f(x->A.b)", "A", true, false },
		{ "a_ ## A", "A", true, true },
		{ "#define X A + 1", "A", true, true },
		{ "x;\n  #define X A + 1", "A", true, true },
		{ "define X A + 1", "A", true, true },
		{ "f(\"A\", \"A\\\"A\")", "A", false, false },
		{ "f(\"A) + A", "A", true, true },
		{ "f(\"b\") + A", "A", true, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (text_uses_word(texts[i].text, texts[i].word) != texts[i].used ||
		    text_uses_piece(texts[i].text, texts[i].word) != texts[i].pasted)
			fail_msg("'%s'", texts[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_way_of_pasting_is_found),
		cmocka_unit_test(what_cant_be_pasted_has_no_pieces),
		cmocka_unit_test(chains_have_words_and_parameters),
		cmocka_unit_test(a_use_is_told_from_a_mention),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
