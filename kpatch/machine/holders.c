// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who can hold an object module:
 *
 *	another module		that uses its exports: /sys/module/<module>/holders
 *	a BPF link		on its functions, as bpftrace makes it (kprobe_multi): the
 *				kernel says which addresses a link has, and /proc which
 *				process has the link
 *
 * These don't hold it: a kprobe, and a perf event on one, which the kernel removes when the module
 * leaves; fentry programs, which need the BTF of the module, and object modules have none. Other
 * holders (open files of tracefs for its events) aren't found, only counted.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/machine/holders.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "lib/text.h"

static int add_modules(const struct host *host, const char *module, struct strvec *holders)
{
	struct strvec users = { 0 };
	int err = host_list(host, &users, "/sys/module/%s/holders", module);

	for (size_t i = 0; i < users.n && !err; i++)
		err = strvec_addf(holders, "module %s", users.list[i]);
	strvec_free(&users);
	return err;
}

struct range {
	unsigned long long first, last;
};

/* "ffffffffc0a01000 t new_value	[module]": takes the line apart in place. */
static void extend_range(char *line, const char *module, struct range *range)
{
	char *bracket = strchr(line, '['), *end, type;
	unsigned long long address = strtoull(line, &end, 16);

	if (!address || !bracket || *end != ' ')
		return;
	type = end[1];
	bracket[strcspn(bracket, "]")] = '\0';
	if (!strchr("tTwW", type) || strcmp(bracket + 1, module))
		return;
	if (!range->last || address < range->first)
		range->first = address;
	if (address > range->last)
		range->last = address;
}

/* Find the range from its first function to its last. Fails without permission to see addresses. */
static bool text_of(const struct host *host, const char *module, struct range *range)
{
	char *path = host_path(host, "/proc/kallsyms"), *line = NULL;
	FILE *file = path ? fopen(path, "re") : NULL;
	size_t size = 0;

	*range = (struct range){ 0 };
	while (file && getline(&line, &size, file) > 0)
		extend_range(line, module, range);
	free(line);
	if (file)
		fclose(file);
	free(path);
	return range->last;
}

/* Does this descriptor of the process refer to the link? */
static bool is_link(const struct host *host, const char *pid, const char *fd, const char *id)
{
	char *text = host_read(host, "/proc/%s/fdinfo/%s", pid, fd), *rest = text, *line;
	bool found = false;

	while (!found && rest && (line = strsep(&rest, "\n")))
		found = str_starts(line, "link_id:") &&
			!strcmp(line + 8 + strspn(line + 8, "\t "), id);
	free(text);
	return found;
}

static bool has_link(const struct host *host, const char *pid, const char *id)
{
	struct strvec fds = { 0 };
	bool found = false;

	if (host_list(host, &fds, "/proc/%s/fdinfo", pid))
		return false; /* the process has ended */
	for (size_t i = 0; i < fds.n && !found; i++)
		found = is_link(host, pid, fds.list[i], id);
	strvec_free(&fds);
	return found;
}

/* Names the first process that has it; after a fork() others may have it as well. */
static char *describe_link(const struct host *host, const struct strvec *pids, const char *id)
{
	char *comm, *phrase;

	for (size_t i = 0; i < pids->n; i++) {
		const char *pid = pids->list[i];

		if (pid[strspn(pid, "0123456789")] || !has_link(host, pid, id))
			continue;
		comm = host_read(host, "/proc/%s/comm", pid);
		phrase =
			format("%s (%s), which traces it with BPF (link %s)", comm ?: "?", pid, id);
		free(comm);
		return phrase;
	}
	return format("BPF link %s, which no process has open: it is pinned (bpftool link)", id);
}

static int add_links(const struct host *host, const char *module, struct strvec *holders)
{
	struct strvec ids = { 0 }, pids = { 0 };
	struct range text;
	int err = 0;

	if (!host->bpf_links || !text_of(host, module, &text))
		return 0;
	err = host->bpf_links(text.first, text.last, &ids);
	if (ids.n)
		err = err ?: host_list(host, &pids, "/proc");
	for (size_t i = 0; i < ids.n && !err; i++)
		err = strvec_take(holders, describe_link(host, &pids, ids.list[i]));
	strvec_free(&ids);
	strvec_free(&pids);
	return err;
}

int holders_find(const struct host *host, const char *module, struct strvec *holders)
{
	struct strvec found = { 0 };
	int err = add_modules(host, module, &found);

	err = err ?: add_links(host, module, &found);
	if (err)
		strvec_free(&found);
	else
		*holders = found;
	return err;
}
