/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See ledger-compare.c. */
#ifndef CDO_LEDGER_COMPARE_H
#define CDO_LEDGER_COMPARE_H

#include "create-diff-object/ledger.h"

/* ledger-compare.c: find what has no identity but its content in both units: ->same. */
int ledger_match_contents(struct ledger *ledger);

/* Its twin, or what has the same content, in the other unit. */
struct atom *ledger_partner(const struct atom *atom);

/* Bit for bit the same, and it refers to the same; @landing: but for an ENDBR at its beginning. */
bool ledger_same_content(const struct atom *original, const struct atom *patched, bool landing);

#endif
