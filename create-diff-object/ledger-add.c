// SPDX-License-Identifier: GPL-2.0-or-later
/* Adds entries to the ledger: ledger.h. */
#include <stdlib.h>

#include "create-diff-object/ledger-add.h"

void ledger_add(struct ledger *ledger, struct ledger_entry entry)
{
	if (ledger->n == ledger->capacity) {
		size_t capacity = ledger->capacity * 2 + 64;
		struct ledger_entry *entries =
			reallocarray(ledger->entries, capacity, sizeof(*entries));

		if (!entries) {
			ledger->out_of_memory = true;
			return;
		}
		ledger->entries = entries;
		ledger->capacity = capacity;
	}
	ledger->entries[ledger->n++] = entry;
}
