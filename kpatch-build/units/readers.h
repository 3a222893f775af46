/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel consists of more than the units of vmlinux and modules. The vDSO,
 * the boot code, the purgatory of kexec, linker scripts and programs of the
 * build read the same headers, and some of the same .c files. A livepatch only
 * replaces functions of units: if a diff changes what one of these others
 * reads, the running kernel keeps its old form, and nothing would say so.
 *
 * So the text that such a reader compiles is compared before and after the
 * diffs, like that of units (preprocess.h). If it differs, the diff is refused
 * with the reader's name.
 */
#ifndef KPATCH_BUILD_READERS_H
#define KPATCH_BUILD_READERS_H

#include <stdbool.h>
#include <stddef.h>

struct unit_index;

/* How the reader's files are compiled, and which part of the result counts. */
enum reader_kind {
	READER_CODE, /* for the target: its text, then its code */
	READER_OFFSETS, /* to assembler text whose "->" lines become a header */
	READER_PROGRAM, /* for the machine that builds the kernel */
};

struct reader {
	const char *pattern; /* fnmatch() with FNM_PATHNAME, on the path in the tree */
	const char *name; /* NULL: it isn't a reader, whatever later rows say */
	const char *why; /* why no livepatch changes it, or why it isn't a reader */
	enum reader_kind kind;
	/*
	 * Flags for the compiler, separated by blanks; "@" is the source's root. NULL: it reads no
	 * header of the kernel.
	 */
	const char *flags;
	bool also; /* later rows that match count too */
};

/* A file of a reader that may read a changed file. */
struct reader_file {
	const struct reader *reader;
	char *source;
	const char *change; /* the first changed file that led here; not owned */
};

struct readers {
	struct reader_file *files;
	size_t n;
};

/*
 * Add @source, and the files of readers that include it, if they are in the table. @change: the
 * changed file that led to it. *@found becomes true if there are any, even if they were added
 * before. 0 or -ENOMEM.
 */
int readers_add(struct readers *readers, const struct unit_index *index, const char *source,
		const char *change, bool *found);
void readers_free(struct readers *readers);

/* Does a reader compile @source or include it? */
bool is_of_reader(const struct unit_index *index, const char *source);

/* Are files of the folder @folder ("a/b/", @n characters), or below it, compiled by a reader? */
bool folder_has_reader(const char *folder, size_t n);

#endif
