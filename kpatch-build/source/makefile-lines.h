/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changed lines of makefiles: makefile-lines.c. */
#ifndef KPATCH_BUILD_SOURCE_MAKEFILE_LINES_H
#define KPATCH_BUILD_SOURCE_MAKEFILE_LINES_H

#include <stdbool.h>
#include <stddef.h>

/*
 * True if line @line of a makefile, which ends at a line feed, can be part of a list of objects.
 * Only make can tell what it means.
 */
bool makefile_line_lists_objects(const char *line);

/* True for folders that kbuild descends into ("obj-$(CONFIG_X) += sub/"), and for a comment. */
bool makefile_line_lists_folders(const char *line);

/*
 * The length of the variable's name if the line sets flags ("ccflags-$(CONFIG_X) += -DX",
 * "CFLAGS_x.o := -O1") and does nothing else; 0: it is something else.
 */
size_t makefile_setting(const char *line);

/* "CFLAGS_x.o" → "x.o": the object that a flag is for; NULL: the variable isn't one object's. */
const char *makefile_object_of_flag(const char *name);

/*
 * What a makefile @text has to do with the object @object ("sub/x.o"): nothing; it lists it among
 * the objects that are linked into the kernel or a module, and gives it flags at most; or more than
 * that, as with the object of a program that the build runs.
 */
enum makefile_use { MAKEFILE_NOTHING, MAKEFILE_LINKS, MAKEFILE_OTHER };
enum makefile_use makefile_use_of(const char *text, const char *object);

/* Does the makefile list objects for the kernel or modules ("obj-…"), and make nothing else? */
bool makefile_lists_objects(const char *text);

#endif
