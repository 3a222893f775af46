/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See ledger-names.c. */
#ifndef CDO_LEDGER_NAMES_H
#define CDO_LEDGER_NAMES_H

#include "create-diff-object/ledger.h"

int ledger_list_names(struct ledger *ledger);

#endif
