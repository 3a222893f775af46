/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kpatch-build tells the compiler by #line that the unchanged lines of a patched
 * file are where they were. Debug information then has the original's numbers,
 * and a message must have those of the file that its reader looks into.
 */
#ifndef KLP_SPLIT_LINE_MAP_H
#define KLP_SPLIT_LINE_MAP_H

#include "lib/diag.h"

struct line_map;

/*
 * A file that has {"FILE": [[NUMBER, N, LINE], …], …}: the compiler took lines LINE and following,
 * N of them, for NUMBER and following. 0, or a negative errno that is reported.
 */
int line_map_read(const char *path, struct line_map **map, struct diag *diag);
void line_map_free(struct line_map *map);

/* The line of the patched @file that has @number; @number itself if the map has none (or is NULL). */
unsigned int line_map_line(const struct line_map *map, const char *file, unsigned int number);

#endif
