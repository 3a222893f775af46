// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/diag.h"
#include "lib/streams.h"

/* atexit() passes nothing to its functions. */
static struct {
	const char *tool;
	int failed;
	int occupied[3]; /* standard descriptors that were closed, until the end */
} guard;

static void report(int err)
{
	struct diag *diag = diag_new(guard.tool);

	if (diag) {
		diag_errno(diag, err, "standard output", "write");
		diag_print(diag, stderr);
	}
	diag_free(diag);
}

static void check_stdout(void)
{
	bool failed = ferror(stdout);

	errno = 0;
	if (fclose(stdout))
		failed = true;
	if (!failed)
		return;
	report(errno ?: EIO); /* an earlier write failed, of which nobody kept the reason */
	_exit(guard.failed);
}

/* Opened the wrong way round, so that using it fails as if it were still closed. */
static void occupy(int fd, int flags)
{
	if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
		return;
	guard.occupied[fd] = open("/dev/null", flags);
	if (guard.occupied[fd] == fd)
		return;
	fprintf(stderr, "%s: /dev/null can't be opened\n", guard.tool);
	_exit(guard.failed);
}

void streams_guard(const char *tool, int failed)
{
	guard.tool = tool;
	guard.failed = failed;
	occupy(STDIN_FILENO, O_WRONLY);
	occupy(STDOUT_FILENO, O_RDONLY);
	occupy(STDERR_FILENO, O_WRONLY);
	/* the first of all, so that it is called last: temporary files are removed before */
	if (atexit(check_stdout)) {
		fprintf(stderr, "%s: out of memory\n", tool);
		_exit(failed);
	}
}
