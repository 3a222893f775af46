// SPDX-License-Identifier: GPL-2.0-or-later
/* Read inputs that may be a pipe or compressed: see unpack.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kpatch-build/build.h"
#include "kpatch-build/run.h"
#include "kpatch-build/source/decode.h"
#include "kpatch-build/source/unpack.h"
#include "lib/array.h"
#include "lib/files.h"
#include "lib/process.h"
#include "lib/strvec.h"
#include "lib/text.h"

/*
 * Compressed files are recognised by content, not by name: a pipe has no name, and browsers may
 * unpack a file and keep its name.
 */
static const struct packer {
	const char *magic;
	size_t n;
	const char *program[4];
} packers[] = {
	{ "\x1f\x8b", 2, { "gzip", "-dcq" } },
	{ "\xfd"
	  "7zXZ\0",
	  6,
	  { "xz", "-dcq", "--memlimit-decompress=512MiB" } },
	{ "BZh", 3, { "bzip2", "-dcq" } },
	{ "\x28\xb5\x2f\xfd", 4, { "zstd", "-dcq" } },
};

/* Kinds of input that contain no diff as text, and what to tell the user about them. */
static const struct {
	size_t at;
	const char *magic;
	size_t n;
	const char *is;
} no_texts[] = {
	{ 257, "ustar", 5, "it is a tar archive: unpack it first" },
	{ 0, "PK\3\4", 4, "it is a ZIP archive: unpack it first" },
	{ 0, "7z\xbc\xaf", 4, "it is a 7z archive: unpack it first" },
	{ 0, "\xff\xfe", 2, "it is UTF-16: convert it to UTF-8" },
	{ 0, "\xfe\xff", 2, "it is UTF-16: convert it to UTF-8" },
	{ 0, "<!DOCTYPE", 9, "it is a web page: save the patch itself" },
	{ 0, "<!doctype", 9, "it is a web page: save the patch itself" },
	{ 0, "<html", 5, "it is a web page: save the patch itself" },
};

static int too_large(const struct job *job, const char *label)
{
	struct diag_place place = { .file = label };

	diag_error(job->diag, "KS372", &place, "more than %lu MiB", INPUT_MAX >> 20);
	return -EFBIG;
}

/* Read until the end, or until there is more than is allowed. */
static int read_some(int fd, struct bytes *bytes)
{
	size_t room = 0;

	for (;;) {
		ssize_t n;

		if (bytes->size + 1 >= room) {
			char *data = realloc(bytes->data, room += room ?: 65536);

			if (!data)
				return -ENOMEM;
			bytes->data = data;
		}
		n = read(fd, bytes->data + bytes->size, room - bytes->size - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		bytes->size += n;
		bytes->data[bytes->size] = '\0';
		if (!n || bytes->size > INPUT_MAX)
			return 0;
	}
}

static int read_path(const struct job *job, const char *path, const char *label,
		     struct bytes *bytes)
{
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : dup(STDIN_FILENO), err;
	struct stat st;

	if (fd < 0)
		return diag_errno(job->diag, errno, label, "read");
	err = fstat(fd, &st) ? -errno : S_ISDIR(st.st_mode) ? -EISDIR : read_some(fd, bytes);
	close(fd);
	if (err)
		return err == -ENOMEM ? diag_oom(job->diag)
				      : diag_errno(job->diag, -err, label, "read");
	return bytes->size > INPUT_MAX ? too_large(job, label) : 0;
}

static const struct packer *packer_of(const struct bytes *bytes)
{
	for (size_t i = 0; i < ARRAY_SIZE(packers); i++)
		if (bytes->size >= packers[i].n &&
		    !memcmp(bytes->data, packers[i].magic, packers[i].n))
			return &packers[i];
	return NULL;
}

/* Report why the unpacking program failed, according to its exit status. */
static int say_why(const struct job *job, const char *label, const struct packer *packer,
		   const struct process *process, int err)
{
	struct diag_place place = { .file = label };

	if (err == -ECHILD && WIFSIGNALED(process->status) && WTERMSIG(process->status) == SIGXFSZ)
		return too_large(job, label);
	if (err != -ECHILD)
		diag_error(job->diag, "KS353", &place, "%s can't be run: %s", packer->program[0],
			   strerror(-err));
	else if (WIFEXITED(process->status) && WEXITSTATUS(process->status) == 127)
		diag_error(job->diag, "KS353", &place, "%s can't be run: it isn't installed",
			   packer->program[0]);
	else
		diag_error(job->diag, "KS353", &place, "%s finds it damaged or cut off",
			   packer->program[0]);
	return -EINVAL;
}

/* Because of prlimit(1), a program that writes more than is allowed gets SIGXFSZ. */
static int unpack(const struct job *job, const char *label, const struct packer *packer,
		  const char *raw, struct bytes *bytes)
{
	char *plain = format("%s.plain", raw), *limit = format("--fsize=%lu", INPUT_MAX);
	struct strvec argv = { 0 };
	struct process process = { .input = raw, .output = plain };
	int err;

	strvec_add(&argv, "prlimit");
	strvec_add(&argv, limit ?: "");
	strvec_add(&argv, "--");
	for (size_t i = 0; i < ARRAY_SIZE(packer->program) && packer->program[i]; i++)
		strvec_add(&argv, packer->program[i]);
	err = plain && limit && !argv.failed ? 0 : diag_oom(job->diag);
	if (!err) {
		process.argv = argv.list;
		err = process_run(&process);
		if (err)
			err = say_why(job, label, packer, &process, err);
	}
	process_end(&process);
	if (!err) {
		free(bytes->data);
		bytes->data = NULL;
		err = read_file(plain, &bytes->data, &bytes->size);
		if (err)
			diag_errno(job->diag, -err, label, "unpack");
	}
	strvec_free(&argv);
	free(limit);
	free(plain);
	return err;
}

/* A NUL would end the string that the later passes read, and the rest of the diff would be lost. */
static int check_text(const struct job *job, const char *label, const struct bytes *bytes)
{
	struct diag_place place = { .file = label };
	const char *nul;

	for (size_t i = 0; i < ARRAY_SIZE(no_texts); i++)
		if (bytes->size >= no_texts[i].at + no_texts[i].n &&
		    !memcmp(bytes->data + no_texts[i].at, no_texts[i].magic, no_texts[i].n))
			return diag_error(job->diag, "KS322", &place, "%s", no_texts[i].is);
	if (!bytes->size)
		return diag_error(job->diag, "KS322", &place, "it is empty");
	nul = memchr(bytes->data, '\0', bytes->size);
	if (!nul)
		return 0;
	place.line = 1;
	for (const char *at = bytes->data; at < nul; at++)
		place.line += *at == '\n';
	return diag_error(job->diag, "KS322", &place, "there is a NUL byte in it");
}

int read_input(const struct job *job, const char *path, const char *label, const char *raw,
	       char **text, size_t *size)
{
	const struct packer *packer;
	struct bytes bytes = { 0 };
	int err = read_path(job, path, label, &bytes);

	if (!err) {
		err = write_file_atomic(raw, bytes.data, bytes.size, 0644);
		if (err)
			diag_errno(job->diag, -err, raw, "write");
	}
	packer = err ? NULL : packer_of(&bytes);
	if (packer)
		err = unpack(job, label, packer, raw, &bytes);
	err = err ?: check_text(job, label, &bytes);
	if (err) {
		free(bytes.data);
		return err;
	}
	if (bytes.size >= 3 && !memcmp(bytes.data, "\xef\xbb\xbf", 3)) /* BOM */
		memmove(bytes.data, bytes.data + 3, (bytes.size -= 3) + 1);
	*text = bytes.data;
	*size = bytes.size;
	return 0;
}
