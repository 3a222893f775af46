// SPDX-License-Identifier: GPL-2.0-or-later
/* The lock that lets only one kpatch at a time change the machine: see alone.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "kpatch/alone.h"

#define TRY_EVERY 100 /* ms */

static int wait_for_turn(struct host *host, int fd)
{
	long long deadline = host_now() + host->timeout * 1000LL;
	bool told = false;

	while (flock(fd, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK)
			return diag_errno(host->diag, errno, KPATCH_LOCK, "lock");
		if (!told)
			host_say(host, "waiting for another kpatch");
		told = true;
		if (host_now() >= deadline)
			return diag_error(host->diag, "KS448", NULL, "after %u s", host->timeout);
		if (host_pause(host, TRY_EVERY))
			return diag_error(host->diag, "KS417", NULL,
					  "while it waited for another kpatch");
	}
	return 0;
}

int become_alone(struct host *host)
{
	char *path = host_path(host, KPATCH_LOCK);
	int fd, err;

	if (!path)
		return diag_oom(host->diag);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0) {
		err = diag_errno(host->diag, errno, path, "open");
	} else {
		err = wait_for_turn(host, fd);
		if (err)
			close(fd);
	}
	free(path);
	return err ?: fd;
}

bool is_another_at_work(const struct host *host)
{
	char *path = host_path(host, KPATCH_LOCK);
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	bool locked = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK;

	if (fd >= 0)
		close(fd);
	free(path);
	return locked;
}
