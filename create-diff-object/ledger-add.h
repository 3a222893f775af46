/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See ledger-add.c. */
#ifndef CDO_LEDGER_ADD_H
#define CDO_LEDGER_ADD_H

#include "create-diff-object/ledger.h"

void ledger_add(struct ledger *ledger, struct ledger_entry entry);

#endif
