// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Original and patched unit must differ by the diff alone. The original is made
 * by kbuild itself, once per kernel, and kept with the command that kbuild
 * recorded; the patched one is that very command with another root of the
 * source. The roots are left out of all strings (-fmacro-prefix-map is kbuild's
 * own, -fdebug-prefix-map is ours), so that both are compiled "in" the same tree.
 *
 * kbuild writes into the build tree, which all runs share: that part is done
 * under the lock, and what it made is moved out at once. The commands write
 * into the run's own folder only.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "build.h"
#include "command.h"
#include "compile.h"
#include "files.h"
#include "kbuild.h"
#include "kernel.h"
#include "oot.h"
#include "paths.h"
#include "shadow.h"
#include "unit-cache.h"

/* kbuild maps only its own root; a module's __FILE__ is the path where it was built. */
static char *module_map(const struct build *build)
{
	const char *built = build->oot_built ?: "";

	if (!build->oot_tree)
		return NULL;
	return format(" -fdebug-prefix-map=%s/= -fmacro-prefix-map=%s/=%s", build->oot_tree,
		      build->oot_tree, path_is_plain(built) ? built : "");
}

void kbuild_command(struct build *build, struct words *argv)
{
	const struct kernel *kernel = &build->kernel;
	char *map = module_map(build);

	words_add(argv, "make");
	words_addf(argv, "-j%u", build->options.jobs);
	words_add(argv, "-C");
	words_add(argv, kernel->source);
	words_addf(argv, "O=%s", kernel->build);
	words_addf(argv, "CC=%s", kernel->cc);
	words_addf(argv, "KERNELRELEASE=%s", kernel->release);
	/* since 6.12 Kconfig writes down which Rust compiler it finds, used or not */
	if (!kernel->has_rust) {
		words_add(argv, "RUSTC=false");
		words_add(argv, "BINDGEN=false");
	}
	/*
	 * Debian's own: its version is in what dump_stack() and the hung task detector print
	 * (Makefile: filechk_package.h). Who builds a kernel for himself gives none.
	 */
	if (kernel->version && strcmp(kernel->version, kernel->release)) {
		words_add(argv, "DISTRIBUTION_OFFICIAL_BUILD=1");
		words_add(argv, "DISTRIBUTOR=Debian");
		words_addf(argv, "DISTRIBUTION_VERSION=%s", kernel->version);
	}
	/* layouts of types and numbers of lines come from debug information; it changes no code */
	words_addf(argv, "KCFLAGS=" SECTION_FLAGS " -fdebug-prefix-map=%s/= "
		   "-fdebug-prefix-map=%s=.%s%s", kernel->source, kernel->build,
		   kernel->has_debug_info ? "" : " -g", map ?: "");
	free(map);
}

/* build/fs/proc/meminfo.o → build/fs/proc/.meminfo.o.cmd; caller frees */
char *recorded_command_path(const char *folder, const char *target)
{
	const char *base = strrchr(target, '/');

	base = base ? base + 1 : target;
	return format("%s/%.*s.%s.cmd", folder, (int)(base - target), target, base);
}

/* What is kept of a unit doesn't know who started its compiler. */
static const char *without_launcher(const struct build *build, const char *recorded)
{
	const char *launcher = build->options.launcher;
	size_t n = launcher ? strlen(launcher) : 0;

	return n && !strncmp(recorded, launcher, n) ? recorded + n + strspn(recorded + n, " ")
						     : recorded;
}

/* Move what kbuild made of @unit out of the build tree; the entry appears whole. */
static int keep_original(struct build *build, const struct unit *unit)
{
	struct kernel *kernel = &build->kernel;
	char *object = path_join(kernel->build, unit->target, NULL);
	char *cmd = recorded_command_path(kernel->build, unit->target), *text = NULL, *recorded = NULL;
	char *temp = NULL, *to = NULL, *command = NULL, *sources = NULL, *parent = strdup(unit->cached);
	struct diag_place place = { .file = unit->source };
	const char *kept;
	size_t size;
	int err;

	err = object && cmd && parent ? read_file(cmd, &text, &size) : -ENOMEM;
	if (!err && !(recorded = command_recorded(text))) {
		err = diag_error(build->diag, "KS327", &place, "%s", cmd);
		goto out;
	}
	if (!err) {
		*strrchr(parent, '/') = '\0';
		err = make_dirs(parent);
	}
	err = err ?: make_temp_dir(kernel->dir, ".unit-", &temp);
	if (!err && (!(to = path_join(temp, "original.o", NULL)) ||
		     !(command = path_join(temp, "command", NULL)) ||
		     !(sources = path_join(temp, "sources", NULL))))
		err = -ENOMEM;
	err = err ?: unit_cache_write_sources(build, text, sources);
	err = err ?: rename(object, to) ? -errno : 0;
	kept = without_launcher(build, recorded ?: "");
	err = err ?: write_file_atomic(command, kept, strlen(kept), 0644);
	err = err ?: unlink(cmd) ? -errno : 0;
	err = err ?: remove_tree(unit->cached);
	err = err ?: rename(temp, unit->cached) ? -errno : 0;
	if (err)
		diag_errno(build->diag, -err, unit->cached, "write");
	else
		files_keep(temp);
	if (err && temp)
		remove_tree(temp);
out:
	free(object);
	free(cmd);
	free(text);
	free(recorded);
	free(temp);
	free(to);
	free(command);
	free(sources);
	free(parent);
	return err;
}

/* Each unit that make did not get made; all of them, if it says nothing of any. */
static int report_kbuild(struct build *build, size_t depth, const bool *done,
			 const struct process *process)
{
	size_t named = 0;

	for (size_t i = 0; i < build->n_units; i++) {
		struct unit *unit = &build->units[i];
		struct diag_place place = { .file = unit->source };
		char *object = path_join(build->kernel.build, unit->target, NULL);
		bool missing = !object || !path_exists(object);

		free(object);
		if (done[i] || !missing || path_depth(unit->goal) != depth)
			continue;
		diag_error(build->diag, "KS325", &place, "kbuild failed");
		if (!named++) /* the log is of all of them */
			run_report_log(build->diag, process->log);
	}
	if (!named) {
		diag_error(build->diag, "KS325", NULL, "kbuild failed");
		run_report_log(build->diag, process->log);
	}
	return -EINVAL;
}

/*
 * All units of one depth that the cache lacks: their folders aren't inside one another, so that one
 * make can do them all, in parallel; with others it may enter a folder twice at a time.
 */
static int make_units_at(struct build *build, size_t depth, bool *done)
{
	struct unit *units = build->units;
	struct process process = { 0 };
	struct words argv = { 0 };
	size_t n = 0;
	int err;

	kbuild_command(build, &argv);
	words_add(&argv, "--keep-going");
	if (build->options.launcher) {
		words_addf(&argv, "CC=%s %s", build->options.launcher, build->kernel.cc);
		/* distcc's compiler calls itself by another name; check_compiler() has asked ours */
		words_addf(&argv, "CC_VERSION_TEXT=%s", build->kernel.cc_version);
	}
	for (size_t i = 0; i < build->n_units; i++) {
		if (done[i] || path_depth(units[i].goal) != depth)
			continue;
		words_add(&argv, units[i].goal);
		n++;
	}
	err = words_done(&argv, build->diag);
	if (!err && n) {
		process.argv = argv.list;
		if (process_run(&process))
			err = report_kbuild(build, depth, done, &process);
		process_end(&process);
		err = err ?: config_is_unchanged(build);
	}
	for (size_t i = 0; i < build->n_units; i++) {
		if (done[i] || path_depth(units[i].goal) != depth)
			continue;
		done[i] = true;
		err = err ?: keep_original(build, &units[i]);
	}
	words_free(&argv);
	return err;
}

static int read_command(struct build *build, struct unit *unit)
{
	char *path = path_join(unit->cached, "command", NULL);
	size_t size;
	int err;

	err = path ? read_file(path, &unit->command, &size) : -ENOMEM;
	if (err)
		diag_errno(build->diag, -err, path ?: unit->cached, "read");
	free(path);
	unit->original = path_join(unit->cached, "original.o", NULL);
	return err ?: unit->original ? 0 : diag_oom(build->diag);
}

int compile_originals(struct build *build)
{
	bool *done = calloc(build->n_units + 1, sizeof(*done));
	size_t missing = 0;
	int err = 0, one;

	if (!done)
		return diag_oom(build->diag);
	for (size_t i = 0; i < build->n_units; i++)
		missing += !(done[i] = unit_is_cached(build, &build->units[i]));
	if (missing && !(err = kernel_lock(build))) {
		progress_step(build->progress, "compile %zu original unit%s", missing,
			      missing == 1 ? "" : "s");
		for (size_t i = 0; i < build->n_units; i++) /* another run may have been faster */
			done[i] = unit_is_cached(build, &build->units[i]);
		for (size_t i = 0; i < build->n_units; i++) {
			if (done[i])
				continue;
			progress_detail(build->progress, "%s", build->units[i].source);
			one = make_units_at(build, path_depth(build->units[i].goal), done);
			err = err ?: one;
		}
		kernel_unlock(build);
	}
	for (size_t i = 0; i < build->n_units && !err; i++)
		err = read_command(build, &build->units[i]);
	free(done);
	return err;
}

int add_author_folder(const struct build *build, struct command *command)
{
	char *folder = path_join(build->data, "templates", NULL);
	int err = folder ? command_add_word(command, 0, "-idirafter") : -ENOMEM;

	err = err ?: command_add_word(command, 0, folder);
	free(folder);
	return err;
}

/* Behind the compiler stands objtool, which is nothing for a launcher. */
static int add_launcher(const struct build *build, struct command *command)
{
	char *copy = strdup(build->options.launcher ?: ""), *rest = copy, *word;
	size_t at = 0;
	int err = copy ? 0 : -ENOMEM;

	while (!err && (word = strsep(&rest, " ")))
		if (*word)
			err = command_insert_word(command, 0, at++, word);
	free(copy);
	return err;
}

static int parse_commands(struct build *build, struct command *commands)
{
	int err = 0;

	for (size_t i = 0; i < build->n_units && !err; i++) {
		struct unit *unit = &build->units[i];
		struct diag_place place = { .file = unit->source };
		char *depfile = path_join(unit->dir, "patched.d", NULL);
		struct command_paths paths = {
			patched_tree(build), build->shadow, unit->goal, unit->patched, depfile,
		};

		err = depfile ? command_parse(unit->command, &paths, &commands[i]) : -ENOMEM;
		err = err ?: add_launcher(build, &commands[i]);
		err = err ?: add_author_folder(build, &commands[i]);
		if (err == -ENOMEM)
			diag_oom(build->diag);
		else if (err)
			diag_error(build->diag, "KS327", &place, "%.200s…", unit->command);
		free(depfile);
	}
	return err;
}

/* What @word names in the shadow behind a "..": see shadow_open_folder(). */
static int open_folders_of(struct build *build, const char *word)
{
	const char *root = strstr(word, build->shadow), *dots = root;
	int err = 0;

	while (dots && !err && (dots = strstr(dots, "/.."))) {
		const char *begin = root + strlen(build->shadow) + 1;
		char *named = dots > begin ? strndup(begin, dots - begin) : strdup("");
		char *folder = named ? path_without_dots(named) : NULL;

		err = folder ? shadow_open_folder(patched_tree(build), build->shadow, folder)
			     : -ENOMEM;
		if (err)
			diag_errno(build->diag, -err, folder ?: build->shadow, "make");
		free(named);
		free(folder);
		dots += strlen("/..");
	}
	return err;
}

int open_command_folders(struct build *build, const struct command *commands, size_t n)
{
	int err = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t step = 0; step < commands[i].n; step++)
			for (char **word = commands[i].steps[step]; *word && !err; word++)
				err = open_folders_of(build, *word);
	return err;
}

/* What compiler and assembler say when it isn't the source that is at fault. */
static const char *const machine_faults[] = {
	"No space left on device", "File too large", "Disk quota exceeded",
	"Cannot allocate memory", "out of memory", "signal terminated program",
};

static bool is_machine_fault(const struct process *process)
{
	bool is = WIFSIGNALED(process->status);

	for (size_t i = 0; i < sizeof(machine_faults) / sizeof(*machine_faults) && !is; i++)
		is = process->log && strstr(process->log, machine_faults[i]);
	return is;
}

/* The compiler names our tree of links; its user knows only the kernel's tree. */
void report_compiler(struct build *build, const char *source, struct process *process)
{
	struct diag_place place = { .file = source };

	if (WIFSIGNALED(process->status))
		diag_error(build->diag, "KS934", &place, "%s died of signal %d", process->argv[0],
			   WTERMSIG(process->status));
	else
		diag_error(build->diag, is_machine_fault(process) ? "KS934" : "KS326", &place,
			   "%s ended with %d", process->argv[0], WEXITSTATUS(process->status));
	run_forget_folder(process->log, build->shadow);
	run_report_log(build->diag, process->log);
}

/* The stock kernel's units hardly have any: one is about what the diff does. */
static void pass_warnings_on(struct build *build, const char *source, struct process *process)
{
	struct diag_place place = { .file = source };

	if (!process->log || !strstr(process->log, "warning: "))
		return;
	diag_warning(build->diag, "KS371", &place, "%s", process->argv[0]);
	run_forget_folder(process->log, build->shadow);
	run_report_log(build->diag, process->log);
}

/* Step number @step of every unit's command (GCC, then objtool), in parallel. */
static int run_step(struct build *build, const struct command *commands, size_t step, size_t *n)
{
	struct process *processes = calloc(build->n_units, sizeof(*processes));
	const struct unit **units = calloc(build->n_units, sizeof(*units));
	int err = 0;

	*n = 0;
	if (!processes || !units) {
		free(processes);
		free(units);
		return diag_oom(build->diag);
	}
	for (size_t i = 0; i < build->n_units; i++) {
		if (step >= commands[i].n)
			continue;
		processes[*n].argv = (const char *const *)commands[i].steps[step];
		processes[*n].cwd = build->kernel.build;
		units[(*n)++] = &build->units[i];
	}
	if (*n)
		err = process_run_all(processes, *n, build->options.jobs, NULL, NULL);
	for (size_t i = 0; i < *n; i++) {
		if (err && processes[i].status)
			report_compiler(build, units[i]->source, &processes[i]);
		else if (!err)
			pass_warnings_on(build, units[i]->source, &processes[i]);
		process_end(&processes[i]);
	}
	if (err && !diag_errors(build->diag))
		diag_errno(build->diag, -err, build->options.launcher ?: build->kernel.cc, "run");
	free(processes);
	free(units);
	return err;
}

/* One file of a list that the compiler wrote: does a diff change it? */
static int mark_change(struct build *build, const char *file, bool *read)
{
	char *path = path_without_dots(file);
	size_t n = strlen(build->shadow);

	if (!path)
		return diag_oom(build->diag);
	for (size_t i = 0; i < build->n_changes; i++) {
		struct change *change = &build->changes[i];

		if (!strncmp(path, build->shadow, n) && path[n] == '/' &&
		    !strcmp(path + n + 1, change->path)) {
			change->reached = true;
			*read = true;
		}
	}
	free(path);
	return 0;
}

/* Whether the compiler has read any changed file for @unit, by the list that it wrote. */
static int unit_reads_changes(struct build *build, struct unit *unit, bool *read)
{
	char *path = path_join(unit->dir, "patched.d", NULL), *text = NULL, *rest, *file;
	size_t size;
	int err;

	err = path ? read_file(path, &text, &size) : -ENOMEM;
	if (err)
		diag_errno(build->diag, -err, path ?: unit->dir, "read");
	for (rest = text; !err && (file = strsep(&rest, " \\\n"));)
		err = *file ? mark_change(build, file, read) : 0;
	free(text);
	free(path);
	return err;
}

/* The text scan finds units that include a file only under a condition that isn't met: drop those. */
static int keep_affected(struct build *build)
{
	size_t kept = 0;
	int err = 0;

	for (size_t i = 0; i < build->n_units && !err; i++) {
		bool read = false;

		err = unit_reads_changes(build, &build->units[i], &read);
		build->units[i].unaffected = !read;
		kept += read;
	}
	for (size_t i = 0; i < build->n_changes && !err; i++) {
		struct diag_place place = { .file = build->changes[i].path };

		if (build->changes[i].reached || build->changes[i].ignored)
			continue;
		if (build->changes[i].added && fnmatch("*.h", build->changes[i].path, 0))
			diag_error(build->diag, "KS317", &place, "%s", build->kernel.release);
		else
			diag_error(build->diag, "KS320", &place, "no unit of %s reads it",
				   build->kernel.release);
	}
	return err ?: diag_has(build->diag, "KS320") || diag_has(build->diag, "KS317") ? -EINVAL
									       : 0;
}

int compile_patched(struct build *build)
{
	struct command *commands = calloc(build->n_units + 1, sizeof(*commands));
	size_t n = 1;
	int err;

	if (!commands)
		return diag_oom(build->diag);
	if (build->n_units)
		progress_step(build->progress, "compile %zu patched unit%s", build->n_units,
			      build->n_units == 1 ? "" : "s");
	err = parse_commands(build, commands);
	err = err ?: open_command_folders(build, commands, build->n_units);
	for (size_t step = 0; n && !err; step++)
		err = run_step(build, commands, step, &n);
	err = err ?: keep_affected(build);
	for (size_t i = 0; i < build->n_units; i++)
		command_free(&commands[i]);
	free(commands);
	return err;
}
