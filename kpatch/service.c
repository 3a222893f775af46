// SPDX-License-Identifier: GPL-2.0-or-later
/* systemctl knows where units are and what enabling means; only its exit code matters here. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/text.h"
#include "kpatch/machine/host.h"
#include "lib/process.h"
#include "kpatch/service.h"

int service_run(const char *verb, char **log)
{
	const char *argv[] = { "systemctl", "--quiet", verb, "kpatch.service", NULL };
	struct process systemctl = { .argv = argv };
	int err = process_run(&systemctl);

	*log = err && systemctl.log ? strdup(systemctl.log) : NULL;
	process_end(&systemctl);
	return err;
}

void service_enable(struct host *host)
{
	char *log = NULL;
	int err;

	if (!host->service || service_is_enabled(host) == 1)
		return;
	err = host->service("enable", &log);
	if (!err) {
		host_say(host, "enabled kpatch.service");
	} else {
		diag_warning(host->diag, "KS427", NULL, "%s",
			     err == -ENOENT ? "there is no systemctl" : "systemctl failed");
		if (log && *log)
			diag_detail(host->diag, "%s", log);
	}
	free(log);
}

int service_is_enabled(const struct host *host)
{
	char *log = NULL;
	int err = host->service ? host->service("is-enabled", &log) : -ENOENT;

	free(log);
	return err == -ENOENT ? -1 : !err;
}

bool boot_is_turned_off(const struct host *host)
{
	char *line = host_read(host, "/proc/cmdline"), *rest = line, *word;
	bool off = false;

	while (rest && (word = strsep(&rest, " \t\n")))
		if (str_starts(word, "kpatch.enable="))
			off = !strcmp(word + strlen("kpatch.enable="),
				      "0"); /* the last one is used */
	free(line);
	return off;
}
