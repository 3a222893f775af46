/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * With #line kpatch-build gives the unchanged lines of a patched file their old
 * numbers. Debug information then has the original's numbers, but a message must
 * have those of the patched file, which the reader looks into.
 */
#ifndef KLP_SPLIT_LINE_MAP_H
#define KLP_SPLIT_LINE_MAP_H

#include "lib/diag.h"

struct line_map;

/*
 * Read a file {"FILE": [[NUMBER, N, LINE], …], …}: the compiler took the N lines from LINE on for
 * the lines from NUMBER on. 0, or a negative errno that is reported.
 */
int line_map_read(const char *path, struct line_map **map, struct diag *diag);
void line_map_free(struct line_map *map);

/* The line of the patched @file that has @number; @number itself if the map has none (or is NULL). */
unsigned int line_map_line(const struct line_map *map, const char *file, unsigned int number);

#endif
