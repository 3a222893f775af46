/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Units of vmlinux and modules are not all that a kernel is made of. The vDSO,
 * the boot code, the purgatory of kexec, linker scripts and programs of the build
 * read the same headers, and some of the same .c files. A livepatch replaces
 * functions of units alone: if a diff changes what one of these others reads, the
 * running kernel keeps the old form of it, and nobody would be told.
 *
 * The text that such a reader compiles is therefore compared before and after the
 * diffs, as that of units is (preprocess.h). Any difference is refused by the
 * reader's name.
 */
#ifndef KPATCH_BUILD_READERS_H
#define KPATCH_BUILD_READERS_H

#include <stdbool.h>
#include <stddef.h>

struct unit_index;

/* How the reader's files are compiled, and what of the result counts. */
enum reader_kind {
	READER_CODE, /* for the target: its text, then its code */
	READER_OFFSETS, /* to assembler text whose "->" lines become a header */
	READER_PROGRAM, /* for the machine that builds the kernel */
};

struct reader {
	const char *pattern; /* fnmatch() with FNM_PATHNAME, on the path in the tree */
	const char *name; /* NULL: no reader, whatever later rows say */
	const char *why; /* no livepatch reaches it, or it is no reader */
	enum reader_kind kind;
	/* Of the compiler, separated by blanks; "@" is the source's root. NULL: it reads no header of the kernel. */
	const char *flags;
	bool also; /* later rows that match count too */
};

/* A file of a reader that may read a changed file. */
struct reader_file {
	const struct reader *reader;
	char *source;
	const char *change; /* the changed file that led here first; not owned */
};

struct readers {
	struct reader_file *files;
	size_t n;
};

/*
 * Add @source, and the files of readers that include it, if they are in the table. @change: the
 * changed file that led to it. *@found becomes true if there are any, also if they are there already.
 * 0 or -ENOMEM.
 */
int readers_add(struct readers *readers, const struct unit_index *index, const char *source,
		const char *change, bool *found);
void readers_free(struct readers *readers);

/* True if a reader compiles @source or includes it. */
bool is_of_reader(const struct unit_index *index, const char *source);

#endif
