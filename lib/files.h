/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A build that is interrupted, or runs into a full disk, must leave neither
 * half an output nor a temporary folder behind, and two builds at once must not
 * trample on one cache. What has to be undone on any way out, signals included,
 * is known to this file.
 */
#ifndef KLP_SPLIT_FILES_H
#define KLP_SPLIT_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "lib/diag.h"

/* mkdir -p, mode 0777 & ~umask. 0 or negative errno. */
int make_dirs(const char *path);
bool path_exists(const char *path);
/* Whole file, NUL-terminated beyond *@size. */
int read_file(const char *path, char **data, size_t *size);
/* Written to a temporary name, fsync()ed, renamed. */
int write_file_atomic(const char *path, const void *data, size_t size, mode_t mode);
int copy_file(const char *from, const char *to);
/* What was made, renamed or removed in folder @path is so after a power cut, too. 0 or negative errno. */
int sync_dir(const char *path);

/*
 * For writers that need a descriptor (libelf): write to ->fd, then commit or
 * abort. @mode is used if @path is not there yet; else its own mode is kept.
 * An interrupted process removes the temporary file.
 */
struct atomic_file {
	int fd;
	char *path;
	char *temp;
	struct doomed *doomed; /* private */
};

/*
 * Lock @path (made if needed) exclusively; waits, after telling @waiting(arg) once if
 * it has to. The lock goes with the process. Returns an fd, or negative errno.
 */
int lock_file(const char *path, void (*waiting)(const char *path, void *arg), void *arg);
void unlock_file(int fd);

#endif
