// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel tries each task again every second, and every 15 seconds it signals
 * those that remain, so that a sleeping task comes by the exit to user space
 * (kernel/livepatch/transition.c: klp_send_signals()). That is long for an
 * administrator who waits. So this code polls, names the tasks that hold up the
 * transition, wakes them sooner, and knows when to stop.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/machine/livepatch-sysfs.h"
#include "kpatch/transition.h"

#define LOOK_EVERY 100 /* ms */
#define TELL_AFTER 2000 /* ms: most transitions end earlier */
#define TELL_EVERY 15000 /* ms, as the kernel signals; on a terminal each second */
#define NUDGE_AFTER 5000 /* ms: tasks that sleep only for a moment are switched earlier */
#define NUDGE_EVERY 10000 /* ms */

struct telling {
	long long began, next, next_nudge;
	bool line_open; /* a line on the terminal waits to be rewritten */
};

static bool is_in_transition(const struct host *host, const char *name)
{
	return livepatch_is_registered(host, name) && livepatch_in_transition(host, name);
}

static void tell(const struct host *host, const char *name, const struct holdups *holdups,
		 const struct telling *telling)
{
	char *text = holdup_describe(&holdups->task[0]);

	fprintf(host->progress, "%s%s: %s, %lld s: %zu task%s to go: %s%s",
		host->live ? "\r\033[K" : "", name,
		livepatch_is_enabled(host, name) ? "enabling" : "disabling",
		(host_now() - telling->began) / 1000, holdups->n, holdups->n == 1 ? "" : "s",
		text ?: "?", holdups->n > 1 ? ", …" : "");
	if (!host->live)
		fputc('\n', host->progress);
	fflush(host->progress);
	free(text);
}

static void nudge(const struct host *host, const char *name, const struct holdups *holdups,
		  struct telling *telling)
{
	size_t woken = host->nudge(holdups);

	if (!woken || !host->progress)
		return;
	fprintf(host->progress, "%s%s: woke %zu of %zu task%s\n",
		telling->line_open ? "\r\033[K" : "", name, woken, holdups->n,
		holdups->n == 1 ? "" : "s");
	telling->line_open = false;
}

/* Walk /proc only when there is something to print or to do. */
static void look(const struct host *host, const char *name, struct telling *telling)
{
	bool speak = host->progress && host_now() >= telling->next;
	bool wake = telling->next_nudge && host->nudge && host_now() >= telling->next_nudge;
	struct holdups holdups = { 0 };

	if ((!speak && !wake) || holdups_find(host, name, &holdups))
		return;
	if (speak)
		telling->next = host_now() + (host->live ? 1000 : TELL_EVERY);
	if (wake)
		telling->next_nudge = host_now() + NUDGE_EVERY;
	if (speak && holdups.n) {
		tell(host, name, &holdups, telling);
		telling->line_open = host->live;
	}
	if (wake && holdups.n)
		nudge(host, name, &holdups, telling);
	holdups_free(&holdups);
}

enum nudging { ONLY_LOOK, WAKE_THEM };

static struct telling begin(const struct host *host, enum nudging nudging)
{
	long long now = host_now(), half = host->timeout * 500LL;

	return (struct telling){
		.began = now,
		.next = now + TELL_AFTER,
		.next_nudge = nudging == WAKE_THEM ? now + (half < NUDGE_AFTER ? half : NUDGE_AFTER)
						   : 0,
	};
}

static void end(const struct host *host, const struct telling *telling)
{
	if (telling->line_open)
		fputs("\r\033[K", host->progress);
}

/* 1: not finished yet */
static int where_it_is(const struct host *host, const char *name, bool on)
{
	if (!livepatch_is_registered(host, name))
		return on ? -ECANCELED : 0;
	if (livepatch_in_transition(host, name))
		return livepatch_is_enabled(host, name) == on ? 1 : -ECANCELED;
	if (livepatch_is_enabled(host, name) == on)
		return on ? 0 : 1; /* disabled, but not yet removed from sysfs */
	return -ECANCELED;
}

/* 0: go on */
static int give_up(const struct host *host, const struct telling *telling)
{
	if (host_now() >= telling->began + host->timeout * 1000LL)
		return -ETIMEDOUT;
	return host_pause(host, LOOK_EVERY) ? -EINTR : 0;
}

int transition_wait(const struct host *host, const char *name, enum klp_state to)
{
	struct telling telling = begin(host, WAKE_THEM);
	int where, err = 0;

	while (!err && (where = where_it_is(host, name, to == KLP_PATCHED)) == 1) {
		look(host, name, &telling);
		err = give_up(host, &telling);
	}
	end(host, &telling);
	return err ?: where;
}

int transition_watch(const struct host *host, const char *name)
{
	struct telling telling = begin(host, ONLY_LOOK);
	int err = 0;

	while (!err && is_in_transition(host, name)) {
		look(host, name, &telling);
		err = give_up(host, &telling);
	}
	end(host, &telling);
	return err;
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
