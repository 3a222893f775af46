// SPDX-License-Identifier: GPL-2.0-or-later
/* Reads, edits and writes the diff that is being adapted: see draft.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kpatch-build/suggest/draft.h"
#include "kpatch-build/source/diff.h"
#include "lib/files.h"
#include "lib/paths.h"
#include "lib/process.h"
#include "lib/text.h"

int draft_start(struct draft *draft, struct build *build)
{
	memset(draft, 0, sizeof(*draft));
	draft->build = build;
	for (size_t i = 0; i < build->n_changes; i++)
		if (!build->changes[i].ignored)
			strvec_add(&draft->files, build->changes[i].path);
	return strvec_done(&draft->files, build->diag);
}

void draft_free(struct draft *draft)
{
	cuts_free(&draft->cuts);
	strvec_free(&draft->edits);
	strvec_free(&draft->reasons);
	strvec_free(&draft->files);
}

static const char *original_tree(const struct draft *draft)
{
	return draft->build->original;
}

static int read_from(struct draft *draft, const char *tree, const char *path, char **text)
{
	char *full = path_join(tree, path, NULL);
	size_t size;
	int err = full ? read_file(full, text, &size) : -ENOMEM;

	free(full);
	return err ? diag_errno(draft->build->diag, -err, path, "read") : 0;
}

int draft_read(struct draft *draft, const char *path, char **text)
{
	return read_from(draft, draft->build->shadow, path, text);
}

int draft_read_original(struct draft *draft, const char *path, char **text)
{
	return read_from(draft, original_tree(draft), path, text);
}

/*
 * The patched tree consists of links into the kernel's source, but for what the diffs change. Make
 * sure that @full is none, and in no folder that is one.
 */
static int own_file(const struct draft *draft, const char *full)
{
	char *tree = realpath(draft->build->shadow, NULL);
	char *folder = strndup(full, base_name(full) - full);
	char *real = folder ? realpath(folder, NULL) : NULL;
	int err = tree && real ? 0 : -ENOMEM;

	if (!err && (!str_starts(real, tree) || (real[strlen(tree)] && real[strlen(tree)] != '/')))
		err = -EXDEV;
	if (!err && unlink(full) && errno != ENOENT)
		err = -errno;
	free(real);
	free(folder);
	free(tree);
	return err;
}

int draft_write(struct draft *draft, const char *path, const char *text)
{
	char *full = path_join(draft->build->shadow, path, NULL);
	int err = full ? own_file(draft, full) : -ENOMEM;

	err = err ?: write_file_atomic(full, text, strlen(text), 0644);
	free(full);
	return err ? diag_errno(draft->build->diag, -err, path, "write") : 0;
}

bool draft_has(const struct draft *draft, const char *path)
{
	return path && strvec_has(&draft->files, path);
}

static int note(struct draft *draft, struct strvec *list, const struct problem *problem,
		const char *fmt, va_list args)
{
	char *text = NULL, *place, *all = NULL;

	if (vasprintf(&text, fmt, args) < 0)
		return diag_oom(draft->build->diag);
	place = problem->line ? format("%s:%u", problem->file ?: "", problem->line)
			      : strdup(problem->file ?: "");
	if (place)
		all = format("%s%s%s: %s", place, *place ? ": " : "", problem->code, text);
	free(place);
	free(text);
	if (!all || (!strvec_has(list, all) && strvec_add(list, all))) {
		free(all);
		return diag_oom(draft->build->diag);
	}
	free(all);
	return 0;
}

int draft_note(struct draft *draft, const struct problem *problem, const char *fmt, ...)
{
	va_list args;
	int err;

	va_start(args, fmt);
	err = note(draft, &draft->edits, problem, fmt, args);
	va_end(args);
	return err;
}

int draft_no(struct draft *draft, const struct problem *problem, const char *fmt, ...)
{
	va_list args;
	int err;

	va_start(args, fmt);
	err = note(draft, &draft->reasons, problem, fmt, args);
	va_end(args);
	return err;
}

/* The mail's text, up to what begins the diff. */
static int write_message(const struct draft *draft, FILE *out)
{
	const struct diff *diff = &draft->build->diffs[0];
	struct diff_list list = { 0 };
	char *text = NULL;
	size_t size;
	unsigned int line = 1;
	int err = read_file(diff->text, &text, &size);

	err = err ?: diff_parse(text, &list);
	for (const char *at = text; !err && list.n && *at && line < list.entries[0].line; line++) {
		size_t n = strcspn(at, "\n");

		if (!strncmp(at, "---", 3) || str_starts(at, "diff "))
			break;
		fprintf(out, "%.*s\n", (int)n, at);
		at += n + (at[n] == '\n');
	}
	diff_list_free(&list);
	free(text);
	return err;
}

static void write_notes(const struct draft *draft, FILE *out)
{
	fprintf(out, "[ Adapted by kpatch-build --suggest for the livepatch of %s. To review:\n",
		draft->build->kernel.release);
	for (size_t i = 0; i < draft->edits.n; i++)
		fprintf(out, "  %zu. %s\n", i + 1, draft->edits.list[i]);
	fprintf(out, "]\n---\n");
}

static int write_file_diff(struct draft *draft, const char *path, FILE *out)
{
	char *old = path_join(original_tree(draft), path, NULL);
	char *new = path_join(draft->build->shadow, path, NULL);
	bool added = old && !path_exists(old);
	char *old_label = added ? strdup("/dev/null") : format("a/%s", path);
	char *new_label = format("b/%s", path);
	const char *argv[] = { "diff",	  "--text",  "-u",	"-p", "--label",
			       old_label, "--label", new_label, "--", added ? "/dev/null" : old,
			       new,	  NULL };
	struct process process = { .argv = argv };
	int err = old && new &&old_label &&new_label ? process_run(&process) : -ENOMEM;

	if (err == -ECHILD && WIFEXITED(process.status) && WEXITSTATUS(process.status) == 1)
		err = 0; /* they differ */
	if (!err && process.log)
		fwrite(process.log, 1, process.log_size, out);
	process_end(&process);
	free(new_label);
	free(old_label);
	free(new);
	free(old);
	return err;
}

int draft_save(struct draft *draft, const char *path)
{
	size_t size = 0;
	char *text = NULL;
	FILE *out = open_memstream(&text, &size);
	int err = out ? write_message(draft, out) : -ENOMEM;

	if (!err && draft->edits.n)
		write_notes(draft, out);
	for (size_t i = 0; i < draft->files.n && !err; i++)
		err = write_file_diff(draft, draft->files.list[i], out);
	if (out && fclose(out) && !err)
		err = -ENOMEM;
	err = err ?: write_file_atomic(path, text, size, 0644);
	free(text);
	return err ? diag_errno(draft->build->diag, -err, path, "write") : 0;
}
