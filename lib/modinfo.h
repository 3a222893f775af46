/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Section .modinfo of a module is a sequence of "tag=value" strings, with one or
 * (for alignment) several NULs between them. It comes from a file, so the last
 * NUL may be missing.
 */
#ifndef KLP_SPLIT_MODINFO_H
#define KLP_SPLIT_MODINFO_H

#include <stddef.h>

/*
 * The first value of @tag at or after *@at (start with 0; moved past the value,
 * so that a loop finds all). NULL if there is no more. A string without a final
 * NUL is ignored.
 */
const char *modinfo_next(const void *data, size_t size, const char *tag, size_t *at);
const char *modinfo_get(const void *data, size_t size, const char *tag);

#endif
