/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which files of the source a kernel is built without: those of drivers that its
 * configuration leaves out, and the headers that only these read. See unbuilt.c.
 */
#ifndef KPATCH_BUILD_UNITS_UNBUILT_H
#define KPATCH_BUILD_UNITS_UNBUILT_H

#include <stdbool.h>

struct header_graph;
struct unit_index;

/* What is known of a kernel; the pointers belong to the caller. */
struct built {
	const struct unit_index *index;
	const struct header_graph *graph; /* needed for headers only */
	const char *source; /* the tree */
	const char *config; /* the text of the .config */
};

/* *@is: it is known that nothing of the kernel is made from the .c or .S file @path. 0 or -ENOMEM. */
int source_is_unbuilt(const struct built *built, const char *path, bool *is);
/* *@is: it is known that nothing of the kernel reads the header @path. 0 or -ENOMEM. */
int header_is_unread(const struct built *built, const char *path, bool *is);
/* Has @folder a makefile of its own? */
bool has_makefile(const struct built *built, const char *folder);
/* *@is: it is known that this kernel doesn't build anything by the makefile @path. 0 or -ENOMEM. */
int makefile_is_unused(const struct built *built, const char *path, bool *is);

#endif
