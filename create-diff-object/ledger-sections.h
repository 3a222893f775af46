/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See ledger-sections.c. */
#ifndef CDO_LEDGER_SECTIONS_H
#define CDO_LEDGER_SECTIONS_H

#include "create-diff-object/ledger.h"

int ledger_list_sections(struct ledger *ledger);

#endif
