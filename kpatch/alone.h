/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two kpatch that change the machine at the same time would take each other's
 * work for leftovers. So they take turns; and whoever gave a time with --timeout
 * doesn't wait longer than that for his turn.
 */
#ifndef KPATCH_ALONE_H
#define KPATCH_ALONE_H

#include "kpatch/machine/host.h"

#define KPATCH_LOCK "/run/klp-split.lock"

/*
 * Wait for the lock, for host->timeout or until a signal arrives. Returns a descriptor; closing it
 * releases the lock. KS448, KS417, KS901.
 */
int become_alone(struct host *host);

/* Without permission to read the lock file, say no. */
bool is_another_at_work(const struct host *host);

#endif
