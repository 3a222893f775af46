// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * include/linux/rcupdate.h includes rcutree.h or rcutiny.h, depending on
 * CONFIG_TINY_RCU. According to the #include lines alone, each unit reads both, but
 * with a given configuration no unit reads rcutiny.h.
 *
 * So the conditions of #include lines are evaluated, but only if their value follows
 * from the configuration. All other conditions (macros, compiler versions, options
 * that some file redefines) are unknown, and an #include line under an unknown
 * condition may be read.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/text.h"
#include "kpatch-build/index/includes.h"
#include "kpatch-build/kernel/kernel-config.h"
#include "kpatch-build/source/c-comments.h"
#include "kpatch-build/source/conditions.h"

/* "a && b" is the smaller of the two values, "a || b" the larger one, "!a" is IS_TRUE - a. */
enum truth { IS_FALSE, IS_UNKNOWN, IS_TRUE };

/*
 * Options that some files of the kernel define or undefine, so their value doesn't follow from the
 * configuration. test/cli/kpatch-build-parts.sh compares this list with the source.
 */
static const struct {
	const char *name, *why;
} redefined[] = {
	{ "CONFIG_64BIT", "the 32-bit vDSO" },
	{ "CONFIG_X86_32", "the same" },
	{ "CONFIG_X86_64", "the same" },
	{ "CONFIG_COMPAT", "the same" },
	{ "CONFIG_ILLEGAL_POINTER_VALUE", "the same" },
	{ "CONFIG_NR_CPUS", "the same" },
	{ "CONFIG_PAGE_OFFSET", "the same" },
	{ "CONFIG_PGTABLE_LEVELS", "the same" },
	{ "CONFIG_SPARSEMEM_VMEMMAP", "the same" },
	{ "CONFIG_PARAVIRT", "the boot code" },
	{ "CONFIG_PARAVIRT_SPINLOCKS", "the same" },
	{ "CONFIG_PARAVIRT_XXL", "the same" },
	{ "CONFIG_KASAN", "the same" },
	{ "CONFIG_KASAN_GENERIC", "the same" },
	{ "CONFIG_PAGE_TABLE_ISOLATION", "the same" },
	{ "CONFIG_MITIGATION_PAGE_TABLE_ISOLATION", "the same" },
	{ "CONFIG_RAID6_PQ_BENCHMARK", "include/linux/raid/pq.h" },
	{ "CONFIG_PM", "sound/arm/aaci.c" },
	{ "CONFIG_DEBUG_MAPLE_TREE", "lib/test_maple_tree.c" },
	{ "CONFIG_JFFS2_FS_DEBUG", "fs/jffs2/debug.h" },
	{ "CONFIG_SCSI_LPFC_DEBUG_FS", "drivers/scsi/lpfc" },
};

struct expression {
	const char *at, *end;
	const char *config;
};

static bool is_redefined(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(redefined); i++)
		if (!strcmp(redefined[i].name, name))
			return true;
	return false;
}

/* The values that make a test of an option true. */
enum wanted { WANT_DEFINED, WANT_BUILTIN, WANT_MODULE, WANT_ENABLED };

/* CONFIG_X_MODULE is defined if CONFIG_X=m. But an option's own name may end in _MODULE, too. */
static bool is_module_of(const char *config, const char *name)
{
	size_t n = strlen(name), suffix = strlen("_MODULE");
	char *base, *value;
	bool is;

	if (n <= suffix || strcmp(name + n - suffix, "_MODULE"))
		return false;
	base = strndup(name, n - suffix);
	value = base ? config_value(config, base) : NULL;
	is = !base || (value && !strcmp(value, "m"));
	free(value);
	free(base);
	return is;
}

static enum truth option_is(const char *config, const char *name, enum wanted wanted)
{
	char *value;
	bool is, y, m;

	if (!str_starts(name, "CONFIG_") || is_redefined(name))
		return IS_UNKNOWN;
	value = config_value(config, name);
	y = value && !strcmp(value, "y");
	m = value && !strcmp(value, "m");
	is = wanted == WANT_DEFINED   ? (value && !m) || is_module_of(config, name)
	     : wanted == WANT_BUILTIN ? y
	     : wanted == WANT_MODULE  ? m
				      : y || m;
	free(value);
	return is ? IS_TRUE : IS_FALSE;
}

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Blanks, and the backslash and line end of a continued line. */
static void skip_blanks(struct expression *e)
{
	while (e->at < e->end && (isspace((unsigned char)*e->at) || *e->at == '\\'))
		e->at++;
}

static bool take(struct expression *e, const char *text)
{
	size_t n = strlen(text);

	skip_blanks(e);
	if (e->end - e->at < (ptrdiff_t)n || strncmp(e->at, text, n))
		return false;
	e->at += n;
	return true;
}

/* Caller frees; NULL: there is no name, or no memory. */
static char *take_name(struct expression *e)
{
	const char *begin;

	skip_blanks(e);
	begin = e->at;
	while (e->at < e->end && is_name_char(*e->at))
		e->at++;
	return e->at > begin ? strndup(begin, e->at - begin) : NULL;
}

static const struct {
	const char *name;
	enum wanted wanted;
} tests[] = {
	{ "defined", WANT_DEFINED },
	{ "IS_ENABLED", WANT_ENABLED },
	{ "IS_BUILTIN", WANT_BUILTIN },
	{ "IS_MODULE", WANT_MODULE },
};

/* "defined(CONFIG_X)", "defined CONFIG_X", "IS_ENABLED(CONFIG_X)", "0", "1" */
static bool parse_test(struct expression *e, enum truth *truth)
{
	char *test = take_name(e), *name = NULL;
	bool open, ok = false;

	for (size_t i = 0; test && i < ARRAY_SIZE(tests); i++) {
		if (strcmp(test, tests[i].name))
			continue;
		open = take(e, "(");
		name = take_name(e);
		ok = name && (!open || take(e, ")"));
		*truth = ok ? option_is(e->config, name, tests[i].wanted) : IS_UNKNOWN;
	}
	if (test && !name && (!strcmp(test, "0") || !strcmp(test, "1"))) {
		*truth = *test == '1' ? IS_TRUE : IS_FALSE;
		ok = true;
	}
	free(name);
	free(test);
	return ok;
}

static bool parse_or(struct expression *e, enum truth *truth);

static bool parse_unary(struct expression *e, enum truth *truth)
{
	if (take(e, "!")) {
		if (!parse_unary(e, truth))
			return false;
		*truth = IS_TRUE - *truth;
		return true;
	}
	if (take(e, "("))
		return parse_or(e, truth) && take(e, ")");
	return parse_test(e, truth);
}

static bool parse_and(struct expression *e, enum truth *truth)
{
	enum truth right;

	if (!parse_unary(e, truth))
		return false;
	while (take(e, "&&")) {
		if (!parse_unary(e, &right))
			return false;
		*truth = right < *truth ? right : *truth;
	}
	return true;
}

static bool parse_or(struct expression *e, enum truth *truth)
{
	enum truth right;

	if (!parse_and(e, truth))
		return false;
	while (take(e, "||")) {
		if (!parse_and(e, &right))
			return false;
		*truth = right > *truth ? right : *truth;
	}
	return true;
}

/* If any part of an expression isn't understood, the whole expression is unknown. */
static enum truth evaluate(const char *at, const char *end, const char *config)
{
	struct expression e = { at, end, config };
	enum truth truth;

	if (!parse_or(&e, &truth))
		return IS_UNKNOWN;
	skip_blanks(&e);
	return e.at == e.end ? truth : IS_UNKNOWN;
}

static enum truth name_is_defined(const char *at, const char *end, const char *config)
{
	struct expression e = { at, end, config };
	char *name = take_name(&e);
	enum truth truth = name ? option_is(config, name, WANT_DEFINED) : IS_UNKNOWN;

	free(name);
	return truth;
}

#define DEPTH_MAX 64

/*
 * An #if whose #endif hasn't been read yet. ->here: is the current branch compiled? ->earlier: was
 * an earlier branch of it?
 */
struct branch {
	enum truth here, earlier;
};

struct reading {
	const char *includer, *header, *config;
	struct branch open[DEPTH_MAX];
	size_t depth;
	bool lost; /* #if and #endif don't match, or are nested too deeply */
	bool dead, alive; /* there is an #include line that isn't, or may be, compiled */
};

/* A branch is compiled if its condition is true and those of all earlier branches are false. */
static void begin_branch(struct branch *branch, enum truth condition)
{
	enum truth none_earlier = IS_TRUE - branch->earlier;

	branch->here = condition < none_earlier ? condition : none_earlier;
	branch->earlier = condition > branch->earlier ? condition : branch->earlier;
}

static void open_condition(struct reading *r, enum truth condition)
{
	if (r->depth == DEPTH_MAX) {
		r->lost = true;
		return;
	}
	r->open[r->depth] = (struct branch){ .earlier = IS_FALSE };
	begin_branch(&r->open[r->depth++], condition);
}

static void next_branch(struct reading *r, enum truth condition)
{
	if (r->depth)
		begin_branch(&r->open[r->depth - 1], condition);
	else
		r->lost = true;
}

static void close_condition(struct reading *r)
{
	if (r->depth)
		r->depth--;
	else
		r->lost = true;
}

static void read_include(struct reading *r, const char *at, const char *end)
{
	const char *open = memchr(at, '"', end - at) ?: memchr(at, '<', end - at), *close;
	enum truth here = IS_TRUE;
	char *name;

	close = open ? memchr(open + 1, *open == '"' ? '"' : '>', end - open - 1) : NULL;
	name = close ? strndup(open + 1, close - open - 1) : NULL;
	for (size_t i = 0; i < r->depth; i++)
		here = r->open[i].here < here ? r->open[i].here : here;
	if (name && include_can_be(r->includer, name, r->header)) {
		r->dead |= here == IS_FALSE;
		r->alive |= here != IS_FALSE;
	}
	free(name);
}

/* @at: after the '#'. */
static void read_directive(struct reading *r, const char *at, const char *end)
{
	struct expression e = { at, end, r->config };
	char *word = take_name(&e);

	if (!word)
		return;
	if (!strcmp(word, "if"))
		open_condition(r, evaluate(e.at, end, r->config));
	else if (!strcmp(word, "ifdef"))
		open_condition(r, name_is_defined(e.at, end, r->config));
	else if (!strcmp(word, "ifndef"))
		open_condition(r, IS_TRUE - name_is_defined(e.at, end, r->config));
	else if (!strcmp(word, "elif"))
		next_branch(r, evaluate(e.at, end, r->config));
	else if (str_starts(word, "elif")) /* elifdef, elifndef */
		next_branch(r, IS_UNKNOWN);
	else if (!strcmp(word, "else"))
		next_branch(r, IS_TRUE);
	else if (!strcmp(word, "endif"))
		close_condition(r);
	else if (!strcmp(word, "include"))
		read_include(r, e.at, end);
	else if (!strcmp(word, "define") && strstr(r->header, "/") &&
		 memmem(e.at, end - e.at, strrchr(r->header, '/') + 1,
			strlen(strrchr(r->header, '/') + 1)))
		r->alive = true; /* another #include may use this macro to include the header */
	free(word);
}

static const char *end_of_line(const char *line)
{
	const char *at = line + strcspn(line, "\n");

	while (*at && at > line && at[-1] == '\\')
		at += 1 + strcspn(at + 1, "\n");
	return at;
}

bool includes_are_dead(char *text, const char *includer, const char *header, const char *config)
{
	struct reading r = { .includer = includer, .header = header, .config = config };
	const char *end;

	blank_comments(text);
	for (const char *at = text; *at; at = *end ? end + 1 : end) {
		end = end_of_line(at);
		at += strspn(at, " \t");
		if (*at == '#')
			read_directive(&r, at + 1, end);
	}
	return r.dead && !r.alive && !r.lost && !r.depth;
}
