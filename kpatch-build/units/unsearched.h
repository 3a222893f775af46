/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Units with text that the index of words doesn't have: unsearched.c. */
#ifndef KPATCH_BUILD_UNSEARCHED_H
#define KPATCH_BUILD_UNSEARCHED_H

struct header_graph;
struct unit_index;
struct word_index;

/* Call @found with the source of each such unit. 0, -ENOMEM, or what @found returned. */
int unsearched_units(const struct unit_index *index, const struct header_graph *graph,
		     const struct word_index *words, int (*found)(const char *source, void *arg),
		     void *arg);

#endif
