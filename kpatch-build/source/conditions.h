/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Find #include lines that are disabled in a configuration: conditions.c. */
#ifndef KPATCH_BUILD_SOURCE_CONDITIONS_H
#define KPATCH_BUILD_SOURCE_CONDITIONS_H

#include <stdbool.h>

/*
 * True if @text, the content of the file @includer, has #include lines that can mean @header, and
 * each of them depends on a condition that is false in @config (the text of a .config). Removes the
 * comments from @text.
 */
bool includes_are_dead(char *text, const char *includer, const char *header, const char *config);

#endif
