/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Makes the patched text in which unchanged lines keep their numbers:
 * line-directives.c.
 */
#ifndef KPATCH_BUILD_LINE_DIRECTIVES_H
#define KPATCH_BUILD_LINE_DIRECTIVES_H

#include <stddef.h>

#include "kpatch-build/source/hunks.h"

/* The compiler sees lines @line and following of the file, @n of them, as @number and following. */
struct numbered_range {
	unsigned int number, n, line;
};

struct numbered_text {
	char *text; /* NULL: unchanged; the file has line directives of its own */
	size_t size;
	struct numbered_range *ranges;
	size_t n_ranges;
};

/*
 * Number the lines of the patched text @text. @hunks are its differences from an original of
 * @n_original lines. 0, -ENOMEM, or -EINVAL if the hunks don't fit. Free with numbered_text_free().
 */
int number_lines(const char *text, size_t size, size_t n_original, const struct hunk *hunks,
		 size_t n_hunks, struct numbered_text *result);
void numbered_text_free(struct numbered_text *numbered);

#endif
