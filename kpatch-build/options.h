/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line: options.c. */
#ifndef KPATCH_BUILD_OPTIONS_H
#define KPATCH_BUILD_OPTIONS_H

#include "kpatch-build/build.h"

/* Ends the process on a usage error (1), and after --help, --version, --explain (0). */
void options_parse(int argc, char **argv, struct options *options);

/* Whether the command line asks for more than one kernel, or may: the run is many-kernels.c's. */
bool options_want_many(const struct options *options);

#endif
