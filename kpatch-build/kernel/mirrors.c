// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A machine in a company's network may be able to access only one mirror. Its
 * administrator has configured that in apt, for the installed suite; the mirror
 * has the other suites as well. So apt is asked for it, and uses its own
 * proxies and passwords.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/strvec.h"
#include "kpatch-build/kernel/mirrors.h"
#include "kpatch-build/run.h"
#include "lib/temporary.h"
#include "lib/text.h"

/* Release files name the archive that they belong to. */
static const struct {
	const char *label;
	size_t member; /* of struct mirrors */
} archives[] = {
	{ "Debian", offsetof(struct mirrors, main) },
	{ "Debian-Security", offsetof(struct mirrors, security) },
};

void mirrors_free(struct mirrors *mirrors)
{
	free(mirrors->main);
	free(mirrors->security);
	memset(mirrors, 0, sizeof(*mirrors));
}

/* "Debian|Debian-Security|main|http://…/debian-security/" */
static void take_line(char *line, struct mirrors *mirrors)
{
	const char *origin = strsep(&line, "|"), *label = strsep(&line, "|");
	const char *component = strsep(&line, "|"), *url = line;

	if (!url || !*url || strcmp(origin, "Debian") || strcmp(component, "main"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(archives); i++) {
		char **member = (char **)((char *)mirrors + archives[i].member);

		if (!*member && !strcmp(label, archives[i].label))
			*member = strdup(url);
	}
}

/* Ask which archives apt's lists come from; @state is a folder for lists, NULL: the system's. */
static void ask_apt(const char *state, struct mirrors *mirrors)
{
	struct strvec argv = { 0 };
	struct process process = { 0 };
	char *rest, *line;

	strvec_add(&argv, "apt-get");
	strvec_add(&argv, "indextargets");
	if (state)
		strvec_addf(&argv, "--option=Dir::State::lists=%s", state);
	strvec_add(&argv, "--format=$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)");
	strvec_add(&argv, "Created-By: Packages");
	process.argv = argv.list;
	if (!argv.failed && !process_run(&process) && process.log)
		for (rest = process.log; (line = strsep(&rest, "\n"));)
			take_line(line, mirrors);
	process_end(&process);
	strvec_free(&argv);
}

/* A new machine has no lists, and only root may make them: make temporary ones. */
static void ask_apt_with_lists(struct mirrors *mirrors)
{
	char *state = NULL;
	struct strvec argv = { 0 };
	struct process process = { 0 };

	if (make_temp_dir(NULL, "kpatch-build-apt-", &state))
		return;
	strvec_add(&argv, "apt-get");
	strvec_addf(&argv, "--option=Dir::State::lists=%s", state);
	strvec_addf(&argv, "--option=Dir::Cache=%s", state);
	strvec_add(&argv, "--option=APT::Sandbox::User=root");
	strvec_add(&argv, "update");
	process.argv = argv.list;
	/* some of the sources may be unreachable: one reachable mirror is enough */
	if (!argv.failed && process_run(&process) != -ENOMEM)
		ask_apt(state, mirrors);
	process_end(&process);
	strvec_free(&argv);
	remove_tree(state);
	free(state);
}

/* "URL", "URL,URL of the security updates" or "URL,": without security updates */
static int take_option(const struct job *job, struct mirrors *mirrors)
{
	const char *given = job->options.mirror;
	size_t n = strcspn(given, ",");

	mirrors->main = strndup(given, n);
	while (mirrors->main && n > 1 && mirrors->main[n - 1] == '/')
		mirrors->main[--n] = '\0';
	if (mirrors->main && !given[strcspn(given, ",")])
		mirrors->security = format("%s-security", mirrors->main);
	else if (mirrors->main && strchr(given, ',')[1])
		mirrors->security = strdup(strchr(given, ',') + 1);
	return mirrors->main ? 0 : diag_oom(job->diag);
}

/* apt uses files of a folder in place, and leaves none in ours; with "copy:" it copies them. */
static void have_copied(char *url)
{
	if (url && !strncmp(url, "file:", 5))
		memcpy(url, "copy:", 5);
}

int mirrors_find(const struct job *job, struct mirrors *mirrors)
{
	int err = 0;

	memset(mirrors, 0, sizeof(*mirrors));
	if (job->options.mirror)
		err = take_option(job, mirrors);
	else
		ask_apt(NULL, mirrors);
	if (!err && !mirrors->main)
		ask_apt_with_lists(mirrors);
	have_copied(mirrors->main);
	have_copied(mirrors->security);
	if (err || mirrors->main)
		return err;
	mirrors_free(mirrors);
	return diag_error(job->diag, "KS380", NULL, "apt's sources have none");
}
