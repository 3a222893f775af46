/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the user gives isn't always one diff in one file: it is a pipe, an archive, a mail in some
 * encoding, or a mailbox with a whole series. All passes that follow know diffs only: plain texts,
 * each in a file of this run.
 */
#ifndef KPATCH_BUILD_INPUTS_H
#define KPATCH_BUILD_INPUTS_H

#include <stdbool.h>

/* Does the file name say what the fix is? That of a pipe doesn't, nor that of a saved pipe. */
bool input_has_name(const char *path);

#endif
