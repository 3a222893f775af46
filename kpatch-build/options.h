/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses the command line: options.c. */
#ifndef KPATCH_BUILD_OPTIONS_H
#define KPATCH_BUILD_OPTIONS_H

#include "kpatch-build/build.h"

/* Ends the process on a usage error (1), and after --help, --version, --explain (0). */
void options_parse(int argc, char **argv, struct options *options);

/* Does the command line ask for more than one kernel, or may it? Then many-kernels.c runs. */
bool options_want_many(const struct options *options);

#endif
