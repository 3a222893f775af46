/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changed lines of makefiles: makefile-lines.c. */
#ifndef KPATCH_BUILD_SOURCE_MAKEFILE_LINES_H
#define KPATCH_BUILD_SOURCE_MAKEFILE_LINES_H

#include <stdbool.h>

/*
 * True if line @line of a makefile, which ends at a line feed, can be part of a list of objects.
 * Only make can tell what it means.
 */
bool makefile_line_lists_objects(const char *line);

#endif
