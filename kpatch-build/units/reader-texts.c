// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Finds out whether the diffs change what a reader compiles. kbuild makes the
 * vDSO and the boot code only together with vmlinux, so there are no recorded
 * commands. The prepared tree has one for a C file, that of asm-offsets.c. The
 * words of it that determine which text is read are kept, and the reader's own
 * flags (readers.c) are added.
 *
 * First the preprocessed texts are compared. For those that differ in what they
 * use (used-text.h), C code is compiled, and the code is compared: a new member
 * at the end of an enum is no reason to refuse.
 *
 * Output goes to a pipe, together with errors: a reader's file that this
 * configuration leaves out may not compile, and is then compared as far as the
 * compiler understood it.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch-build/build.h"
#include "kpatch-build/compile/command.h"
#include "lib/files.h"
#include "lib/process.h"
#include "lib/strvec.h"
#include "kpatch-build/units/readers.h"
#include "kpatch-build/run.h"
#include "kpatch-build/source/shadow.h"
#include "lib/text.h"
#include "kpatch-build/units/used-text.h"
#include "kpatch-build/compile/kbuild.h"
#include "kpatch-build/index/make-index.h"
#include "kpatch-build/progress.h"
#include "kpatch-build/units/reader-texts.h"

/* Included files that are made together with vmlinux, or after it: no diff of ours changes them. */
static const struct {
	const char *path, *text, *why;
} later[] = {
	{ "voffset.h", "#define VO__text 0\n#define VO__end 0\n#define VO___bss_start 0\n",
	  "addresses in vmlinux, for ../voffset.h" },
	{ "here/voffset.h", "", "the same, as header.S names it" },
	{ "here/zoffset.h", "", "addresses in the boot code" },
	{ "here/pasyms.h", "", "addresses in the real mode code" },
	{ "here/cpustr.h", "", "names of CPU features" },
	{ "here/inat-tables.c", "", "instructions, made of a text file" },
	{ "here/generated/compile.h", "", "who built the kernel" },
	{ "here/generated/utsversion.h", "#define UTS_VERSION \"\"\n", "when" },
};

/* How the words of the recorded command that are kept begin. */
static const char *const kept[] = {
	"-nostdinc",
	"-I",
	"-include",
	"-D",
	"-U",
	"-std=",
	"-fshort-wchar",
	"-fno-strict-aliasing",
	"-fmacro-prefix-map=",
	"-fdebug-prefix-map=",
};
static const char *const with_argument[] = { "-I", "-include", "-o" };

enum stage { TEXT, CODE };

static const char *const *stage_flags(const struct reader *reader, enum stage stage)
{
	static const char *const text[] = { "-w", "-E", "-P", NULL };
	static const char *const code[] = { "-w", "-O2", "-S", NULL };
	static const char *const offsets[] = { "-w", "-O2", "-S", NULL };

	return reader->kind == READER_OFFSETS ? offsets : stage == TEXT ? text : code;
}

static bool is_code(const struct reader_file *file)
{
	return !fnmatch("*.c", file->source, 0);
}

static bool begins_with_any(const char *word, const char *const *begins, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_starts(word, begins[i]))
			return true;
	return false;
}

static bool takes_argument(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(with_argument); i++)
		if (!strcmp(word, with_argument[i]))
			return true;
	return false;
}

/*
 * Add the words of @recorded (a command's first step) that are needed to compile the reader's file.
 */
static void add_recorded_words(struct strvec *argv, const struct strvec *recorded,
			       enum reader_kind kind)
{
	strvec_add(argv, recorded->list[0]);
	for (const char **word = recorded->list + 1; kind != READER_PROGRAM && *word; word++) {
		bool more = takes_argument(*word) && word[1];

		if (strcmp(*word, "-o") && begins_with_any(*word, kept, ARRAY_SIZE(kept))) {
			strvec_add(argv, *word);
			if (more)
				strvec_add(argv, word[1]);
		}
		word += more;
	}
}

static void add_reader_flags(struct strvec *argv, const char *flags, const char *root)
{
	char *copy = strdup(flags), *rest = copy, *flag, *whole;

	argv->failed |= !copy;
	while (copy && (flag = strsep(&rest, " "))) {
		if (!*flag)
			continue;
		whole = text_replace(flag, "@", root);
		strvec_take(argv, whole);
	}
	free(copy);
}

/* With the paths of the tree at @root. */
static int make_command(const struct job *job, const struct kernel *kernel, const char *recorded,
			const struct reader_file *file, const char *root, enum stage stage,
			struct strvec *argv)
{
	const struct reader *reader = file->reader;
	struct diag_place place = { .file = file->source };
	char *target = format("arch/%s/kernel/asm-offsets.s", kernel_arch(kernel->vmlinux));
	char *depfile = path_join(job->work, "reader.d", NULL);
	struct command_paths paths = { kernel->source, root, target, "-", depfile };
	struct command command = { 0 };
	int err = target && depfile ? command_parse(recorded, &paths, &command) : -ENOMEM;

	if (!err) {
		add_recorded_words(argv, &command.steps[0], reader->kind);
		add_reader_flags(argv, reader->flags ?: "", root);
		strvec_addf(argv, "-I%s/readers/here", job->work);
		if (!is_code(file))
			strvec_add(argv, "-D__ASSEMBLY__");
		for (const char *const *flag = stage_flags(reader, stage); *flag; flag++)
			strvec_add(argv, *flag);
		strvec_add(argv, "-o");
		strvec_add(argv, "-");
		strvec_addf(argv, "%s/%s", root, file->source);
	} else if (err == -EINVAL) {
		diag_error(job->diag, "KS327", &place, "%.200s…", recorded);
	} else {
		diag_oom(job->diag);
	}
	command_free(&command);
	free(depfile);
	free(target);
	return err ?: strvec_done(argv, job->diag);
}

static char *output_of(const struct job *job, const struct trees *trees, size_t i, const char *root)
{
	return format("%s/readers/%zu.%s", job->work, i, root == trees->numbered ? "new" : "old");
}

/*
 * Empty lines, the name of the source file, and for offsets all lines but those that become the
 * header.
 */
static bool makes_no_difference(const struct reader_file *file, const char *line)
{
	if (file->reader->kind == READER_OFFSETS)
		return !strstr(line, "\"->");
	line += strspn(line, " \t");
	return !*line || str_starts(line, ".file\t");
}

/* The output of the compiler, without lines that make no difference; caller frees. */
static int read_output(const struct reader_file *file, const char *path, const char *root,
		       enum stage stage, char **text, struct diag *diag)
{
	char *data = NULL, *plain = NULL, *to, *line, *rest;
	size_t size;
	int err = read_file(path, &data, &size);

	if (!err && !(plain = text_replace(data, root, "")))
		err = -ENOMEM;
	for (rest = to = plain; !err && (line = strsep(&rest, "\n"));) {
		size_t n = strlen(line);

		if (makes_no_difference(file, line))
			continue;
		if (to > plain)
			*to++ = '\n';
		memmove(to, line, n);
		to += n;
	}
	if (!err)
		*to = '\0';
	if (!err && stage == TEXT && is_code(file) && file->reader->kind != READER_OFFSETS)
		err = text_drop_unused(plain);
	free(data);
	if (err) {
		free(plain);
		return diag_errno(diag, -err, path, "read");
	}
	*text = plain;
	return 0;
}

/* One compiler run for each file and tree. */
struct comparison {
	const struct job *job;
	const struct kernel *kernel;
	const struct trees *trees;
	char *recorded; /* the command */
	const struct reader_file **files; /* those that still have to be compared */
	size_t n;
	bool *failed; /* whether the compiler failed for the original of the file */
};

static int run_in_tree(struct comparison *c, const char *root, enum stage stage, bool *failed)
{
	struct process *processes = calloc(c->n, sizeof(*processes));
	struct strvec *argv = calloc(c->n, sizeof(*argv));
	int err = processes && argv ? 0 : diag_oom(c->job->diag);

	for (size_t i = 0; i < c->n && !err; i++) {
		err = make_command(c->job, c->kernel, c->recorded, c->files[i], root, stage,
				   &argv[i]);
		processes[i].argv = argv[i].list;
		processes[i].cwd = c->kernel->build;
		processes[i].output = output_of(c->job, c->trees, i, root);
		if (!err && !processes[i].output)
			err = diag_oom(c->job->diag);
	}
	if (!err) {
		err = process_run_all(processes, c->n, c->job->options.jobs, NULL, NULL);
		err = err == -ECHILD ? 0 : err;
		if (err)
			diag_errno(c->job->diag, -err, c->kernel->cc, "run");
	}
	for (size_t i = 0; processes && argv && i < c->n; i++) {
		if (failed)
			failed[i] = processes[i].status;
		free((char *)processes[i].output);
		process_end(&processes[i]);
		strvec_free(&argv[i]);
	}
	free(argv);
	free(processes);
	return err;
}

/*
 * *@same: the outputs show no difference. If the compiler failed for the original, that isn't
 * known.
 */
static int compare_outputs(struct comparison *c, size_t i, enum stage stage, bool *same)
{
	char *old = output_of(c->job, c->trees, i, c->kernel->source),
	     *new = output_of(c->job, c->trees, i, c->trees->numbered);
	char *old_text = NULL, *new_text = NULL;
	int err = old && new ? 0 : diag_oom(c->job->diag);

	err = err
		      ?: read_output(c->files[i], old, c->kernel->source, stage, &old_text,
				     c->job->diag);
	err = err
		      ?: read_output(c->files[i], new, c->trees->numbered, stage, &new_text,
				     c->job->diag);
	if (!err)
		*same = !strcmp(old_text, new_text) &&
			!(c->failed[i] && (stage == CODE || strstr(old_text, "fatal error: ")));
	free(new_text);
	free(old_text);
	free(new);
	free(old);
	return err;
}

/* Keep only the files that differ. */
static int sieve_files(struct comparison *c, enum stage stage)
{
	size_t n = 0;
	int err = run_in_tree(c, c->kernel->source, stage, c->failed);

	err = err ?: run_in_tree(c, c->trees->numbered, stage, NULL);
	for (size_t i = 0; i < c->n && !err; i++) {
		bool same = false;

		/* for text of assembly, and for numbers, there is no second stage */
		if (stage == TEXT ||
		    (is_code(c->files[i]) && c->files[i]->reader->kind == READER_CODE))
			err = compare_outputs(c, i, stage, &same);
		if (!same)
			c->files[n++] = c->files[i];
	}
	c->n = n;
	return err;
}

static void report_reader(struct diag *diag, const struct reader_file *file)
{
	struct diag_place place = { .file = file->change };

	if (!strcmp(file->source, file->change))
		diag_error(diag, "KS361", &place, "it is part of %s", file->reader->name);
	else
		diag_error(diag, "KS361", &place, "%s reads it, in %s", file->reader->name,
			   file->source);
	diag_detail(diag, "%s", file->reader->why);
}

/* Report each reader once. */
static int report_readers(const struct comparison *c)
{
	for (size_t i = 0; i < c->n; i++) {
		bool told = false;

		for (size_t j = 0; j < i && !told; j++)
			told = !strcmp(c->files[j]->reader->name, c->files[i]->reader->name);
		if (!told)
			report_reader(c->job->diag, c->files[i]);
	}
	return c->n ? -EINVAL : 0;
}

/* "folder/.." of a linked folder would lead to the original. */
static int open_folders(const struct kernel *kernel, const struct trees *trees,
			const struct readers *readers, struct diag *diag)
{
	int err = 0;

	for (size_t i = 0; i < readers->n && !err; i++) {
		const char *source = readers->files[i].source;
		char *folder = strndup(source, strrchr(source, '/') - source);

		err = folder ? shadow_open_folder(kernel->source, trees->numbered, folder)
			     : -ENOMEM;
		if (err)
			diag_errno(diag, -err, source, "make");
		free(folder);
	}
	return err;
}

static int write_later(const struct job *job)
{
	char *folder = path_join(job->work, "readers", "here", "generated", NULL);
	int err = folder ? make_dirs(folder) : -ENOMEM;

	for (size_t i = 0; i < ARRAY_SIZE(later) && !err; i++) {
		char *path = path_join(job->work, "readers", later[i].path, NULL);

		err = path ? write_file_atomic(path, later[i].text, strlen(later[i].text), 0644)
			   : -ENOMEM;
		free(path);
	}
	free(folder);
	return err ? diag_errno(job->diag, -err, job->work, "write") : 0;
}

static int read_recorded(const struct kernel *kernel, char **command, struct diag *diag)
{
	char *target = format("arch/%s/kernel/asm-offsets.s", kernel_arch(kernel->vmlinux));
	char *cmd = target ? recorded_command_path(kernel->build, target) : NULL;
	char *text = NULL;
	size_t size;
	int err = cmd ? read_file(cmd, &text, &size) : -ENOMEM;

	if (err)
		diag_errno(diag, -err, cmd ?: "asm-offsets.s", "read");
	else if (!(*command = command_recorded(text)))
		err = diag_error(diag, "KS327", NULL, "%s", cmd);
	free(text);
	free(cmd);
	free(target);
	return err;
}

int compare_readers(const struct job *job, const struct kernel *kernel, const struct trees *trees,
		    const struct readers *readers)
{
	struct comparison c = { .job = job, .kernel = kernel, .trees = trees, .n = readers->n };
	int err;

	if (!readers->n)
		return 0;
	progress_step(job->progress, "compare %zu file%s of other readers", readers->n,
		      readers->n == 1 ? "" : "s");
	c.files = calloc(readers->n, sizeof(*c.files));
	c.failed = calloc(readers->n, sizeof(*c.failed));
	err = c.files && c.failed ? 0 : diag_oom(job->diag);
	for (size_t i = 0; i < readers->n && !err; i++)
		c.files[i] = &readers->files[i];
	err = err ?: read_recorded(kernel, &c.recorded, job->diag);
	err = err ?: write_later(job);
	err = err ?: open_folders(kernel, trees, readers, job->diag);
	err = err ?: sieve_files(&c, TEXT);
	err = err || !c.n ? err : sieve_files(&c, CODE);
	err = err ?: report_readers(&c);
	free(c.recorded);
	free(c.failed);
	free(c.files);
	return err;
}
