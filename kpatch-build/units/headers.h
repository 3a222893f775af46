/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's graph of headers: headers.c. The pass is in build.h. */
#ifndef KPATCH_BUILD_UNITS_HEADERS_H
#define KPATCH_BUILD_UNITS_HEADERS_H

#include "kpatch-build/build.h"

struct header_graph;
struct unit_index;

/* Load it, or make it first if this kernel has none yet. 0 or negative, reported. */
int load_header_graph(const struct job *job, struct kernel *kernel, const struct unit_index *index,
		      struct header_graph *graph);

#endif
