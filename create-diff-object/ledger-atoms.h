/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See ledger-atoms.c. */
#ifndef CDO_LEDGER_ATOMS_H
#define CDO_LEDGER_ATOMS_H

#include "create-diff-object/ledger.h"

void ledger_list_atoms(struct ledger *ledger);

#endif
