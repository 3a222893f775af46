/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A build that is interrupted, or runs into a full disk, must leave neither half
 * an output nor a temporary folder behind, and two builds at once must not
 * damage a cache that they share. These functions know what to undo however the
 * process ends, by a signal as well.
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
/* The whole file, with a NUL after *@size bytes. */
int read_file(const char *path, char **data, size_t *size);
/* The same; if there is no such file, this is no error, and *@data is NULL. */
int read_file_if_there(const char *path, char **data, size_t *size);
/* Written to a temporary name, fsync()ed, renamed. */
int write_file_atomic(const char *path, const void *data, size_t size, mode_t mode);
int copy_file(const char *from, const char *to);
/*
 * Make what was created, renamed or removed in folder @path survive a power cut. 0 or negative
 * errno.
 */
int sync_dir(const char *path);

/*
 * For writers that need a descriptor (libelf): write to ->fd, then commit or
 * abort. @mode is used if @path doesn't exist yet; otherwise the file's mode is
 * kept. An interrupted process removes the temporary file.
 *
 * A device, FIFO or socket at @path (/dev/null, a pipe of the shell) is never replaced by a file:
 * what was written is copied into it at the commit, as opening it for writing would do.
 */
struct atomic_file {
	int fd;
	char *path;
	char *temp;
	bool into; /* private: @path is no file, copy into it */
	struct doomed *doomed; /* private */
};

/*
 * Lock @path (made if needed) exclusively; if another process has it, call @waiting(arg) once and
 * wait. The lock ends with the process. Returns an fd, or a negative errno.
 */
int lock_file(const char *path, void (*waiting)(const char *path, void *arg), void *arg);
void unlock_file(int fd);

#endif
