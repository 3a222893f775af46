/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See prove-exports.c. */
#ifndef KPATCH_BUILD_PROVE_EXPORTS_H
#define KPATCH_BUILD_PROVE_EXPORTS_H

#include "kpatch-build/prove/prove-tables.h"

/* Like prove_tables() for exports, which a unit only notes. */
int prove_exports(const struct proof *proof, const struct table_findings *findings, size_t *equal);

#endif
