// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Scripts of the build read some headers as text and make tables from certain
 * lines: sed extracts the names of capabilities, perl extracts object
 * identifiers from comments. For the compiler nothing has changed if a comment
 * has, or a macro that no unit uses. But the table would change, and the
 * running kernel keeps its table.
 *
 * So the parts that such a script extracts are compared before and after the
 * diffs. The rest of the header is like any other's. If something is made from
 * a header as a whole, its kind of file is refused (diff.c). Files that a
 * compiler reads are in readers.c.
 */
#include <errno.h>
#include <fnmatch.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/units/reader-lines.h"
#include "lib/array.h"
#include "lib/files.h"
#include "lib/text.h"

#define WHY "its table was made when the kernel was built"

static const struct script {
	const char *pattern; /* for fnmatch() with FNM_PATHNAME, on the path in the tree */
	const char *picks; /* extended regular expression: the relevant part of a line */
	const char *name; /* the script, or the makefile with the rule */
} scripts[] = {
	{ "include/linux/oid_registry.h", "[ \t]OID_[a-zA-Z0-9_]+,[ \t]+/[*][ \t]+[012][.0-9]*",
	  "lib/build_OID_registry" },
	{ "include/uapi/linux/capability.h", "^#define[ \t]+CAP_[A-Z0-9_]+[ \t]+[0-9]+",
	  "security/apparmor/Makefile" },
	{ "include/uapi/asm-generic/resource.h", "^# ?define[ \t]+RLIMIT_[A-Z0-9_]+",
	  "security/apparmor/Makefile" },
	{ "include/linux/socket.h", "^#define[ \t]+AF_[A-Z0-9_]+[ \t]+[0-9]+",
	  "security/apparmor/Makefile" },
	{ "include/linux/net.h", "^\tSOCK_[A-Z0-9_]+\t+=[ \t]+[0-9]+",
	  "security/apparmor/Makefile" },
	{ "include/xen/interface/xen*.h", "^#define[ \t]+__HYPERVISOR_[a-z][a-z_0-9]*[ \t]+[0-9]+",
	  "scripts/xen-hypercalls.sh" },
};

/* The next line from which a script extracts something; NULL: there is none. */
static const char *next_picked(const regex_t *picks, const char *at, regmatch_t *match)
{
	return regexec(picks, at, 1, match, 0) ? NULL : at + match->rm_so;
}

/* Is the same extracted from both, in the same order? If not, *where is in @b, or at its end. */
static bool same_picks(const regex_t *picks, const char *a, const char *b, const char **where)
{
	regmatch_t in_a, in_b;

	for (;;) {
		const char *x = next_picked(picks, a, &in_a), *y = next_picked(picks, b, &in_b);
		size_t length = x ? in_a.rm_eo - in_a.rm_so : 0;

		*where = y ?: b + strlen(b);
		if (!x || !y)
			return !x && !y;
		if (length != (size_t)(in_b.rm_eo - in_b.rm_so) || strncmp(x, y, length))
			return false;
		a = x + length;
		b = y + length;
	}
}

static unsigned int line_of(const char *text, const char *where)
{
	unsigned int line = 1;

	for (; text < where; text++)
		line += *text == '\n';
	return line;
}

static int compare_texts(const struct script *script, const char *path, const char *original,
			 const char *patched, struct diag *diag)
{
	struct diag_place place = { .file = path };
	const char *where;
	regex_t picks;
	int err = 0;

	if (regcomp(&picks, script->picks, REG_EXTENDED | REG_NEWLINE))
		return diag_oom(diag);
	if (!same_picks(&picks, original, patched, &where)) {
		place.line = line_of(patched, where);
		err = diag_error(diag, "KS361", &place,
				 "%s reads it as text, and makes a table of lines like this",
				 script->name);
		diag_detail(diag, WHY);
	}
	regfree(&picks);
	return err;
}

/* A file that a diff adds or removes is empty on the other side. */
static int read_side(const char *tree, const char *path, char **text, struct diag *diag)
{
	char *whole = path_join(tree, path, NULL);
	size_t size;
	int err = whole ? read_file(whole, text, &size) : -ENOMEM;

	if (err == -ENOENT) {
		*text = strdup("");
		err = *text ? 0 : -ENOMEM;
	}
	if (err)
		diag_errno(diag, -err, path, "read");
	free(whole);
	return err;
}

static int compare_change(const struct trees *trees, struct diag *diag, const struct script *script,
			  const char *path)
{
	char *original = NULL, *patched = NULL;
	int err = read_side(trees->original, path, &original, diag);

	err = err ?: read_side(trees->shadow, path, &patched, diag);
	err = err ?: compare_texts(script, path, original, patched, diag);
	free(original);
	free(patched);
	return err;
}

int compare_lines_of_scripts(const struct series *series, const struct trees *trees,
			     struct diag *diag)
{
	int err = 0, one;

	for (size_t i = 0; i < series->n_changes; i++) {
		const struct change *change = &series->changes[i];

		for (size_t k = 0; k < ARRAY_SIZE(scripts) && !change->ignored; k++) {
			if (fnmatch(scripts[k].pattern, change->path, FNM_PATHNAME))
				continue;
			one = compare_change(trees, diag, &scripts[k], change->path);
			err = err ?: one;
		}
	}
	return err;
}

bool is_read_by_script(const char *path)
{
	for (size_t k = 0; k < ARRAY_SIZE(scripts); k++)
		if (!fnmatch(scripts[k].pattern, path, FNM_PATHNAME))
			return true;
	return false;
}
