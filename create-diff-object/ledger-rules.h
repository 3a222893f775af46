/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See ledger-rules.c. */
#ifndef CDO_LEDGER_RULES_H
#define CDO_LEDGER_RULES_H

#include "create-diff-object/ledger.h"

/* The first row that accounts for @entry. NULL: none does. */
const struct ledger_rule *ledger_rule_of(const struct ledger *ledger,
					 const struct ledger_entry *entry);

#endif
