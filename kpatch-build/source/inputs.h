/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The user's input isn't always one diff in one file. It may be a pipe, a compressed file, a mail
 * in some encoding, or a mailbox with a whole series. The later passes know only diffs: plain text,
 * each in a file of its own in the work directory.
 */
#ifndef KPATCH_BUILD_INPUTS_H
#define KPATCH_BUILD_INPUTS_H

#include <stdbool.h>

/*
 * Can the file's name be used to name the livepatch? False for a pipe, and for a file called "-",
 * which is a pipe saved by many-kernels.c.
 */
bool input_has_name(const char *path);

#endif
