// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A recorded command is text for a shell, which make has expanded. It needs
 * neither: kbuild puts only words, quotes and ';' into the command of a C unit.
 * Anything else means that the command does more than we know, and running it
 * with other paths could write somewhere else. So it is refused.
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "lib/array.h"
#include "lib/strvec.h"
#include "kpatch-build/compile/command.h"

static const char *find_line(const char *text)
{
	/* the first since 6.3, the second before */
	static const char *const begins[] = { "savedcmd_", "cmd_" };

	for (const char *at = text; at && *at; at = strchr(at, '\n'), at = at ? at + 1 : NULL)
		for (size_t i = 0; i < ARRAY_SIZE(begins); i++)
			if (str_starts(at, begins[i]))
				return at;
	return NULL;
}

/* scripts/Kbuild.include: make-cmd writes '$' as "$$" and '#' as "$(pound)". */
char *command_recorded(const char *cmd_file)
{
	static const char pound[] = "$(pound)";
	const char *at = find_line(cmd_file), *end;
	char *text, *to;

	at = at ? strstr(at, " := ") : NULL;
	if (!at)
		return NULL;
	at += 4;
	end = at + strcspn(at, "\n");
	to = text = malloc(end - at + 1);
	if (!text)
		return NULL;
	while (at < end) {
		if (at[0] == '$' && at[1] == '$') {
			*to++ = '$';
			at += 2;
		} else if (str_starts(at, pound)) {
			*to++ = '#';
			at += strlen(pound);
		} else {
			*to++ = *at++;
		}
	}
	*to = '\0';
	return text;
}

/* Return @word with each @from that ends at a path's boundary replaced; caller frees. */
static char *replace_root(const char *word, const char *from, const char *to, bool *found)
{
	size_t n = strlen(from), size;
	char *result;
	FILE *out = open_memstream(&result, &size);

	if (!out)
		return NULL;
	while (*word) {
		if (!strncmp(word, from, n) && (!word[n] || strchr("/=:", word[n]))) {
			fputs(to, out);
			word += n;
			*found = true;
		} else {
			fputc(*word++, out);
		}
	}
	return fclose(out) ? NULL : result;
}

/*
 * What was found in a command; if any of these is missing, we would run something else than we
 * think.
 */
struct found {
	bool target, depfile, source;
};

static char *replace_word(const char *word, const struct command_paths *paths, struct found *found)
{
	static const char mmd[] = "-Wp,-MMD,";
	char *result;

	if (!strcmp(word, paths->target)) {
		found->target = true;
		return strdup(paths->new_target);
	}
	if (str_starts(word, mmd)) {
		found->depfile = true;
		return asprintf(&result, "%s%s", mmd, paths->new_depfile) < 0 ? NULL : result;
	}
	return replace_root(word, paths->source, paths->new_source, &found->source);
}

/*
 * One word from @*at, with quotes removed. NULL: the end, or an error in *@err, -EINVAL or -ENOMEM.
 */
static char *next_word(const char **at, int *err)
{
	const char *c = *at;
	char *word, *to;
	char quote = 0;

	c += strspn(c, " \t");
	if (!*c || *c == ';') {
		*at = c;
		return NULL;
	}
	to = word = malloc(strlen(c) + 1);
	if (!word) {
		*err = -ENOMEM;
		return NULL;
	}
	for (; *c; c++) {
		if (quote) {
			if (*c == quote)
				quote = 0;
			else if (quote == '"' && strchr("$`", *c))
				break;
			else if (quote == '"' && *c == '\\' && c[1] && strchr("\"\\$`", c[1]))
				*to++ = *++c;
			else
				*to++ = *c;
		} else if (*c == '\'' || *c == '"') {
			quote = *c;
		} else if (*c == '\\' && c[1]) {
			*to++ = *++c;
		} else if (isspace((unsigned char)*c) || *c == ';') {
			break;
		} else if (strchr("$`|&<>(){}*?[]#!", *c)) {
			quote = '!';
			break;
		} else {
			*to++ = *c;
		}
	}
	*to = '\0';
	*at = c;
	if (quote) {
		*err = -EINVAL;
		free(word);
		return NULL;
	}
	return word;
}

int command_add_word(struct command *command, size_t step, const char *word)
{
	return strvec_add(&command->steps[step], word);
}

int command_insert_word(struct command *command, size_t step, size_t at, const char *word)
{
	struct strvec *words = &command->steps[step];
	const char *last;
	int err;

	err = strvec_add(words, word);
	if (err)
		return err;
	last = words->list[words->n - 1];
	memmove(&words->list[at + 1], &words->list[at], (words->n - 1 - at) * sizeof(*words->list));
	words->list[at] = last;
	return 0;
}

static int add_step(struct command *command, struct strvec words)
{
	struct strvec *steps = realloc(command->steps, (command->n + 1) * sizeof(*steps));

	if (!steps)
		return -ENOMEM;
	steps[command->n++] = words;
	command->steps = steps;
	return 0;
}

int command_parse(const char *text, const struct command_paths *paths, struct command *command)
{
	struct found found = { 0 };
	int err = 0;

	memset(command, 0, sizeof(*command));
	while (*text && !err) {
		struct strvec words = { 0 };
		char *word;

		while (!err && (word = next_word(&text, &err))) {
			err = strvec_take(&words, replace_word(word, paths, &found));
			free(word);
		}
		if (!err && words.n)
			err = add_step(command, words);
		if (err)
			strvec_free(&words);
		if (*text == ';')
			text++;
	}
	if (!err && (!found.target || !found.depfile || !found.source))
		err = -EINVAL;
	if (err)
		command_free(command);
	return err;
}

void command_free(struct command *command)
{
	for (size_t i = 0; i < command->n; i++)
		strvec_free(&command->steps[i]);
	free(command->steps);
	memset(command, 0, sizeof(*command));
}
