// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Files and folders that must be removed when the process ends are in one list
 * that a signal handler can walk: entries are only ever added at its head, or
 * emptied, and removing a tree only makes system calls (no malloc(), no
 * opendir()). The list is the one piece of state outside the structures that are
 * passed around; a signal handler gets no arguments.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/files.h"
#include "lib/process.h"
#include "lib/text.h"
#include "lib/temporary.h"
#include "lib/write-all.h"

/*
 * Removing a tree, async-signal-safe. Names come from getdents64() into a
 * buffer on the stack; each level keeps one descriptor open.
 */
struct linux_dirent64 {
	uint64_t d_ino;
	int64_t d_off;
	unsigned short d_reclen;
	unsigned char d_type;
	char d_name[];
};

#define DEPTH_MAX 256

static int remove_at(int dir, const char *name, int depth);

static bool is_dot(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/* One pass over the entries; *@removed tells whether another pass may find more. */
static int remove_entries(int fd, int depth, bool *removed)
{
	char buffer[4096] __attribute__((aligned(8)));
	int err = 0, one;
	long n, at;

	*removed = false;
	while ((n = syscall(SYS_getdents64, fd, buffer, sizeof(buffer))) > 0) {
		for (at = 0; at < n; at += ((struct linux_dirent64 *)(buffer + at))->d_reclen) {
			const struct linux_dirent64 *entry = (void *)(buffer + at);

			if (is_dot(entry->d_name))
				continue;
			one = remove_at(fd, entry->d_name, depth + 1);
			if (one)
				err = one;
			else
				*removed = true;
		}
	}
	return n < 0 ? -errno : err;
}

static int remove_at(int dir, const char *name, int depth)
{
	bool again = true;
	int fd, err = 0;

	if (!unlinkat(dir, name, 0) || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	if (depth > DEPTH_MAX)
		return -ELOOP;

	fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while (again) {
		err = remove_entries(fd, depth, &again);
		lseek(fd, 0, SEEK_SET);
	}
	close(fd);
	if (unlinkat(dir, name, AT_REMOVEDIR) && errno != ENOENT)
		return err ?: -errno;
	return 0;
}

int remove_tree(const char *path)
{
	return remove_at(AT_FDCWD, path, 0);
}

/* The list of what has to be removed */

struct doomed {
	struct doomed *next;
	char *path;
	pid_t owner; /* a child that was forked for another program owns nothing */
	bool keep;
};

static struct doomed *doomed_list;

static void remove_doomed(void)
{
	struct doomed *d = __atomic_load_n(&doomed_list, __ATOMIC_ACQUIRE);

	for (; d; d = d->next) {
		if (__atomic_load_n(&d->keep, __ATOMIC_ACQUIRE) || d->owner != getpid())
			continue;
		/* a program that is just ending may still make a file */
		for (int attempt = 0; attempt < 3 && remove_tree(d->path); attempt++)
			;
	}
}

static int doom(const char *path, struct doomed **out)
{
	static bool registered;
	struct doomed *d = calloc(1, sizeof(*d));

	if (!d)
		return -ENOMEM;
	d->path = realpath(path, NULL); /* the process may change its working directory */
	if (!d->path) {
		free(d);
		return -errno;
	}
	d->owner = getpid();
	d->next = doomed_list;
	__atomic_store_n(&doomed_list, d, __ATOMIC_RELEASE);
	if (!registered)
		registered = !atexit(remove_doomed);
	*out = d;
	return 0;
}

static void spare(struct doomed *d)
{
	__atomic_store_n(&d->keep, true, __ATOMIC_RELEASE);
}

void files_keep(const char *path)
{
	char *real = realpath(path, NULL);

	for (struct doomed *d = doomed_list; d; d = d->next)
		if (!strcmp(d->path, real ?: path))
			spare(d);
	free(real);
}

static void on_signal(int signal_number)
{
	process_end_all();
	remove_doomed();
	/* the parent must see that this signal ended us */
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

void files_cleanup_on_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action = { .sa_handler = on_signal }, old;

	sigfillset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		/* nohup: a signal that was ignored stays ignored */
		if (!sigaction(signals[i], NULL, &old) && old.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
	/*
	 * exceeding a limit on file sizes then fails with EFBIG, which is reported and cleaned up
	 */
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
}

/* No signal may arrive between making a file and adding it to the list. */
static void hold_signals(sigset_t *old)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, old);
}

int make_temp_dir(const char *parent, const char *prefix, char **path)
{
	const char *tmpdir = getenv("TMPDIR");
	struct doomed *doomed;
	char *template;
	sigset_t old;
	int err = 0;

	if (!parent)
		parent = tmpdir && *tmpdir ? tmpdir : "/tmp";
	template = format("%s/%sXXXXXX", parent, prefix);
	if (!template)
		return -ENOMEM;
	hold_signals(&old);
	if (!mkdtemp(template))
		err = -errno;
	if (!err) {
		err = doom(template, &doomed);
		if (err)
			rmdir(template);
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (err)
		free(template);
	else
		*path = template;
	return err;
}

static mode_t current_umask(void)
{
	mode_t mask = umask(077);

	umask(mask);
	return mask;
}

int atomic_file_begin(struct atomic_file *file, const char *path, mode_t mode)
{
	const char *tmpdir = getenv("TMPDIR");
	struct stat st;
	sigset_t old;
	int err = 0;
	bool there;

	*file = (struct atomic_file){ .fd = -1 };
	there = !stat(path, &st);
	if (there && S_ISDIR(st.st_mode))
		return -EISDIR;
	/* Root's rename() onto /dev/null would take the device from the whole machine. */
	file->into = there && !S_ISREG(st.st_mode);
	/* write through a symbolic link, as opening for write would */
	file->path = realpath(path, NULL) ?: strdup(path);
	if (file->path && file->into)
		file->temp = format("%s/klp-split-XXXXXX", tmpdir && *tmpdir ? tmpdir : "/tmp");
	else if (file->path)
		file->temp = format("%s.XXXXXX", file->path);
	if (!file->temp) {
		free(file->path);
		return -ENOMEM;
	}
	if (file->into)
		mode = 0600;
	else
		mode = there ? st.st_mode & 07777 : mode & ~current_umask();

	hold_signals(&old);
	file->fd = mkostemp(file->temp, O_CLOEXEC);
	if (file->fd < 0) {
		err = -errno;
	} else {
		err = doom(file->temp, &file->doomed);
		if (!err && fchmod(file->fd, mode))
			err = -errno;
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	if (err)
		atomic_file_abort(file);
	return err;
}

static void atomic_file_end(struct atomic_file *file)
{
	if (file->doomed)
		spare(file->doomed);
	free(file->path);
	free(file->temp);
	*file = (struct atomic_file){ .fd = -1 };
}

void atomic_file_abort(struct atomic_file *file)
{
	if (file->fd >= 0) {
		close(file->fd);
		unlink(file->temp);
	}
	atomic_file_end(file);
}

/* Copy the temporary file into the device or pipe that it is for. 0 or negative errno. */
static int copy_into(struct atomic_file *file)
{
	int to = open(file->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	char buffer[65536];
	off_t at = 0;
	int err = to < 0 ? -errno : 0;

	while (!err) {
		ssize_t n = pread(file->fd, buffer, sizeof(buffer), at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			err = n ? -errno : 0;
			break;
		}
		err = write_all(to, buffer, n);
		at += n;
	}
	if (to >= 0 && close(to) && !err)
		err = -errno;
	return err;
}

int atomic_file_commit(struct atomic_file *file)
{
	int err = 0;

	if (file->into) {
		err = copy_into(file);
		atomic_file_abort(file);
		return err;
	}
	if (fsync(file->fd) && errno != EINVAL && errno != EROFS)
		err = -errno;
	if (close(file->fd) && !err)
		err = -errno;
	file->fd = -1;
	if (!err && rename(file->temp, file->path))
		err = -errno;
	if (err)
		unlink(file->temp);
	atomic_file_end(file);
	return err;
}
