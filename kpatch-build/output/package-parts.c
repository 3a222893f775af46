// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Shared by all kinds of packages: filling in templates, and the one time
 * stamp.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "lib/array.h"
#include "kpatch-build/build.h"
#include "lib/files.h"
#include "kpatch-build/output/package.h"
#include "kpatch-build/output/package-parts.h"
#include "kpatch-build/run.h"
#include "kpatch-build/source/cve-map.h"
#include "kpatch-build/source/message.h"
#include "lib/text.h"

int package_put(const char *root, const char *folder, const char *name, char *text, mode_t mode,
		struct diag *diag)
{
	char *dir = path_join(root, folder, NULL);
	char *path = dir ? path_join(dir, name, NULL) : NULL;
	int err = path && text ? make_dirs(dir) : -ENOMEM;

	err = err ?: write_file_atomic(path, text, strlen(text), mode);
	err = err ?: chmod(path, mode) ? -errno : 0;
	if (err)
		diag_errno(diag, -err, path ?: name, "write");
	free(path);
	free(dir);
	free(text);
	return err;
}

/* "net: fix it (CVE-2026-12345)" */
static char *headline(const struct series *series, const struct diff *diff)
{
	struct message message;
	char *line, *longer;

	if (diff_message(series, diff, &message))
		return NULL;
	line = strdup(message.subject);
	for (size_t i = 0; i < message.cves.n && line; i++) {
		if (strcasestr(line, message.cves.list[i]))
			continue;
		longer = format("%s (%s)", line, message.cves.list[i]);
		free(line);
		line = longer;
	}
	message_free(&message);
	return line;
}

char *package_headlines(const struct series *series, const char *bullet)
{
	char *text = strdup(""), *line, *longer;

	for (size_t i = 0; i < series->n_diffs && text; i++) {
		line = headline(series, &series->diffs[i]);
		longer = line ? format("%s%s%s\n", text, bullet, line) : NULL;
		free(line);
		free(text);
		text = longer;
	}
	return text;
}

static char *fill_one(char *text, const char *mark, const char *value)
{
	char *at, *longer;
	size_t done = 0;

	while (text && (at = strstr(text + done, mark))) {
		*at = '\0';
		done = at - text + strlen(value); /* skip the value that was filled in */
		longer = format("%s%s%s", text, value, at + strlen(mark));
		free(text);
		text = longer;
	}
	return text;
}

char *package_fill(const struct kernel *kernel, const struct livepatch *livepatch,
		   const struct package *package, char *text, const struct package_mark *marks,
		   size_t n)
{
	const struct package_mark own[] = {
		{ "@NAME@", livepatch->name },
		{ "@RELEASE@", kernel->release },
		{ "@PACKAGE@", package->name },
	};

	for (size_t i = 0; i < ARRAY_SIZE(own); i++)
		text = fill_one(text, own[i].mark, own[i].value);
	for (size_t i = 0; i < n; i++)
		text = fill_one(text, marks[i].mark, marks[i].value);
	return text;
}

char *package_template(const struct job *job, const struct kernel *kernel,
		       const struct livepatch *livepatch, const struct package *package,
		       const char *name)
{
	char *path = path_join(job->data, "templates", name, NULL), *text = NULL;
	size_t size;
	int err = path ? read_file(path, &text, &size) : -ENOMEM;

	if (err) {
		diag_errno(job->diag, -err, path ?: name, "read");
		text = NULL;
	}
	free(path);
	text = text ? package_fill(kernel, livepatch, package, text, NULL, 0) : NULL;
	if (!text && !err)
		diag_oom(job->diag);
	return text;
}

int package_run(const struct job *job, const struct package *package, const char *const *argv)
{
	char *epoch = format("%lld", (long long)package->date);
	int err = epoch ? 0 : diag_oom(job->diag);

	if (!err) {
		setenv("SOURCE_DATE_EPOCH", epoch, 1); /* see unwanted[] in main.c */
		err = run(job, PACKAGE_FAILED, package->name, NULL, argv, NULL);
		unsetenv("SOURCE_DATE_EPOCH");
	}
	free(epoch);
	return err;
}
