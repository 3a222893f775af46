// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One read() of /dev/kmsg returns one record: "priority,sequence,time,flags;text\n", and lines with
 * its properties.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kpatch/machine/kernel-log.h"
#include "lib/files.h"
#include "lib/text.h"

#define LINES_SHOWN 8

void kernel_log_mark(const struct host *host, struct kernel_log *log)
{
	char *path = host_path(host, "/dev/kmsg");

	log->fd = path ? open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
	free(path);
	if (log->fd >= 0)
		lseek(log->fd, 0, SEEK_END);
}

static bool is_about(const char *text, const char *name)
{
	return strstr(text, "klp_split:") || strstr(text, "livepatch:") || strstr(text, name);
}

char *kernel_log_take(struct kernel_log *log, const char *name)
{
	char record[1024], *text, *all = NULL, *longer;
	int taken = 0;
	ssize_t n;

	/* EPIPE: records were overwritten before we read them; read on */
	while (log->fd >= 0 && taken < LINES_SHOWN &&
	       ((n = read(log->fd, record, sizeof(record) - 1)) > 0 || (n < 0 && errno == EPIPE))) {
		if (n <= 0)
			continue;
		record[n] = '\0';
		text = strchr(record, ';');
		if (!text++)
			continue;
		text[strcspn(text, "\n")] = '\0';
		if (!is_about(text, name))
			continue;
		longer = format("%s%s\n", all ?: "", text);
		free(all);
		all = longer;
		taken++;
	}
	kernel_log_forget(log);
	return all;
}

void kernel_log_tell(const struct host *host, const char *text)
{
	while (text && *text) {
		int n = strcspn(text, "\n");

		diag_detail(host->diag, "kernel: %.*s", n, text);
		text += n + (text[n] == '\n');
	}
}

void kernel_log_forget(struct kernel_log *log)
{
	if (log->fd >= 0)
		close(log->fd);
	log->fd = -1;
}
