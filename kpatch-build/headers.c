// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A changed header can change any unit that reads it, and the diff names none
 * of them. Compiling all of them, twice, would take minutes for a header that
 * two of them really use.
 *
 * So three sieves, each finer and dearer than the one before: the units that
 * can read the header, by the text of the tree (header-graph.h); those of them
 * whose preprocessed text differs before and after the diffs; and, after they
 * are compiled like any other unit, those whose code differs.
 *
 * How a unit is preprocessed is kbuild's business: it makes X.i by the flags of
 * X.o and records the command, which is then run again for both trees. The sum
 * of the original's text and the command are kept in the cache
 * ("units/fs/proc/meminfo.i").
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "build.h"
#include "command.h"
#include "compile.h"
#include "files.h"
#include "header-graph.h"
#include "kbuild.h"
#include "kernel.h"
#include "process.h"
#include "run.h"
#include "unit-index.h"

/* Without line markers, and with one line number for all: neither is a difference. */
static const char *const text_flags[] = { "-P", "-D__LINE__=0", "-Wno-builtin-macro-redefined" };

/* Preprocessed texts are some megabytes each: not more than these at a time. */
#define BATCH 64

struct candidate {
	const struct unit_index_entry *entry;
	char *text;    /* "fs/proc/meminfo.i", in the build tree */
	char *cached;  /* its sum and command, in the cache */
	char *sum;     /* of the original */
	char *command;
	char *output;  /* where the command is to write, while it runs */
	char *depfile;
};

struct sieve {
	struct build *build;
	const struct unit_index *index;
	const struct header_graph *graph;
	struct candidate *candidates;
	size_t n;
	const char **headers; /* to be followed: those that changed, and those that include a .c file */
	size_t n_headers;
};

static bool is_header(const char *path)
{
	size_t n = strlen(path);

	return n > 2 && !strcmp(path + n - 2, ".h");
}

static int load_graph(struct build *build, struct header_graph *graph)
{
	struct kernel *kernel = &build->kernel;
	char *path = path_join(kernel->dir, "headers", NULL);
	int err;

	if (!path)
		return diag_oom(build->diag);
	err = header_graph_load(path, kernel->build_id, graph, build->diag);
	if (err == -ENOENT) {
		progress_step(build->progress, "index the kernel's headers");
		err = kernel_lock(build);
		if (!err) {
			err = header_graph_make(kernel->source, kernel->build,
						kernel_arch(kernel->vmlinux), path,
						kernel->build_id, build->diag);
			kernel_unlock(build);
		}
		err = err ?: header_graph_load(path, kernel->build_id, graph, build->diag);
	}
	free(path);
	return err;
}

static char *with_ending(const char *path, const char *ending)
{
	return format("%.*s%s", (int)(strlen(path) - strlen(".c")), path, ending);
}

static int add_candidate(const struct unit_index_entry *entry, void *arg)
{
	struct sieve *sieve = arg;
	struct build *build = sieve->build;
	struct candidate *candidates, *c;

	for (size_t i = 0; i < sieve->n; i++)
		if (sieve->candidates[i].entry == entry)
			return 0;
	if (build_has_unit(build, entry))
		return 0;
	candidates = realloc(sieve->candidates, (sieve->n + 1) * sizeof(*candidates));
	if (!candidates)
		return -ENOMEM;
	sieve->candidates = candidates;
	c = &candidates[sieve->n];
	memset(c, 0, sizeof(*c));
	c->entry = entry;
	c->text = with_ending(entry->goal, ".i");
	c->cached = with_ending(entry->source, ".i");
	if (c->cached) {
		char *name = c->cached;

		c->cached = path_join(build->kernel.dir, "units", name, NULL);
		free(name);
	}
	c->output = format("%s/text-%zu.i", build->work, sieve->n);
	c->depfile = format("%s/text-%zu.d", build->work, sieve->n);
	sieve->n++;
	return c->text && c->cached && c->output && c->depfile ? 0 : -ENOMEM;
}

static int add_header(struct sieve *sieve, const char *header)
{
	const char **headers;

	for (size_t i = 0; i < sieve->n_headers; i++)
		if (!strcmp(sieve->headers[i], header))
			return 0;
	headers = realloc(sieve->headers, (sieve->n_headers + 1) * sizeof(*headers));
	if (!headers)
		return -ENOMEM;
	headers[sieve->n_headers++] = header;
	sieve->headers = headers;
	return 0;
}

/*
 * A .c file that may read the header: a unit, or something that units include, or headers do.
 * -ELOOP: by name alone files seem to include one another; what there is has been found then.
 */
static int reach_source(const char *source, void *arg)
{
	struct sieve *sieve = arg;
	const char *header;
	int err = unit_index_reach(sieve->index, source, &header, add_candidate, sieve);

	if (err == -ELOOP)
		err = 0;
	return err ?: header ? add_header(sieve, header) : 0;
}

static int follow_change(struct sieve *sieve, struct change *change)
{
	struct build *build = sieve->build;
	struct diag_place place = { .file = change->path };
	bool everywhere = false, one;
	size_t first = sieve->n_headers, before = sieve->n;
	int err = add_header(sieve, change->path);

	for (size_t i = first; i < sieve->n_headers && !err; i++) {
		err = header_graph_reach(sieve->graph, sieve->headers[i], &one, reach_source, sieve);
		everywhere |= one;
	}
	if (err)
		return diag_oom(build->diag);
	/* a new header has no readers yet but the files that the diffs change */
	change->reached = sieve->n > before;
	if (everywhere)
		return diag_error(build->diag, "KS313", &place, "every unit reads it");
	if (sieve->n > build->options.max_units)
		return diag_error(build->diag, "KS313", &place,
				  "%zu units may read it, the limit is %u", sieve->n,
				  build->options.max_units);
	return 0;
}

static int find_candidates(struct sieve *sieve)
{
	struct build *build = sieve->build;
	int err = 0, one;

	for (size_t i = 0; i < build->n_changes && err != -ENOMEM; i++) {
		if (build->changes[i].ignored || !is_header(build->changes[i].path))
			continue;
		one = follow_change(sieve, &build->changes[i]);
		err = err ?: one;
	}
	return err;
}

/* The cache's entry: the sum, a newline, the command. */
static int read_cached(struct build *build, struct candidate *c)
{
	char *text = NULL, *newline;
	size_t size;
	int err = read_file(c->cached, &text, &size);

	if (err == -ENOENT)
		return err;
	if (err)
		return diag_errno(build->diag, -err, c->cached, "read");
	newline = strchr(text, '\n');
	if (!newline || newline - text != 64) {
		free(text); /* not ours: made again */
		return -ENOENT;
	}
	c->command = strdup(newline + 1);
	*newline = '\0';
	c->sum = text;
	return c->command ? 0 : diag_oom(build->diag);
}

/* kbuild's own text has line markers; only the command is of use. */
static int take_command(struct build *build, struct candidate *c)
{
	struct diag_place place = { .file = c->entry->source };
	char *path = path_join(build->kernel.build, c->text, NULL);
	char *cmd = recorded_command_path(build->kernel.build, c->text);
	char *text = NULL;
	size_t size;
	int err = path && cmd ? read_file(cmd, &text, &size) : -ENOMEM;

	if (err)
		diag_errno(build->diag, -err, cmd ?: c->text, "read");
	else if (!(c->command = command_recorded(text)))
		err = diag_error(build->diag, "KS327", &place, "%s", cmd);
	if (!err) {
		unlink(path);
		unlink(cmd);
	}
	free(path);
	free(cmd);
	free(text);
	return err;
}

static size_t depth_of(const char *path)
{
	size_t depth = 0;

	for (; *path; path++)
		depth += *path == '/';
	return depth;
}

/* Folders of one depth aren't inside one another, so that one parallel make can do them all. */
static int make_commands_at(struct sieve *sieve, size_t depth)
{
	struct build *build = sieve->build;
	struct words argv = { 0 };
	size_t n = 0;
	int err;

	kbuild_command(build, &argv);
	for (size_t i = 0; i < sieve->n; i++) {
		if (sieve->candidates[i].command || depth_of(sieve->candidates[i].text) != depth)
			continue;
		words_add(&argv, sieve->candidates[i].text);
		n++;
	}
	err = words_done(&argv, build->diag);
	if (!err && n) {
		err = run(build, "KS325", "preprocess", NULL, argv.list, NULL);
		err = err ?: config_is_unchanged(build);
		for (size_t i = 0; i < sieve->n && !err; i++)
			if (!sieve->candidates[i].command &&
			    depth_of(sieve->candidates[i].text) == depth)
				err = take_command(build, &sieve->candidates[i]);
	}
	words_free(&argv);
	return err;
}

static int read_all_cached(struct sieve *sieve, size_t *missing, size_t *deepest)
{
	int err = 0;

	*missing = *deepest = 0;
	for (size_t i = 0; i < sieve->n && !err; i++) {
		struct candidate *c = &sieve->candidates[i];

		err = c->command ? 0 : read_cached(sieve->build, c);
		if (err == -ENOENT) {
			err = 0;
			++*missing;
			if (depth_of(c->text) > *deepest)
				*deepest = depth_of(c->text);
		}
	}
	return err;
}

static int make_commands(struct sieve *sieve)
{
	struct build *build = sieve->build;
	size_t missing, deepest;
	int err = read_all_cached(sieve, &missing, &deepest);

	if (err || !missing)
		return err;
	progress_step(build->progress, "ask kbuild about %zu unit%s", missing,
		      missing == 1 ? "" : "s");
	err = kernel_lock(build);
	if (err)
		return err;
	/* another run may have been faster */
	err = read_all_cached(sieve, &missing, &deepest);
	for (size_t depth = 0; depth <= deepest && missing && !err; depth++)
		err = make_commands_at(sieve, depth);
	kernel_unlock(build);
	return err;
}

static int parse_command(struct build *build, const struct candidate *c, const char *root,
			 struct command *command)
{
	struct diag_place place = { .file = c->entry->source };
	struct command_paths paths = {
		build->kernel.source, root, c->text, c->output, c->depfile,
	};
	int err = command_parse(c->command, &paths, command);

	if (!err && command->n != 1)
		err = -EINVAL;
	err = err ?: add_author_folder(build, command);
	for (size_t i = 0; i < sizeof(text_flags) / sizeof(*text_flags) && !err; i++)
		err = command_add_word(command, 0, text_flags[i]);
	if (err == -ENOMEM)
		return diag_oom(build->diag);
	return err ? diag_error(build->diag, "KS327", &place, "%.200s…", c->command) : 0;
}

/* What is to be done with the sum of a text; takes over @sum. */
typedef int (*sum_fn)(struct build *build, struct candidate *c, char *sum);

static int keep_sum(struct build *build, struct candidate *c, char *sum)
{
	char *entry = format("%s\n%s", sum, c->command), *folder = strdup(c->cached);
	int err = entry && folder ? 0 : -ENOMEM;

	c->sum = sum;
	if (!err) {
		*strrchr(folder, '/') = '\0';
		err = make_dirs(folder);
	}
	err = err ?: write_file_atomic(c->cached, entry, strlen(entry), 0644);
	if (err)
		diag_errno(build->diag, -err, c->cached, "write");
	free(folder);
	free(entry);
	return err;
}

static int take_if_different(struct build *build, struct candidate *c, char *sum)
{
	int err = strcmp(sum, c->sum) ? map_unit(build, c->entry) : 0;

	free(sum);
	return err;
}

/*
 * -P leaves up to eight line feeds where lines were left out (gcc/c-family/c-ppoutput.c:
 * maybe_print_line()): a new comment or macro would still make a difference.
 */
static int drop_blank_lines(const char *path)
{
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
	if (!err && !(out = fopen(path, "we")))
		err = -errno;
	if (!err && fwrite(data, 1, to - data, out) != (size_t)(to - data))
		err = -EIO;
	if (out && fclose(out) && !err)
		err = -errno;
	free(data);
	return err;
}

static int use_text(struct build *build, struct candidate *c, sum_fn use)
{
	char *sum = NULL;
	int err = drop_blank_lines(c->output);

	err = err ? diag_errno(build->diag, -err, c->output, "write")
		  : run_sha256(build, c->output, &sum);
	unlink(c->output);
	unlink(c->depfile);
	return err ?: use(build, c, sum);
}

static int preprocess_batch(struct build *build, struct candidate *const *c, size_t n,
			    const char *root, sum_fn use)
{
	struct process processes[BATCH] = { 0 };
	struct command commands[BATCH] = { 0 };
	int err = 0;

	for (size_t i = 0; i < n && !err; i++)
		err = parse_command(build, c[i], root, &commands[i]);
	if (!err && root == build->shadow)
		err = open_command_folders(build, commands, n);
	for (size_t i = 0; i < n && !err; i++) {
		processes[i].argv = (const char *const *)commands[i].steps[0];
		processes[i].cwd = build->kernel.build;
	}
	if (!err && (err = process_run_all(processes, n, build->options.jobs, NULL, NULL))) {
		for (size_t i = 0; i < n; i++)
			if (processes[i].status)
				report_compiler(build, c[i]->entry->source, &processes[i]);
		if (!diag_errors(build->diag))
			diag_errno(build->diag, -err, build->kernel.cc, "run");
	}
	for (size_t i = 0; i < n && !err; i++)
		err = use_text(build, c[i], use);
	for (size_t i = 0; i < n; i++) {
		process_end(&processes[i]);
		command_free(&commands[i]);
	}
	return err;
}

/* Preprocess those without a sum, or all, in the tree at @root. */
static int preprocess(struct sieve *sieve, bool all, const char *root, sum_fn use)
{
	struct candidate *batch[BATCH];
	size_t n = 0;
	int err = 0;

	for (size_t i = 0; i < sieve->n && !err; i++) {
		if (all || !sieve->candidates[i].sum)
			batch[n++] = &sieve->candidates[i];
		if (n < BATCH && i + 1 < sieve->n)
			continue;
		progress_detail(sieve->build->progress, "%zu of %zu", i + 1, sieve->n);
		err = preprocess_batch(sieve->build, batch, n, root, use);
		n = 0;
	}
	return err;
}

static int preprocess_both(struct sieve *sieve)
{
	struct build *build = sieve->build;
	int err;

	progress_step(build->progress, "preprocess %zu unit%s", sieve->n, sieve->n == 1 ? "" : "s");
	err = preprocess(sieve, false, build->kernel.source, keep_sum);
	return err ?: preprocess(sieve, true, build->shadow, take_if_different);
}

static void sieve_free(struct sieve *sieve)
{
	for (size_t i = 0; i < sieve->n; i++) {
		struct candidate *c = &sieve->candidates[i];

		free(c->text);
		free(c->cached);
		free(c->sum);
		free(c->command);
		free(c->output);
		free(c->depfile);
	}
	free(sieve->candidates);
	free(sieve->headers);
}

static bool changes_headers(const struct build *build)
{
	for (size_t i = 0; i < build->n_changes; i++)
		if (!build->changes[i].ignored && is_header(build->changes[i].path))
			return true;
	return false;
}

int map_headers(struct build *build)
{
	struct sieve sieve = { .build = build };
	struct unit_index index = { 0 };
	struct header_graph graph = { 0 };
	int err;

	if (!changes_headers(build))
		return 0;
	err = unit_index_load(build->kernel.index, build->kernel.build_id, &index, build->diag);
	err = err ?: load_graph(build, &graph);
	sieve.index = &index;
	sieve.graph = &graph;
	err = err ?: find_candidates(&sieve);
	err = err ?: make_commands(&sieve);
	err = err ?: sieve.n ? preprocess_both(&sieve) : 0;
	sieve_free(&sieve);
	header_graph_free(&graph);
	unit_index_free(&index);
	return err;
}
