/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef KPATCH_UNPACK_H
#define KPATCH_UNPACK_H

#include "kpatch/machine/host.h"

/*
 * The file that modprobe would load for module @name, unpacked into @folder if it is compressed.
 * *@path is malloc()ed. -ENOENT: it knows none; other errors are reported (KS901).
 */
int module_unpacked(struct host *host, const char *name, const char *folder, char **path);

#endif
