/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See ledger-compare.c. */
#ifndef CDO_LEDGER_COMPARE_H
#define CDO_LEDGER_COMPARE_H

#include "create-diff-object/ledger.h"

/* Find the atoms that are identified only by their content, and that both units have: ->same. */
int ledger_match_contents(struct ledger *ledger);

/* The atom's twin, or the atom with the same content, in the other unit. */
struct atom *ledger_partner(const struct atom *atom);

/* Are the bytes and the references the same? WITHOUT_ENDBR: apart from an ENDBR at the beginning. */
enum ledger_endbr { WITH_ENDBR, WITHOUT_ENDBR };
bool ledger_same_content(const struct atom *original, const struct atom *patched,
			 enum ledger_endbr how);

#endif
