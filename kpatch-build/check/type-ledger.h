/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See type-ledger.c. */
#ifndef KPATCH_BUILD_TYPE_LEDGER_H
#define KPATCH_BUILD_TYPE_LEDGER_H

#include "kpatch-build/build.h"
#include "lib/type-layout.h"

/* Add an entry to the ledger that create-diff-object has made for @unit. 0 or -ENOMEM. */
int unit_list_type(const struct trees *trees, const struct unit *unit,
		   const struct listed_type *type);

#endif
