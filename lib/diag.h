/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A build that stops at its first problem makes its user fix one line a day.
 * And a message that names our internals ("unreconcilable difference") teaches
 * nobody what to write instead.
 *
 * So problems are collected: a pass reports what it finds and goes on where it
 * can, the tool prints all of them at the end. Each carries a stable code; what
 * can't be done, why, and what to do instead stand once per code in the table
 * of diag-codes.c, from which `--explain CODE` and the manual take them too.
 */
#ifndef KLP_SPLIT_DIAG_H
#define KLP_SPLIT_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <jansson.h>

struct diag;

/* Which kind of answer a problem is. The tools' exit codes follow from it. */
enum diag_class {
	DIAG_REFUSAL = 1, /* "not this": the diff or the livepatch has to be another one */
	DIAG_FAILURE, /* "not here, not now": an input, the machine or a tool is at fault */
	DIAG_WARNING, /* never an error */
	DIAG_STALLED, /* a transition did not finish */
	DIAG_PARTLY, /* something is left behind */
};

/* What is known of a code, independent of where it happened. */
struct diag_code {
	const char *code; /* "KS104"; never reused, never renumbered */
	enum diag_class class;
	const char *what; /* the headline: what was found */
	const char *why; /* what the kernel or the tool can't do, and why */
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

/* Ranges: KS1xx create-diff-object, KS2xx klp-relocs, KS3xx kpatch-build, KS4xx kpatch, KS9xx all. */
const struct diag_code *diag_code_lookup(const char *code);
const struct diag_code *diag_code_table(size_t *n);

/* Returns NULL only when memory is out. @tool prefixes messages without a place. */
struct diag *diag_new(const char *tool);
void diag_free(struct diag *diag);

/*
 * Report a problem. @code must be in the table, and of another class than DIAG_WARNING for
 * diag_error(); @place may be NULL; @fmt
 * adds what is particular to this case ("'ext4_default_opts'").
 * diag_error() returns -EINVAL, so that a pass can `return diag_error(…)`.
 */
int diag_error(struct diag *diag, const char *code, const struct diag_place *place, const char *fmt,
	       ...) __attribute__((format(printf, 4, 5)));
void diag_warning(struct diag *diag, const char *code, const struct diag_place *place,
		  const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* A detail line below the problem that was reported last ("used by …"). */
void diag_detail(struct diag *diag, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Memory is out: KS900. Returns -ENOMEM. */
int diag_oom(struct diag *diag);

/* A system call on @path failed: KS901 with strerror(@err). Returns -@err (@err positive). */
int diag_errno(struct diag *diag, int err, const char *path, const char *doing);

size_t diag_errors(const struct diag *diag);
size_t diag_warnings(const struct diag *diag);
/* How many errors with @code there are. */
size_t diag_count(const struct diag *diag, const char *code);
/* True if a problem with @code was reported (tests, exit codes). */
bool diag_has(const struct diag *diag, const char *code);
/* The same, but warnings don't count. */
bool diag_has_error(const struct diag *diag, const char *code);

/* The same for all codes of a class. */
bool diag_has_class(const struct diag *diag, enum diag_class class);
bool diag_has_error_of_class(const struct diag *diag, enum diag_class class);

/* Give each problem that is somewhere in a file the line that @translate says. */
typedef unsigned int (*diag_translate_fn)(const char *file, unsigned int line, void *arg);
void diag_translate_lines(struct diag *diag, diag_translate_fn translate, void *arg);

/* Move all problems of @from to the end of @to. */
void diag_take(struct diag *to, struct diag *from);
/* The same, without those that @to has already: one header, many units. */
void diag_take_new(struct diag *to, struct diag *from);

/*
 * Print everything collected: warnings, then errors, in the order reported.
 * Colour only if @out is a terminal and NO_COLOR is unset.
 */
void diag_print(const struct diag *diag, FILE *out);

/*
 * [{"code","severity","file","line","function","message","details":[…],"why","remedy"}…];
 * the caller owns the reference. diag_from_json() adds such an array to @diag (0 or -EINVAL).
 */
json_t *diag_to_json(const struct diag *diag);
int diag_from_json(struct diag *diag, const json_t *array);

/* The text of `--explain CODE`; false if there is no such code. */
bool diag_explain(const char *code, FILE *out);

#endif
