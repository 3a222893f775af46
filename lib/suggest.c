// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds the name that the user most likely meant: see suggest.h. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/array.h"
#include "lib/suggest.h"
#include "lib/text.h"

#define LONGEST 31 /* no option or command has a longer name */

static unsigned int least(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int least = a < b ? a : b;

	return least < c ? least : c;
}

/* The number of letters to change, add, remove or exchange with the next one to get from @a to @b. */
static unsigned int distance(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b);
	unsigned int d[LONGEST + 1][LONGEST + 1];

	if (n > LONGEST || m > LONGEST)
		return LONGEST;
	for (size_t i = 0; i <= n; i++)
		d[i][0] = i;
	for (size_t k = 0; k <= m; k++)
		d[0][k] = k;
	for (size_t i = 1; i <= n; i++) {
		for (size_t k = 1; k <= m; k++) {
			d[i][k] = least(d[i - 1][k] + 1, d[i][k - 1] + 1,
					d[i - 1][k - 1] + (a[i - 1] != b[k - 1]));
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1] &&
			    d[i - 2][k - 2] + 1 < d[i][k])
				d[i][k] = d[i - 2][k - 2] + 1;
		}
	}
	return d[n][m];
}

const char *more_like(const char *word, const char *best, const char *name)
{
	unsigned int allowed = strlen(name) < 6 ? 1 : 2, found = distance(word, name);

	return found <= allowed && (!best || found < distance(word, best)) ? name : best;
}

/* The options that argp adds to those of each tool. */
static const char *const options_of_argp[] = { "help", "usage", "version" };

static bool is_known(const struct argp_option *options, const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(options_of_argp); i++)
		if (str_starts(options_of_argp[i], word))
			return true;
	for (; options->name || options->key || options->doc; options++)
		if (options->name && str_starts(options->name, word))
			return true;
	return false;
}

static const char *find_like(const struct argp_option *options, const char *word)
{
	const char *like = NULL;

	for (; options->name || options->key || options->doc; options++)
		if (options->name)
			like = more_like(word, like, options->name);
	for (size_t i = 0; i < ARRAY_SIZE(options_of_argp); i++)
		like = more_like(word, like, options_of_argp[i]);
	return like;
}

void suggest_options(const char *tool, const struct argp_option *options, char **argv)
{
	char word[LONGEST + 1];
	const char *like;

	for (char **arg = argv + 1; *arg && strcmp(*arg, "--"); arg++) {
		if (!str_starts(*arg, "--") ||
		    (size_t)snprintf(word, sizeof(word), "%s", *arg + 2) >= sizeof(word))
			continue;
		word[strcspn(word, "=")] = '\0';
		like = is_known(options, word) ? NULL : find_like(options, word);
		if (like)
			fprintf(stderr, "%s: no option '--%s': did you mean '--%s'?\n", tool, word,
				like);
	}
}
