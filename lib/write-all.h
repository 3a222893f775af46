/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See write-all.c. */
#ifndef LIB_WRITE_ALL_H
#define LIB_WRITE_ALL_H

#include <stddef.h>

/* Write all of @data, going on after a signal or a short write. 0 or negative errno. */
int write_all(int fd, const char *data, size_t size);

#endif
