/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See ledger-entries.c. */
#ifndef CDO_LEDGER_ENTRIES_H
#define CDO_LEDGER_ENTRIES_H

#include "create-diff-object/ledger.h"

void ledger_list_entries(struct ledger *ledger);

#endif
