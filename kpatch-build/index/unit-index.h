/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Before compiling, we have to know which object a source file is part of. 6.1
 * has 4,700 units; finding out takes seconds, and is the same for every build
 * for one kernel. So the result is kept in a sorted text file, one on each
 * line, which a person can grep:
 *
 *	unit <tab> source file <tab> object <tab> module file below modules/, or "-"
 *	     [<tab> kbuild's name]
 *	assembly …                     the same for a .S file, because of the headers that it reads
 *	include <tab> including file <tab> what it includes
 */
#ifndef KPATCH_BUILD_UNIT_INDEX_H
#define KPATCH_BUILD_UNIT_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include "lib/diag.h"

/*
 * The number changes with the format: other versions of the tools may use the same cache at the
 * same time.
 */
#define UNIT_INDEX_NAME "index-4"

struct unit_index_entry {
	const char *source;
	const char *object;
	const char *file;
	/* the source by kbuild's name: "arch/x86/kvm/../../../virt/kvm/eventfd.c" */
	const char *goal;
};

struct unit_index_include {
	const char *includer;
	const char *text;
};

struct unit_index {
	char *data;
	struct unit_index_entry *units; /* sorted by source, then object */
	size_t n_units;
	struct unit_index_include *includes;
	size_t n_includes;
};

/* Assembly is listed because of the headers that it reads: it can't be replaced. */
bool unit_is_assembly(const char *source);

/* 0; -ENOENT if the file doesn't exist or has another @id; other errors are reported. */
int unit_index_load(const char *path, const char *id, struct unit_index *index, struct diag *diag);
void unit_index_free(struct unit_index *index);

/*
 * The units made from @source itself (normally one, in one object); NULL and *@n 0 if there are
 * none.
 */
const struct unit_index_entry *unit_index_find(const struct unit_index *index, const char *source,
					       size_t *n);

/*
 * Call @found for every unit that @source can be part of: its own, and those that include it; and
 * @header for every header that includes it or one of those.
 */
int unit_index_reach(const struct unit_index *index, const char *source,
		     int (*found)(const struct unit_index_entry *entry, void *arg),
		     int (*header)(const char *header, void *arg), void *arg);

/* The lines that make_unit_index() adds, in any order; unit_index_write() sorts them. */
struct unit_index_text {
	char **lines;
	size_t n, cap;
};
int unit_index_add(struct unit_index_text *text, char *line /* taken; may be NULL */);
int unit_index_write(struct unit_index_text *text, const char *path, const char *id,
		     struct diag *diag);

#endif
