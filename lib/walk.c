// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fts_read() returns a folder that it can't open as one more entry, and the end of
 * a walk that failed looks like the end of the tree. Who only looks at the files
 * finds nothing there. "No module uses it" must not mean "no module could be
 * read".
 */
#include <errno.h>
#include <stddef.h>

#include "lib/walk.h"

int walk_next(FTS *fts, FTSENT **entry)
{
	errno = 0;
	*entry = fts_read(fts);
	if (!*entry)
		return -errno;
	switch ((*entry)->fts_info) {
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		return (*entry)->fts_errno ? -(*entry)->fts_errno : -EIO;
	default:
		return 0;
	}
}
