// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A list of error codes in a manual is out of date with the next code. This
 * program makes it from the table that the tools themselves use, when the
 * project is built: for klp-split-codes(7), and with --markdown for the end of
 * the author's guide.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lib/array.h"
#include "lib/diag.h"

/* By the number's first digit; the ranges of diag.h. */
static const struct {
	char digit;
	const char *title;
} tools[] = {
	{ '1', "Comparing (create-diff-object)" },
	{ '2', "References to the running kernel (klp-relocs)" },
	{ '3', "Building (kpatch-build)" },
	{ '4', "Loading and unloading (kpatch)" },
	{ '9', "All tools" },
};

static const char *title_of(const struct diag_code *code)
{
	for (size_t i = 0; i < ARRAY_SIZE(tools); i++)
		if (code->code[2] == tools[i].digit)
			return tools[i].title;
	return "Others";
}

/* A sentence of its own. What roff would take for an escape or a request is none. */
static void print_roff(const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", stdout);
	putchar(toupper((unsigned char)*text));
	for (text++; *text; text++) {
		if (*text == '\\')
			fputs("\\e", stdout);
		else
			putchar(*text);
	}
	puts(".");
}

static void print_manual(const struct diag_code *codes, size_t n)
{
	const char *title = NULL;

	puts(".\\\" Made by doc/codes.c from lib/diag-codes.c.\n.Dd November 21, 2026\n"
	     ".Dt KLP-SPLIT-CODES 7\n.Os klp-split\n.Sh NAME\n.Nm klp-split-codes\n"
	     ".Nd what the messages of klp-split mean, and what to do\n.Sh DESCRIPTION\n"
	     "Each problem that the tools report has a code that never changes its meaning.\n"
	     "For each: what was found, why it is a problem, and what can be done.\n"
	     "The option\n.Fl Fl explain Ar CODE\nof each tool prints the same.");
	for (size_t i = 0; i < n; i++) {
		if (title != title_of(&codes[i])) {
			if (title)
				puts(".El");
			title = title_of(&codes[i]);
			printf(".Ss %s\n.Bl -tag -width KS123\n", title);
		}
		printf(".It Li %s\n", codes[i].code);
		print_roff(codes[i].what);
		print_roff(codes[i].why);
		puts(".br");
		print_roff(codes[i].remedy);
	}
	puts(".El\n.Sh SEE ALSO\n.Xr create-diff-object 1 ,\n.Xr klp-relocs 1 ,\n"
	     ".Xr kpatch-build 1 ,\n.Xr kpatch 8");
}

/* '|' would end a cell of the table, '<' and '*' mean something, too. */
static void print_cell(const char *text)
{
	fputs("| ", stdout);
	for (; *text; text++) {
		if (strchr("|<>*_`", *text))
			putchar('\\');
		putchar(*text);
	}
	putchar(' ');
}

static void print_markdown(const struct diag_code *codes, size_t n)
{
	const char *title = NULL;

	for (size_t i = 0; i < n; i++) {
		if (title != title_of(&codes[i])) {
			title = title_of(&codes[i]);
			printf("\n### %s\n\n| code | what | why | remedy |\n|---|---|---|---|\n",
			       title);
		}
		print_cell(codes[i].code);
		print_cell(codes[i].what);
		print_cell(codes[i].why);
		print_cell(codes[i].remedy);
		puts("|");
	}
}

int main(int argc, char **argv)
{
	const struct diag_code *codes;
	size_t n;

	codes = diag_code_table(&n);
	if (argc > 1 && !strcmp(argv[1], "--markdown"))
		print_markdown(codes, n);
	else
		print_manual(codes, n);
	return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
