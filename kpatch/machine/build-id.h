/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A rebuilt kernel keeps its release; a build-id identifies the binary. A
 * livepatch for another build would write to the wrong places.
 */
#ifndef KPATCH_BUILD_ID_H
#define KPATCH_BUILD_ID_H

#include "kpatch/machine/host.h"

/* In hexadecimal, malloc()ed; NULL if there is none. */
char *build_id_in_notes(const void *notes, size_t size);
char *build_id_of_kernel(const struct host *host);
char *build_id_of_loaded(const struct host *host, const char *module);
char *build_id_of_file(const char *path);

#endif
