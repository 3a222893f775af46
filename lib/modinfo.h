/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Section .modinfo of a module is a run of "tag=value" strings, with NULs
 * between that may be doubled by alignment. It comes from a file: it may lack
 * the last NUL.
 */
#ifndef KLP_SPLIT_MODINFO_H
#define KLP_SPLIT_MODINFO_H

#include <stddef.h>

/*
 * The first value of @tag at or after *@at (start with 0; moved behind it, so
 * that a loop finds all). NULL if there is no more. Strings without an end
 * don't count.
 */
const char *modinfo_next(const void *data, size_t size, const char *tag, size_t *at);
const char *modinfo_get(const void *data, size_t size, const char *tag);

#endif
