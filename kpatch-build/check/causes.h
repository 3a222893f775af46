/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KPATCH_BUILD_CAUSES_H
#define KPATCH_BUILD_CAUSES_H

struct build;

/* Put the errors that others explain below those, before they are printed. */
void fold_consequences(struct build *build);

#endif
