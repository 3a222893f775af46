/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An out-of-tree module (--oot-module): oot.c. The passes are declared in
 * build.h.
 */
#ifndef KPATCH_BUILD_OOT_H
#define KPATCH_BUILD_OOT_H

struct build;

/* Add the units that a changed header of the module may reach. */
int map_oot_headers(struct build *build);

#endif
