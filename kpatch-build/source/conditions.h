/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which #include lines a configuration leaves out: conditions.c. */
#ifndef KPATCH_BUILD_SOURCE_CONDITIONS_H
#define KPATCH_BUILD_SOURCE_CONDITIONS_H

#include <stdbool.h>

/*
 * True if @text, the file @includer, has #include lines that can mean @header, and each of them is
 * under a condition that doesn't hold in the configuration @config (the text of a .config). Ends
 * comments in @text.
 */
bool includes_are_dead(char *text, const char *includer, const char *header, const char *config);

#endif
