// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel can be told that a transition is over although it isn't. The cost
 * is invisible at that moment; somebody else sees it later. So the user is told
 * first, and asked again.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "kpatch/machine/holdups.h"
#include "kpatch/machine/livepatch-sysfs.h"
#include "kpatch/transition.h"
#include "kpatch/verbs/verbs.h"
#include "kpatch/verbs/choose.h"

/* kernel/livepatch/transition.c: klp_force_transition(), 6.1 */
static const char *const costs[] = {
	"these tasks go on in the code that they are in, old beside new: where the livepatch changes",
	"    what data means, or who holds which lock, they may damage it or never wake up",
	"what it takes off (the livepatches that it replaces, or itself if it is being unloaded)",
	"    can't be removed from memory until the next boot, because a task may still be in it",
	"what goes wrong afterwards can't be undone by unloading: only a reboot is sure to",
};

static void explain(struct host *host, const char *name, const struct holdups *holdups)
{
	char *text;

	fprintf(stderr, "forcing '%s' tells the kernel that its transition is over.\n", name);
	for (size_t i = 0; i < holdups->n; i++) {
		text = holdup_describe(&holdups->task[i]);
		fprintf(stderr, "    %s\n", text ?: "?");
		free(text);
	}
	for (size_t i = 0; i < ARRAY_SIZE(costs); i++)
		fprintf(stderr, "  %s%s\n", *costs[i] == ' ' ? "" : "- ", costs[i]);
	fputs("Before that, try: kpatch signal; end the tasks above; kpatch unload.\n", stderr);
}

/* A word that nobody types by habit. */
static bool is_confirmed(const char *name)
{
	char *line = NULL;
	size_t size = 0;
	bool same;

	fprintf(stderr, "To force it all the same, type its name: ");
	fflush(stderr);
	if (getline(&line, &size, stdin) < 0) {
		free(line);
		return false;
	}
	line[strcspn(line, "\n")] = '\0';
	same = !strcmp(line, name);
	free(line);
	return same;
}

static int ask(struct host *host, const char *name, bool yes)
{
	struct holdups holdups = { 0 };
	int err = holdups_find(host, name, &holdups);

	if (err)
		return diag_errno(host->diag, -err, name, "find the tasks that hold up");
	explain(host, name, &holdups);
	holdups_free(&holdups);
	if (yes || (isatty(STDIN_FILENO) && is_confirmed(name)))
		return 0;
	diag_error(host->diag, "KS420", NULL, "'%s'", name);
	return -EPERM;
}

int verb_force(struct host *host, const char *word, bool yes)
{
	char *name = name_of_livepatch(word);
	int err = name ? 0 : diag_oom(host->diag);

	if (!err && !livepatch_in_transition(host, name))
		err = diag_error(host->diag, "KS421", NULL, "'%s'", name);
	err = err ?: ask(host, name, yes);
	/* the transition may have ended while the user was asked */
	if (!err && livepatch_in_transition(host, name)) {
		err = livepatch_force(host, name);
		if (err)
			diag_errno(host->diag, -err, name, "force");
		err = err ?: transition_watch(host, name);
		if (err && !diag_errors(host->diag))
			diag_error(host->diag, "KS419", NULL, "'%s'", name);
	}
	if (!err)
		host_say(host, "the transition of %s is over", name);
	free(name);
	return err;
}
