// SPDX-License-Identifier: GPL-2.0-or-later
/* write() may take less than it was given, or be interrupted by a signal: see write-all.h. */
#include <errno.h>
#include <unistd.h>

#include "lib/write-all.h"

int write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		size -= n;
	}
	return 0;
}
