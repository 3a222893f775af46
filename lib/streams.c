// SPDX-License-Identifier: GPL-2.0-or-later
/* Notices at exit that standard output wasn't written completely: see streams.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/diag.h"
#include "lib/streams.h"

/* Static, because atexit() passes no argument to its functions. */
static struct {
	const char *tool;
	int failed;
	int occupied[3]; /* standard descriptors that were closed, kept open until the end */
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
	report(errno ?: EIO); /* errno is 0 if an earlier write failed: its reason is lost */
	_exit(guard.failed);
}

/*
 * Open /dev/null with the wrong access mode: using the descriptor then fails, as if it were still
 * closed.
 */
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
	/* registered first, so it is called last, after the functions that remove temporary files */
	if (atexit(check_stdout)) {
		fprintf(stderr, "%s: out of memory\n", tool);
		_exit(failed);
	}
}
