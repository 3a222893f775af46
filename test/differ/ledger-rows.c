// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * create-diff-object with another ledger_rule_of(). A row of the ledger's table is needed if a
 * difference would have another fate without it. So besides the row that accounts for a difference,
 * this finds the one that would do so if that row were not there, and appends both with their fates
 * to the file LEDGER_ROWS. With LEDGER_TABLE in its environment it only prints the rows' names.
 */
#include <stdio.h>
#include <stdlib.h>

#define ledger_rule_of first_rule_of
#include "create-diff-object/ledger-rules.c"
#undef ledger_rule_of

const struct ledger_rule *ledger_rule_of(const struct ledger *ledger,
					 const struct ledger_entry *entry);

__attribute__((constructor)) static void print_table(void)
{
	if (!getenv("LEDGER_TABLE"))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		puts(rules[i].name);
	exit(0);
}

static void write_fate(FILE *out, const struct ledger_rule *rule)
{
	static const char *const fates[] = { "carried", "irrelevant", "refused" };

	fprintf(out, "\t%s:%s", rule ? fates[rule->fate] : "refused",
		(rule ? rule->code : "KS160") ?: "-");
}

const struct ledger_rule *ledger_rule_of(const struct ledger *ledger,
					 const struct ledger_entry *entry)
{
	const struct ledger_rule *first = first_rule_of(ledger, entry), *next;
	FILE *out = fopen(getenv("LEDGER_ROWS") ?: "", "a");

	if (!out) {
		perror("LEDGER_ROWS");
		abort();
	}
	if (first) {
		for (next = first + 1; next < rules + ARRAY_SIZE(rules); next++)
			if (next->differs & 1u << entry->differs && next->fits(ledger, entry))
				break;
		fputs(first->name, out);
		write_fate(out, first);
		write_fate(out, next < rules + ARRAY_SIZE(rules) ? next : NULL);
		fputc('\n', out);
	}
	fclose(out);
	return first;
}
