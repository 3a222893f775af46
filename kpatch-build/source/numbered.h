/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tree that is compiled, build->numbered: numbered.c. */
#ifndef KPATCH_BUILD_NUMBERED_H
#define KPATCH_BUILD_NUMBERED_H

struct trees;

/* Translate line numbers that @diag has from debug information to lines of the patched source. */
struct diag;
void use_patched_lines(const struct trees *trees, struct diag *diag);

#endif
