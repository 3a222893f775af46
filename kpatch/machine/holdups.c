// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /proc says for each task whether it has been switched (patch_state), what it
 * is doing (stack, stat) and, where the kernel was built with
 * CONFIG_SCHED_DEBUG, when it last ran (sched). Any of these may be missing, and
 * a task may end between two reads: what isn't known is left out.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/machine/holdups.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "kpatch/machine/livepatch-sysfs.h"
#include "lib/text.h"

#define PF_KTHREAD 0x00200000 /* include/linux/sched.h */

/*
 * "[<0>] do_nanosleep+0x67/0x160 [module]": parsed in place. The module is NULL for vmlinux; the
 * result is NULL if this is not such a line.
 */
static char *frame_parse(char *line, char **module)
{
	char *name = strstr(line, "] "), *bracket;

	if (!name)
		return NULL;
	name += 2;
	bracket = strstr(name, " [");
	*module = bracket ? bracket + 2 : NULL;
	if (bracket)
		bracket[2 + strcspn(bracket + 2, "]")] = '\0';
	name[strcspn(name, "+ ")] = '\0';
	return *name ? name : NULL;
}

/* A part that the compiler has split off belongs to its function, for the core as well. */
static bool is_cold_part(const struct strvec *functions, const char *name)
{
	const char *cold = strstr(name, ".cold");
	char *whole = cold ? strndup(name, cold - name) : NULL;
	bool found = whole && strvec_has(functions, whole);

	free(whole);
	return found;
}

/* Replaced functions and their replacements: the former hold up enabling, the latter disabling. */
static bool is_of_livepatch(const char *livepatch, const struct strvec *functions, const char *name,
			    const char *module)
{
	size_t length = strlen(livepatch);

	if (strvec_has(functions, name) || is_cold_part(functions, name))
		return true;
	return module && !strncmp(module, livepatch, length) &&
	       (!module[length] || str_starts(module + length, "__"));
}

static void read_stack(const struct host *host, const char *livepatch,
		       const struct strvec *functions, struct holdup *task)
{
	char *stack = host_read(host, "/proc/%ld/task/%ld/stack", task->pid, task->tid);
	char *rest = stack, *line, *name, *module;

	while (rest && !task->function && (line = strsep(&rest, "\n"))) {
		name = frame_parse(line, &module);
		if (!name)
			continue;
		if (!task->top)
			task->top = strdup(name);
		if (is_of_livepatch(livepatch, functions, name, module))
			task->function = strdup(name);
	}
	free(stack);
}

/* "70 (a name) S 1 …": the state is the first word after the name, the flags are the seventh. */
static void read_stat(const struct host *host, struct holdup *task)
{
	char *stat = host_read(host, "/proc/%ld/task/%ld/stat", task->pid, task->tid);
	const char *after_comm = stat ? strrchr(stat, ')') : NULL;
	unsigned int flags;
	char state;

	if (after_comm && sscanf(after_comm, ") %c %*d %*d %*d %*d %*d %u", &state, &flags) == 2) {
		task->state = state;
		task->kernel_thread = flags & PF_KTHREAD;
	}
	free(stat);
}

/*
 * When the task was last put on a CPU or taken from it, on the scheduler's clock, in milliseconds
 * (kernel/sched/debug.c: proc_sched_show_task()); -1: not known. For a task that sleeps it is the
 * moment when it fell asleep; for our own task it is now.
 */
static long long last_run(const struct host *host, const char *task)
{
	static const char field[] = "se.exec_start";
	char *sched = host_read(host, "/proc/%s/sched", task);
	const char *line = sched ? strstr(sched, field) : NULL;
	long long ms = -1;

	if (line)
		line += strlen(field);
	if (line)
		sscanf(line + strspn(line, " \t:"), "%lld", &ms);
	free(sched);
	return ms;
}

static void read_sleep(const struct host *host, struct holdup *task)
{
	char *path = format("%ld/task/%ld", task->pid, task->tid);
	long long then = path ? last_run(host, path) : -1, now = last_run(host, "self");

	task->asleep_ms = -1;
	if (task->state != 'R' && then >= 0 && now >= then)
		task->asleep_ms = now - then;
	free(path);
}

static int add_task(const struct host *host, const char *livepatch, const struct strvec *functions,
		    const char *pid, const char *tid, struct holdups *holdups)
{
	struct holdup *longer = realloc(holdups->task, (holdups->n + 1) * sizeof(*longer));
	struct holdup *task;

	if (!longer)
		return -ENOMEM;
	holdups->task = longer;
	task = &holdups->task[holdups->n++];
	*task = (struct holdup){ .pid = atol(pid), .tid = atol(tid) };
	task->comm = host_read(host, "/proc/%s/task/%s/comm", pid, tid);
	read_stack(host, livepatch, functions, task);
	read_stat(host, task);
	read_sleep(host, task);
	return 0;
}

/*
 * patch_state is -1 outside of transitions, else 1 for a task that runs the new functions and 0 for
 * one that does not. A process that ends between two reads holds nothing up.
 */
static int look_at_process(const struct host *host, const char *livepatch,
			   const struct strvec *functions, const char *pid, struct holdups *holdups)
{
	long wanted = livepatch_is_enabled(host, livepatch) ? 1 : 0, state;
	struct strvec tids = { 0 };
	int err = 0;

	if (host_list(host, &tids, "/proc/%s/task", pid))
		return 0;
	for (size_t i = 0; i < tids.n && !err; i++) {
		state = host_number(host, -1, "/proc/%s/task/%s/patch_state", pid, tids.list[i]);
		if (state != -1 && state != wanted)
			err = add_task(host, livepatch, functions, pid, tids.list[i], holdups);
	}
	strvec_free(&tids);
	return err;
}

int holdups_find(const struct host *host, const char *name, struct holdups *holdups)
{
	struct strvec pids = { 0 }, functions = { 0 };
	struct holdups found = { 0 };
	int err = livepatch_functions(host, name, &functions);

	err = err ?: host_list(host, &pids, "/proc");
	for (size_t i = 0; i < pids.n && !err; i++)
		if (!pids.list[i][strspn(pids.list[i], "0123456789")])
			err = look_at_process(host, name, &functions, pids.list[i], &found);
	strvec_free(&pids);
	strvec_free(&functions);
	if (err)
		holdups_free(&found);
	else
		*holdups = found;
	return err;
}

void holdups_free(struct holdups *holdups)
{
	for (size_t i = 0; i < holdups->n; i++) {
		free(holdups->task[i].comm);
		free(holdups->task[i].function);
		free(holdups->task[i].top);
	}
	free(holdups->task);
	*holdups = (struct holdups){ 0 };
}

static char *describe_place(const struct holdup *task)
{
	const char *comm = task->comm ?: "?";

	if (task->function)
		return format("%s (%ld) sleeps in %s(), a function of this livepatch", comm,
			      task->tid, task->function);
	if (task->top)
		return format("%s (%ld) sleeps in %s() and has not left the kernel", comm,
			      task->tid, task->top);
	return format("%s (%ld) has not returned to user space yet", comm, task->tid);
}

char *holdup_describe(const struct holdup *task)
{
	char *place = describe_place(task), *text, since[48] = "";

	if (task->asleep_ms >= 0)
		snprintf(since, sizeof(since), ", for %lld s", task->asleep_ms / 1000);
	text = place ? format("%s%s%s", place, since,
			      task->kernel_thread  ? ", a kernel thread"
			      : task->state == 'D' ? ", where no signal wakes it"
						   : "")
		     : NULL;
	free(place);
	return text;
}

void holdups_explain(const struct host *host, const struct holdups *holdups)
{
	char *text;

	for (size_t i = 0; i < holdups->n; i++) {
		text = holdup_describe(&holdups->task[i]);
		diag_detail(host->diag, "%s", text ?: "?");
		free(text);
	}
}

json_t *holdups_json(const struct host *host, const char *name)
{
	struct holdups holdups = { 0 };
	json_t *array = json_array();

	if (holdups_find(host, name, &holdups))
		return array;
	for (size_t i = 0; i < holdups.n; i++) {
		const struct holdup *task = &holdups.task[i];
		char state[] = { task->state ?: '?', '\0' };
		json_t *json = json_pack("{s:I, s:I, s:s?, s:s?, s:s?, s:s, s:b}", "pid",
					 (json_int_t)task->pid, "tid", (json_int_t)task->tid,
					 "comm", task->comm, "function", task->function,
					 "waiting_in", task->top, "state", state, "kernel_thread",
					 task->kernel_thread);

		json_object_set_new(json, "asleep_ms",
				    task->asleep_ms < 0 ? json_null()
							: json_integer(task->asleep_ms));
		json_array_append_new(array, json);
	}
	holdups_free(&holdups);
	return array;
}
