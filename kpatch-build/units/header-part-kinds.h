/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a part of a header declares: header-part-kinds.c. */
#ifndef KPATCH_BUILD_HEADER_PART_KINDS_H
#define KPATCH_BUILD_HEADER_PART_KINDS_H

struct header_part;

/* Sets ->kind and ->name of a part that is no directive. 0 or -ENOMEM. */
int header_part_classify(struct header_part *part);

#endif
