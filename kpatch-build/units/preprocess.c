// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kbuild knows how to preprocess a unit: it makes X.i with the flags of X.o and
 * records the command, which is then run again for both trees. A sum of the
 * original's text and the command are kept in the cache
 * ("units/fs/proc/meminfo.i"), so kbuild, which is slow, is asked only once.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "kpatch-build/compile/command.h"
#include "kpatch-build/compile/compile.h"
#include "lib/files.h"
#include "kpatch-build/compile/kbuild.h"
#include "lib/paths.h"
#include "kpatch-build/units/preprocess.h"
#include "lib/process.h"
#include "lib/strvec.h"
#include "kpatch-build/run.h"
#include "kpatch-build/units/used-text.h"
#include "kpatch-build/compile/folders.h"
#include "kpatch-build/index/unit-index.h"
#include "kpatch-build/kernel/cache.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/units/map.h"
#include "lib/text.h"

/* Without line markers. Line numbers in the code differ only where lines do: numbered.c. */
static const char *const text_flags[] = { "-P" };

/* Preprocessed texts have some megabytes each: make at most this many at a time. */
#define BATCH 64

struct texts {
	const struct job *job;
	struct kernel *kernel;
	const struct oot_module *oot;
	const struct trees *trees;
	struct reached *reached;
	struct candidate *candidates;
	size_t n;
};

/* kbuild's name for the preprocessed text of x.c and x.S: x.i and x.s. */
static char *text_of(const char *path)
{
	return format("%.*s%s", (int)(strlen(path) - strlen(".c")), path,
		      unit_is_assembly(path) ? ".s" : ".i");
}

/* Assembly can't be replaced: all that can be said is that it changes. */
static int take(const struct texts *texts, const struct candidate *c, const char *why)
{
	struct diag_place place = { .file = c->entry->source };

	if (!unit_is_assembly(c->entry->source))
		return map_unit(texts->job, texts->kernel, texts->oot, texts->reached, c->entry);
	diag_error(texts->job->diag, "KS337", &place, "%s", why);
	return 0; /* there may be more: map_different() stops */
}

int candidate_init(struct candidate *c, const struct job *job, const struct kernel *kernel,
		   const struct unit_index_entry *entry, size_t n)
{
	char *name = text_of(entry->source);

	memset(c, 0, sizeof(*c));
	c->entry = entry;
	c->text = text_of(entry->goal);
	c->cached = name ? path_join(kernel->dir, "units", name, NULL) : NULL;
	c->output = format("%s/text-%zu.i", job->work, n);
	c->depfile = format("%s/text-%zu.d", job->work, n);
	free(name);
	return c->text && c->cached && c->output && c->depfile ? 0 : -ENOMEM;
}

void candidate_free(struct candidate *c)
{
	free(c->text);
	free(c->cached);
	free(c->sum);
	free(c->command);
	free(c->output);
	free(c->depfile);
}

/* The cache's entry: the kind of sum, the sum, a newline, the command. */
#define SUM_MARK 'n' /* of the text that is used, with line numbers */

static int read_cached(struct candidate *c, struct diag *diag)
{
	char *text = NULL, *newline;
	size_t size;
	int err = read_file(c->cached, &text, &size);

	if (err == -ENOENT)
		return err;
	if (err)
		return diag_errno(diag, -err, c->cached, "read");
	newline = strchr(text, '\n');
	if (*text != SUM_MARK || !newline || newline - text != 1 + 64) {
		free(text); /* not ours, or another kind of sum: make it again */
		return -ENOENT;
	}
	c->command = strdup(newline + 1);
	c->sum = strndup(text + 1, 64);
	free(text);
	return c->command && c->sum ? 0 : diag_oom(diag);
}

/*
 * kbuild's own text has line markers, so only the command is used. There may be none: a header that
 * is generated with the objects of a folder (security/selinux/flask.h) is no prerequisite of a
 * text. Then the compiler has to tell whether the unit changes.
 */
static int take_command(const struct texts *texts, struct candidate *c)
{
	struct diag_place place = { .file = c->entry->source };
	char *path = path_join(texts->kernel->build, c->text, NULL);
	char *cmd = recorded_command_path(texts->kernel->build, c->text);
	char *text = NULL;
	size_t size;
	int err = path && cmd ? read_file(cmd, &text, &size) : -ENOMEM;

	if (err == -ENOENT) {
		c->taken = true;
		err = take(texts, c, "kbuild can't preprocess it, to see whether it changes");
	} else if (err) {
		diag_errno(texts->job->diag, -err, cmd ?: c->text, "read");
	} else if (!(c->command = command_recorded(text))) {
		err = diag_error(texts->job->diag, "KS327", &place, "%s", cmd);
	}
	if (!err) {
		unlink(path);
		unlink(cmd);
	}
	free(path);
	free(cmd);
	free(text);
	return err;
}

static bool lacks_command(const struct candidate *c, size_t depth)
{
	return !c->command && !c->taken && path_depth(c->text) == depth;
}

/* Folders of one depth don't contain one another, so one parallel make can do them all. */
static int make_commands_at(struct texts *texts, size_t depth)
{
	struct process process = { 0 };
	struct strvec argv = { 0 };
	size_t n = 0;
	int err;

	kbuild_command(texts->job, texts->kernel, texts->oot, &argv);
	strvec_add(&argv, "--keep-going");
	for (size_t i = 0; i < texts->n; i++) {
		if (!lacks_command(&texts->candidates[i], depth))
			continue;
		strvec_add(&argv, texts->candidates[i].text);
		n++;
	}
	err = strvec_done(&argv, texts->job->diag);
	if (!err && n) {
		/* its output shows whether it failed */
		process.argv = argv.list;
		process_run(&process);
		process_end(&process);
		err = config_is_unchanged(texts->kernel, texts->job->diag);
		for (size_t i = 0; i < texts->n && !err; i++)
			if (lacks_command(&texts->candidates[i], depth))
				err = take_command(texts, &texts->candidates[i]);
	}
	strvec_free(&argv);
	return err;
}

static int read_all_cached(struct texts *texts, size_t *missing, size_t *deepest)
{
	int err = 0;

	*missing = *deepest = 0;
	for (size_t i = 0; i < texts->n && !err; i++) {
		struct candidate *c = &texts->candidates[i];

		err = c->command || c->taken ? 0 : read_cached(c, texts->job->diag);
		if (err == -ENOENT) {
			err = 0;
			++*missing;
			if (path_depth(c->text) > *deepest)
				*deepest = path_depth(c->text);
		}
	}
	return err;
}

static int make_commands(struct texts *texts)
{
	size_t missing, deepest;
	int err = read_all_cached(texts, &missing, &deepest);

	if (err || !missing)
		return err;
	progress_step(texts->job->progress, "ask kbuild about %zu unit%s", missing,
		      missing == 1 ? "" : "s");
	err = kernel_lock(texts->job, texts->kernel);
	if (err)
		return err;
	/* another run may have been faster */
	err = read_all_cached(texts, &missing, &deepest);
	for (size_t depth = 0; depth <= deepest && missing && !err; depth++)
		err = make_commands_at(texts, depth);
	kernel_unlock(texts->kernel);
	return err;
}

static int parse_command(const struct job *job, const struct kernel *kernel,
			 const struct candidate *c, const char *root, struct command *command)
{
	struct diag_place place = { .file = c->entry->source };
	struct command_paths paths = {
		kernel->source, root, c->text, c->output, c->depfile,
	};
	int err = command_parse(c->command, &paths, command);

	if (!err && command->n != 1)
		err = -EINVAL;
	err = err ?: add_author_folder(job, command);
	for (size_t i = 0; i < ARRAY_SIZE(text_flags) && !err; i++)
		err = command_add_word(command, 0, text_flags[i]);
	if (err == -ENOMEM)
		return diag_oom(job->diag);
	return err ? diag_error(job->diag, "KS327", &place, "%.200s…", c->command) : 0;
}

/* What to do with the sum of a text. Takes @sum. */
typedef int (*sum_fn)(const struct texts *texts, struct candidate *c, char *sum);

static int keep_sum(const struct texts *texts, struct candidate *c, char *sum)
{
	char *entry = format("%c%s\n%s", SUM_MARK, sum, c->command), *folder = strdup(c->cached);
	int err = entry && folder ? 0 : -ENOMEM;

	c->sum = sum;
	if (!err) {
		*strrchr(folder, '/') = '\0';
		err = make_dirs(folder);
	}
	err = err ?: write_file_atomic(c->cached, entry, strlen(entry), 0644);
	if (err)
		diag_errno(texts->job->diag, -err, c->cached, "write");
	free(folder);
	free(entry);
	return err;
}

static int take_if_different(const struct texts *texts, struct candidate *c, char *sum)
{
	int err = strcmp(sum, c->sum) ? take(texts, c, c->entry->object) : 0;

	free(sum);
	return err;
}

/*
 * -P leaves up to eight line feeds in place of lines that were left out (gcc/c-family/c-ppoutput.c:
 * maybe_print_line()): a new comment or macro would still make a difference.
 */
static int drop_what_makes_no_code(const struct candidate *c)
{
	const char *path = c->output;
	char *data = NULL, *to, *line, *end;
	FILE *out = NULL;
	size_t size;
	int err = read_file(path, &data, &size);

	for (line = to = data; !err && *line; line = end) {
		end = line + strcspn(line, "\n");
		end += *end == '\n';
		if (line[strspn(line, " \t")] == '\n')
			continue;
		memmove(to, line, end - line);
		to += end - line;
	}
	if (!err) {
		*to = '\0';
		if (!unit_is_assembly(c->entry->source))
			err = text_drop_unused(data);
		to = data + strlen(data);
	}
	if (!err && !(out = fopen(path, "we")))
		err = -errno;
	if (!err && fwrite(data, 1, to - data, out) != (size_t)(to - data))
		err = -EIO;
	if (out && fclose(out) && !err)
		err = -errno;
	free(data);
	return err;
}

static int use_text(const struct texts *texts, struct candidate *c, sum_fn use)
{
	char *sum = NULL;
	int err = drop_what_makes_no_code(c);

	err = err ? diag_errno(texts->job->diag, -err, c->output, "write")
		  : run_sha256(texts->job, c->output, &sum);
	unlink(c->output);
	unlink(c->depfile);
	return err ?: use(texts, c, sum);
}

static int preprocess_batch(const struct texts *texts, struct candidate *const *c, size_t n,
			    const char *root, sum_fn use)
{
	struct process processes[BATCH] = { 0 };
	struct command commands[BATCH] = { 0 };
	const struct job *job = texts->job;
	int err = 0;

	for (size_t i = 0; i < n && !err; i++)
		err = parse_command(job, texts->kernel, c[i], root, &commands[i]);
	if (!err && root == texts->trees->numbered)
		err = open_command_folders(texts->trees, job->diag, commands, n);
	for (size_t i = 0; i < n && !err; i++) {
		processes[i].argv = commands[i].steps[0].list;
		processes[i].cwd = texts->kernel->build;
	}
	if (!err && (err = process_run_all(processes, n, job->options.jobs, NULL, NULL))) {
		for (size_t i = 0; i < n; i++)
			if (processes[i].status)
				report_compiler(job, texts->trees, c[i]->entry->source,
						&processes[i]);
		if (!diag_errors(job->diag))
			diag_errno(job->diag, -err, texts->kernel->cc, "run");
	}
	for (size_t i = 0; i < n && !err; i++)
		err = use_text(texts, c[i], use);
	for (size_t i = 0; i < n; i++) {
		process_end(&processes[i]);
		command_free(&commands[i]);
	}
	return err;
}

enum which_texts { WITHOUT_SUM, ALL_TEXTS };

/* Preprocess them in the tree at @root. */
static int preprocess(struct texts *texts, enum which_texts which, const char *root, sum_fn use)
{
	struct candidate *batch[BATCH];
	size_t n = 0;
	int err = 0;

	for (size_t i = 0; i < texts->n && !err; i++) {
		if (!texts->candidates[i].taken &&
		    (which == ALL_TEXTS || !texts->candidates[i].sum))
			batch[n++] = &texts->candidates[i];
		if (n < BATCH && i + 1 < texts->n)
			continue;
		if (!n)
			continue;
		progress_detail(texts->job->progress, "%zu of %zu", i + 1, texts->n);
		err = preprocess_batch(texts, batch, n, root, use);
		n = 0;
	}
	return err;
}

static int preprocess_both(struct texts *texts)
{
	int err;

	progress_step(texts->job->progress, "preprocess %zu unit%s", texts->n,
		      texts->n == 1 ? "" : "s");
	err = preprocess(texts, WITHOUT_SUM, texts->kernel->source, keep_sum);
	return err ?: preprocess(texts, ALL_TEXTS, texts->trees->numbered, take_if_different);
}

int map_different(struct build *build, struct candidate *candidates, size_t n)
{
	struct texts texts = { .job = &build->job,
			       .kernel = &build->kernel,
			       .oot = &build->oot,
			       .trees = &build->trees,
			       .reached = &build->reached,
			       .candidates = candidates,
			       .n = n };
	int err = make_commands(&texts);

	err = err ?: n ? preprocess_both(&texts) : 0;
	return err ?: diag_has_error(build->diag, "KS337") ? -EINVAL : 0;
}
