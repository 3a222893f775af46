// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * patch(1) looks for the file of a change by rules of its own: it chooses the
 * name that exists, and follows git's lines about renames and modes. Parts of a
 * diff that are left out need not apply, and patch(1) would refuse the whole
 * diff because of one of them. So it gets what was parsed here, not the user's
 * text.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kpatch-build/source/diff.h"
#include "kpatch-build/source/diff-write.h"

static void write_names(FILE *out, const struct diff_entry *entry)
{
	const char *end = entry->crlf ? "\r" : "";

	fprintf(out, entry->old_path ? "--- a/%s%s\n" : "--- /dev/null%.0s%s\n", entry->path, end);
	fprintf(out, entry->new_path ? "+++ b/%s%s\n" : "+++ /dev/null%.0s%s\n", entry->path, end);
}

/* Only git's format can express that an empty file is added. */
static void write_empty_file(FILE *out, const char *path)
{
	fprintf(out, "diff --git a/%s b/%s\nnew file mode 100644\nindex 0000000..e69de29\n", path,
		path);
}

static void write_entry(FILE *out, const struct diff_entry *entry)
{
	if (entry->hunks) {
		write_names(out, entry);
		fwrite(entry->body, 1, entry->body_end - entry->body, out);
		if (entry->body_end > entry->body && entry->body_end[-1] != '\n')
			fputc('\n', out);
	} else if (!entry->old_path) {
		write_empty_file(out, entry->path);
	}
}

bool diff_is_written(const struct diff_entry *entry)
{
	return entry->path && (entry->hunks || !entry->old_path);
}

int diff_write(const struct diff_list *list, const char *path)
{
	FILE *out = fopen(path, "w");
	int err;

	if (!out)
		return -errno;
	for (size_t i = 0; i < list->n; i++)
		if (list->entries[i].path)
			write_entry(out, &list->entries[i]);
	err = ferror(out) ? -EIO : 0;
	if (fclose(out) && !err)
		err = -errno;
	return err;
}

const char *diff_choose_name(const char *old, const char *new)
{
	size_t n_old = strlen(old), n_new = strlen(new), n = n_old < n_new ? n_old : n_new;
	const char *shorter = n_old < n_new ? old : new, *longer = n_old < n_new ? new : old;

	if (strncmp(old, new, n))
		return NULL;
	return !longer[n] || strchr(".~-_", longer[n]) ? shorter : NULL;
}
