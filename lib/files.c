// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files and folders, with errors that say what went wrong, and locks that two
 * runs on one cache can rely on.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/files.h"
#include "lib/temporary.h"
#include "lib/write-all.h"

/* Paths */

bool path_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

int make_dirs(const char *path)
{
	char *copy = strdup(path), *slash;
	struct stat st;
	int err = 0;

	if (!copy)
		return -ENOMEM;
	for (slash = copy + 1; *copy && !err; slash++) {
		bool last = *slash == '\0';

		if (!last && *slash != '/')
			continue;
		*slash = '\0';
		if (mkdir(copy, 0777) && errno != EEXIST)
			err = -errno;
		if (last)
			break;
		*slash = '/';
	}
	if (!err && stat(path, &st))
		err = -errno;
	else if (!err && !S_ISDIR(st.st_mode))
		err = -ENOTDIR;
	free(copy);
	return err;
}

/* Reading and writing */

static int read_all(int fd, size_t expected, char **data, size_t *size)
{
	size_t cap = expected + 1, used = 0;
	char *buffer = malloc(cap), *bigger;
	ssize_t n;

	if (!buffer)
		return -ENOMEM;
	while ((n = read(fd, buffer + used, cap - used)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			int err = -errno;

			free(buffer);
			return err;
		}
		used += n;
		if (used < cap)
			continue;
		bigger = realloc(buffer, cap * 2);
		if (!bigger) {
			free(buffer);
			return -ENOMEM;
		}
		buffer = bigger;
		cap *= 2;
	}
	buffer[used] = '\0';
	*data = buffer;
	*size = used;
	return 0;
}

int read_file(const char *path, char **data, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err;
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st))
		err = -errno;
	else if (S_ISDIR(st.st_mode))
		err = -EISDIR;
	else
		err = read_all(fd, S_ISREG(st.st_mode) ? st.st_size : 4096, data, size);
	close(fd);
	return err;
}

int read_file_if_there(const char *path, char **data, size_t *size)
{
	int err = read_file(path, data, size);

	if (err != -ENOENT)
		return err;
	*data = NULL;
	*size = 0;
	return 0;
}

int write_file_atomic(const char *path, const void *data, size_t size, mode_t mode)
{
	struct atomic_file file;
	int err = atomic_file_begin(&file, path, mode);

	if (err)
		return err;
	err = write_all(file.fd, data, size);
	if (err) {
		atomic_file_abort(&file);
		return err;
	}
	return atomic_file_commit(&file);
}

int copy_file(const char *from, const char *to)
{
	struct stat st;
	size_t size;
	char *data;
	int err;

	if (stat(from, &st))
		return -errno;
	err = read_file(from, &data, &size);
	if (err)
		return err;
	err = write_file_atomic(to, data, size, st.st_mode & 0777);
	free(data);
	return err;
}

int sync_dir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	/* EINVAL: this file system can't sync a folder */
	if (fsync(fd) && errno != EINVAL)
		err = -errno;
	close(fd);
	return err;
}

/* Locks */

static bool is_current(int fd, const char *path)
{
	struct stat ours, there;

	return !fstat(fd, &ours) && !stat(path, &there) && ours.st_ino == there.st_ino &&
	       ours.st_dev == there.st_dev;
}

static int lock_once(int fd, const char *path, void (**waiting)(const char *path, void *arg),
		     void *arg)
{
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return 0;
	if (errno != EWOULDBLOCK)
		return -errno;
	if (*waiting)
		(*waiting)(path, arg);
	*waiting = NULL;
	while (flock(fd, LOCK_EX))
		if (errno != EINTR)
			return -errno;
	return 0;
}

int lock_file(const char *path, void (*waiting)(const char *path, void *arg), void *arg)
{
	int fd, err;

	for (;;) {
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
		if (fd < 0)
			return -errno;
		err = lock_once(fd, path, &waiting, arg);
		if (err) {
			close(fd);
			return err;
		}
		/* the previous owner may have removed the file: then this lock protects nothing */
		if (is_current(fd, path))
			return fd;
		close(fd);
	}
}

void unlock_file(int fd)
{
	if (fd >= 0)
		close(fd);
}
