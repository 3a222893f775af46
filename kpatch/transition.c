// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel tries each task again every second, and every 15 seconds it
 * signals those that remain, so that a sleeping task comes by the exit to user
 * space (kernel/livepatch/transition.c: klp_send_signals()). There is nothing
 * to push from here: this looks, tells, and knows when to stop.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "livepatch-sysfs.h"
#include "transition.h"

#define LOOK_EVERY 100 /* ms */
#define TELL_AFTER 2000 /* ms: most transitions are over before */
#define TELL_EVERY 15000 /* ms, as the kernel signals; on a terminal each second */

/*
 * "[<0>] do_nanosleep+0x67/0x160 [module]": takes it apart in place. The module is NULL for
 * vmlinux; the result is NULL if this is not such a line.
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

/* Functions that are replaced, and those that replace them: both hold a transition up, one each
 * way. */
static bool is_of_livepatch(const char *livepatch, const struct names *functions, const char *name,
			    const char *module)
{
	size_t length = strlen(livepatch);

	if (names_have(functions, name))
		return true;
	return module && !strncmp(module, livepatch, length) &&
	       (!module[length] || !strncmp(module + length, "__", 2));
}

static void read_stack(const struct host *host, const char *livepatch,
		       const struct names *functions, struct holdup *task)
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

static int add_task(const struct host *host, const char *livepatch, const struct names *functions,
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
	return 0;
}

/*
 * patch_state is -1 outside of transitions, else 1 for a task that runs the new functions and 0
 * for one that does not. A process that ends between two looks is in nobody's way.
 */
static int look_at_process(const struct host *host, const char *livepatch,
			   const struct names *functions, const char *pid, struct holdups *holdups)
{
	long wanted = livepatch_is_enabled(host, livepatch) ? 1 : 0, state;
	struct names tids = { 0 };
	int err = 0;

	if (host_list(host, &tids, "/proc/%s/task", pid))
		return 0;
	for (size_t i = 0; i < tids.n && !err; i++) {
		state = host_number(host, -1, "/proc/%s/task/%s/patch_state", pid, tids.name[i]);
		if (state != -1 && state != wanted)
			err = add_task(host, livepatch, functions, pid, tids.name[i], holdups);
	}
	names_free(&tids);
	return err;
}

int transition_holdups(const struct host *host, const char *name, struct holdups *holdups)
{
	struct names pids = { 0 }, functions = { 0 };
	struct holdups found = { 0 };
	int err = livepatch_functions(host, name, &functions);

	err = err ?: host_list(host, &pids, "/proc");
	for (size_t i = 0; i < pids.n && !err; i++)
		if (!pids.name[i][strspn(pids.name[i], "0123456789")])
			err = look_at_process(host, name, &functions, pids.name[i], &found);
	names_free(&pids);
	names_free(&functions);
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

static char *describe(const struct holdup *task)
{
	char *text = NULL;
	int n;

	if (task->function)
		n = asprintf(&text, "%s (%ld) sleeps in %s(), a function of this livepatch",
			     task->comm ?: "?", task->tid, task->function);
	else if (task->top)
		n = asprintf(&text, "%s (%ld) sleeps in %s() and has not left the kernel",
			     task->comm ?: "?", task->tid, task->top);
	else
		n = asprintf(&text, "%s (%ld) has not yet passed the edge of the kernel",
			     task->comm ?: "?", task->tid);
	return n < 0 ? NULL : text;
}

void holdups_explain(const struct host *host, const struct holdups *holdups)
{
	char *text;

	for (size_t i = 0; i < holdups->n; i++) {
		text = describe(&holdups->task[i]);
		diag_detail(host->diag, "%s", text ?: "?");
		free(text);
	}
}

struct telling {
	long long began, next;
	bool line_open; /* a line on the terminal waits to be rewritten */
};

static void tell(const struct host *host, const char *name, bool on, struct telling *telling)
{
	struct holdups holdups = { 0 };
	long long now = host_now();
	char *text;

	if (!host->progress || now < telling->next)
		return;
	telling->next = now + (host->live ? 1000 : TELL_EVERY);
	if (transition_holdups(host, name, &holdups) || !holdups.n) {
		holdups_free(&holdups);
		return;
	}
	text = describe(&holdups.task[0]);
	fprintf(host->progress, "%s%s: %s, %lld s: %zu task%s to go: %s%s",
		host->live ? "\r\033[K" : "", name, on ? "enabling" : "disabling",
		(now - telling->began) / 1000, holdups.n, holdups.n == 1 ? "" : "s", text ?: "?",
		holdups.n > 1 ? ", …" : "");
	if (!host->live)
		fputc('\n', host->progress);
	telling->line_open = host->live;
	fflush(host->progress);
	free(text);
	holdups_free(&holdups);
}

/* 1: not there yet */
static int where_it_is(const struct host *host, const char *name, bool on)
{
	if (!livepatch_is_registered(host, name))
		return on ? -ECANCELED : 0;
	if (livepatch_in_transition(host, name))
		return livepatch_is_enabled(host, name) == on ? 1 : -ECANCELED;
	if (livepatch_is_enabled(host, name) == on)
		return on ? 0 : 1; /* off, but not yet taken out of sysfs */
	return -ECANCELED;
}

int transition_wait(const struct host *host, const char *name, bool on)
{
	long long began = host_now(), deadline = began + host->timeout * 1000LL;
	struct telling telling = { .began = began, .next = began + TELL_AFTER };
	int where;

	while ((where = where_it_is(host, name, on)) == 1) {
		if (host_now() >= deadline) {
			where = -ETIMEDOUT;
			break;
		}
		tell(host, name, on, &telling);
		if (host_pause(host, LOOK_EVERY)) {
			where = -EINTR;
			break;
		}
	}
	if (telling.line_open)
		fputs("\r\033[K", host->progress);
	return where;
}

int transition_wait_for_others(const struct host *host)
{
	long long deadline = host_now() + host->timeout * 1000LL;
	bool told = false;
	char *other;

	while ((other = livepatch_any_in_transition(host))) {
		if (!told)
			host_say(host, "waiting for the transition of livepatch '%s'", other);
		told = true;
		free(other);
		if (host_now() >= deadline)
			return -ETIMEDOUT;
		if (host_pause(host, LOOK_EVERY))
			return -EINTR;
	}
	return 0;
}
