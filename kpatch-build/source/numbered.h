/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree that is compiled, build->numbered, and what has to be known of it: numbered.c. */
#ifndef KPATCH_BUILD_NUMBERED_H
#define KPATCH_BUILD_NUMBERED_H

struct trees;

/* Give what @diag has found in debug information the lines of the patched source. */
struct diag;
void use_patched_lines(const struct trees *trees, struct diag *diag);

#endif
