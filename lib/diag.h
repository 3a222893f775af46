/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A build that stops at its first problem makes its user fix one line a day.
 * And a message that names our internals ("unreconcilable difference") teaches
 * nobody what to write instead.
 *
 * So problems are collected: a pass reports what it finds and goes on where it
 * can, and the tool prints all problems at the end. Each problem has a stable
 * code. The table in diag-codes.c says once per code what can't be done, why,
 * and what to do instead; `--explain CODE` and the manual use the same table.
 */
#ifndef KLP_SPLIT_DIAG_H
#define KLP_SPLIT_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct diag;

/* The class of a problem. It decides the tool's exit code. */
enum diag_class {
	DIAG_REFUSAL = 1, /* "not this": the diff or the livepatch has to change */
	DIAG_FAILURE, /* "not here, not now": an input, the machine or a tool has failed */
	DIAG_WARNING, /* never an error */
	DIAG_STALLED, /* a transition did not finish */
	DIAG_PARTLY, /* something is left behind */
};

/* What is known of a code, wherever the problem is. */
struct diag_code {
	const char *code; /* "KS104"; never reused, never renumbered */
	enum diag_class class;
	const char *what; /* the headline: what was found */
	const char *why; /* what the kernel or the tool can't do, with the reason */
	const char *remedy; /* what the author of the diff or the admin can do */
};

/*
 * Where in the source a problem lies. Any member may be NULL or 0 if unknown;
 * the strings are copied.
 */
struct diag_place {
	const char *file; /* as the kernel's tree names it: "fs/ext4/super.c" */
	unsigned int line;
	const char *function;
};

/*
 * Ranges: KS1xx create-diff-object, KS2xx klp-relocs, KS3xx kpatch-build, KS4xx kpatch, KS9xx any
 * tool.
 */
const struct diag_code *diag_code_lookup(const char *code);
const struct diag_code *diag_code_table(size_t *n);

/* Returns NULL only if out of memory. @tool is the prefix of messages without a place. */
struct diag *diag_new(const char *tool);
void diag_free(struct diag *diag);

/*
 * Report a problem. @code must be in the table; diag_error() aborts on codes of class DIAG_WARNING.
 * @place may be NULL. @fmt adds the details of this problem ("'ext4_default_opts'"). diag_error()
 * returns -EINVAL, so that a pass can `return diag_error(…)`.
 */
int diag_error(struct diag *diag, const char *code, const struct diag_place *place, const char *fmt,
	       ...) __attribute__((format(printf, 4, 5)));
void diag_warning(struct diag *diag, const char *code, const struct diag_place *place,
		  const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Add a detail line to the problem that was reported last ("used by …"). */
void diag_detail(struct diag *diag, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Report KS900 (out of memory). Returns -ENOMEM. */
int diag_oom(struct diag *diag);

/*
 * Report KS901 with strerror(@err): a system call on @path failed. @err is positive; returns -@err.
 */
int diag_errno(struct diag *diag, int err, const char *path, const char *doing);

size_t diag_errors(const struct diag *diag);
size_t diag_warnings(const struct diag *diag);
/* The number of errors with @code. */
size_t diag_count(const struct diag *diag, const char *code);
/* True if a problem with @code was reported (tests, exit codes). */
bool diag_has(const struct diag *diag, const char *code);
/* The same, without warnings. */
bool diag_has_error(const struct diag *diag, const char *code);

/* The same for all codes of a class. */
bool diag_has_class(const struct diag *diag, enum diag_class class);
bool diag_has_error_of_class(const struct diag *diag, enum diag_class class);

/* Replace the line of each problem that has a file and a line by the result of @translate. */
typedef unsigned int (*diag_translate_fn)(const char *file, unsigned int line, void *arg);
void diag_translate_lines(struct diag *diag, diag_translate_fn translate, void *arg);

/* Move all problems of @from to the end of @to. */
void diag_take(struct diag *to, struct diag *from);
/* The same, but leave out problems that @to has already: many units may report one header. */
void diag_take_new(struct diag *to, struct diag *from);

/*
 * Print everything collected: warnings, then errors, in the order reported.
 * Colour only if @out is a terminal and NO_COLOR is unset.
 */
void diag_print(const struct diag *diag, FILE *out);

/* The text of `--explain CODE`; false if there is no such code. */
bool diag_explain(const char *code, FILE *out);

#endif
