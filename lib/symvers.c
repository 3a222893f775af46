// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * If an odd line were skipped, one export would not be known, which means a
 * needless or impossible klp relocation later. So a file with one line that
 * can't be parsed is refused as a whole.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/paths.h"
#include "lib/text.h"
#include "lib/files.h"
#include "lib/klp-format.h"
#include "lib/symvers.h"

struct export
{
	const char *symbol; /* into one of the contents */
	const char *owner; /* likewise */
	bool in_namespace;
};

struct symvers {
	char **contents; /* the files, cut into strings */
	size_t n_contents;
	struct export *exports; /* sorted by symbol */
	size_t n_exports, cap_exports;
};

/* "net/netfilter/x_tables", or a path with ".o" or ".ko" as older kbuild wrote: the kernel's name.
 */
static const char *owner_name(char *path)
{
	char *base = path + (base_name(path) - path);
	char *dot = strrchr(base, '.');

	if (dot && (!strcmp(dot, ".ko") || !strcmp(dot, ".o")))
		*dot = '\0';
	return klp_kernel_name(base);
}

static bool parse_line(char *line, struct export *export)
{
	char *crc = strsep(&line, "\t"), *symbol = strsep(&line, "\t");
	char *owner = strsep(&line, "\t"), *kind = strsep(&line, "\t"), *end;
	const char *namespace = strsep(&line, "\t");

	if (!crc || !symbol || !owner || !kind || !*crc || !*symbol || !*owner)
		return false;
	strtoul(crc, &end, 16);
	if (*end || !str_starts(kind, "EXPORT_"))
		return false;
	export->symbol = symbol;
	export->owner = owner_name(owner);
	export->in_namespace = namespace && *namespace;
	return *export->owner;
}

static int add_export(struct symvers *symvers, const struct export *export)
{
	if (symvers->n_exports == symvers->cap_exports) {
		size_t cap = symvers->cap_exports ? symvers->cap_exports * 2 : 1024;
		struct export *exports = reallocarray(symvers->exports, cap, sizeof(*exports));

		if (!exports)
			return -ENOMEM;
		symvers->exports = exports;
		symvers->cap_exports = cap;
	}
	symvers->exports[symvers->n_exports++] = *export;
	return 0;
}

static int parse(struct symvers *symvers, const char *path, char *content, struct diag *diag)
{
	struct diag_place place = { .file = path };
	struct export export;
	char *line;

	while ((line = strsep(&content, "\n"))) {
		place.line++;
		if (!*line)
			continue;
		if (!parse_line(line, &export))
			return diag_error(diag, "KS930", &place,
					  "this line isn't an entry of such a list");
		if (add_export(symvers, &export))
			return diag_oom(diag);
	}
	return 0;
}

static int compare_export(const void *a, const void *b)
{
	const struct export *x = a, *y = b;

	return strcmp(x->symbol, y->symbol);
}

/* If one symbol has two owners, lists of different kernels were mixed. */
static int check_owners(const struct symvers *symvers, const char *path, struct diag *diag)
{
	const struct export *exports = symvers->exports;
	struct diag_place place = { .file = path };
	int err = 0;

	for (size_t i = 1; i < symvers->n_exports; i++)
		if (!strcmp(exports[i].symbol, exports[i - 1].symbol) &&
		    strcmp(exports[i].owner, exports[i - 1].owner))
			err = diag_error(diag, "KS931", &place, "'%s': %s and %s",
					 exports[i].symbol, exports[i - 1].owner, exports[i].owner);
	return err;
}

int symvers_add(struct symvers *symvers, const char *path, struct diag *diag)
{
	size_t before = symvers->n_exports, size;
	char **contents, *content;
	int err;

	err = read_file(path, &content, &size);
	if (err)
		return diag_errno(diag, -err, path, "read");
	contents = reallocarray(symvers->contents, symvers->n_contents + 1, sizeof(*contents));
	if (!contents) {
		free(content);
		return diag_oom(diag);
	}
	symvers->contents = contents;
	symvers->contents[symvers->n_contents++] = content;

	if (strlen(content) != size) {
		struct diag_place place = { .file = path };

		return diag_error(diag, "KS930", &place, "it is not text");
	}
	err = parse(symvers, path, content, diag);
	if (err) {
		symvers->n_exports = before;
		return err;
	}
	qsort(symvers->exports, symvers->n_exports, sizeof(*symvers->exports), compare_export);
	return check_owners(symvers, path, diag);
}

int symvers_load(const char *path, struct symvers **out, struct diag *diag)
{
	struct symvers *symvers = calloc(1, sizeof(*symvers));
	int err;

	if (!symvers)
		return diag_oom(diag);
	err = symvers_add(symvers, path, diag);
	if (err)
		symvers_free(symvers);
	else
		*out = symvers;
	return err;
}

void symvers_free(struct symvers *symvers)
{
	if (!symvers)
		return;
	for (size_t i = 0; i < symvers->n_contents; i++)
		free(symvers->contents[i]);
	free(symvers->contents);
	free(symvers->exports);
	free(symvers);
}

static const struct export *find_export(const struct symvers *symvers, const char *symbol)
{
	struct export key = { .symbol = symbol };

	if (!symvers->n_exports)
		return NULL;
	return bsearch(&key, symvers->exports, symvers->n_exports, sizeof(key), compare_export);
}

const char *symvers_owner(const struct symvers *symvers, const char *symbol)
{
	const struct export *found = find_export(symvers, symbol);

	return found ? found->owner : NULL;
}

bool symvers_is_open_export(const struct symvers *symvers, const char *symbol)
{
	const struct export *found = find_export(symvers, symbol);

	return found && !found->in_namespace && !strcmp(found->owner, KLP_VMLINUX);
}
