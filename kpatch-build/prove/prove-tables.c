// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Compares two tables by the places that their entries are about; see
 * prove-tables.h.
 */
#include <errno.h>
#include <stdlib.h>

#include "kpatch-build/prove/prove-tables.h"
#include "kpatch-build/prove/prove-function.h"
#include "kpatch-build/prove/shipped-code.h"
#include "kpatch-build/prove/tables.h"
#include "kpatch-build/prove/prove-data.h"

struct comparison {
	const struct proof *proof;
	const struct section_rule *rule;
	struct table ours;
	const struct table *theirs;
	const struct table_findings *findings;
	size_t *equal;
};

void shipped_tables_free(struct shipped_tables *tables)
{
	for (size_t i = 0; tables->list && i < n_section_rules; i++)
		table_free(&tables->list[i]);
	free(tables->list);
	free(tables->read);
	*tables = (struct shipped_tables){ 0 };
}

static int read_theirs(struct comparison *c, struct shipped_tables *shipped)
{
	size_t i = c->rule - section_rules;
	int err = 0;

	if (!shipped->list) {
		shipped->list = calloc(n_section_rules, sizeof(*shipped->list));
		shipped->read = calloc(n_section_rules, sizeof(*shipped->read));
	}
	if (!shipped->list || !shipped->read)
		return -ENOMEM;
	c->theirs = &shipped->list[i];
	if (!shipped->read[i])
		err = table_of_object(c->proof->code, c->rule, c->ours.size, &shipped->list[i]);
	shipped->read[i] = !err;
	return err;
}

static int differs(const struct comparison *c, const struct elf_symbol *symbol, uint64_t offset,
		   const char *why)
{
	struct prove_result result = { .why = why };

	return c->findings->differs(c->findings->arg, c->rule->name, symbol, offset, &result);
}

/* The size of the code without a name that an entry refers to. */
static uint64_t code_of(const struct comparison *c, const struct table_entry *ours)
{
	return c->rule->length_last ? ours->section->data[ours->offset + c->ours.size - 1]
				    : PROVE_TO_FINAL;
}

static int compare_entry(const struct comparison *c, const struct table_entry *ours,
			 const struct table_entry *theirs, const struct elf_symbol *symbol)
{
	struct shipped_place place = { .section = theirs->section, .offset = theirs->offset };
	struct prove_result result;
	enum prove_verdict verdict;
	int err = 0;

	verdict = prove_entry(c->proof, ours->section, ours->offset, c->ours.size, code_of(c, ours),
			      &place, &result);
	if (verdict == PROVE_ERROR)
		err = -ENOMEM;
	else if (verdict != PROVE_EQUAL)
		err = c->findings->differs(c->findings->arg, c->rule->name, symbol,
					   ours->key - symbol->value, &result);
	else
		++*c->equal;
	prove_result_free(&result);
	return err;
}

static bool is_about(const struct table *table, size_t i, const struct elf_section *section,
		     uint64_t start, uint64_t size)
{
	return i < table->n && table->list[i].key_section == section &&
	       table->list[i].key - start < size;
}

static enum prove_verdict verdict_of(const struct comparison *c, const struct table_entry *ours,
				     const struct table_entry *theirs)
{
	struct shipped_place place = { .section = theirs->section, .offset = theirs->offset };
	struct prove_result result;
	enum prove_verdict verdict;

	verdict = prove_entry(c->proof, ours->section, ours->offset, c->ours.size, code_of(c, ours),
			      &place, &result);
	prove_result_free(&result);
	return verdict;
}

/*
 * Other units may have entries about the same address: jiffies and jiffies_64 are one variable to
 * the linker, and two units export them. So each of our entries has to be there, in any order.
 */
static int compare_among_others(struct comparison *c, const struct elf_symbol *symbol,
				const struct object_symbol *pair)
{
	struct shipped_place place = shipped_place_of(c->proof->code, pair);
	size_t i = table_first(&c->ours, symbol->section, symbol->value), j;
	size_t first = table_first(c->theirs, place.section, place.offset);
	enum prove_verdict verdict;
	int err = 0, one;

	for (; is_about(&c->ours, i, symbol->section, symbol->value, symbol->size); i++) {
		c->ours.list[i].seen = true;
		verdict = PROVE_DIFFERENT;
		for (j = first; verdict != PROVE_EQUAL && verdict != PROVE_ERROR &&
				is_about(c->theirs, j, place.section, place.offset, pair->size);
		     j++)
			verdict = verdict_of(c, &c->ours.list[i], &c->theirs->list[j]);
		if (verdict == PROVE_ERROR)
			return -ENOMEM;
		*c->equal += verdict == PROVE_EQUAL;
		if (verdict == PROVE_EQUAL)
			continue;
		one = j > first
			      ? compare_entry(c, &c->ours.list[i], &c->theirs->list[first], symbol)
			      : differs(c, symbol, c->ours.list[i].key - symbol->value,
					"the shipped one has no such entry");
		err = err ?: one;
	}
	return err;
}

/* Compare all entries about @symbol, which corresponds to @pair in the shipped object. */
static int compare_symbol(struct comparison *c, const struct elf_symbol *symbol,
			  const struct object_symbol *pair)
{
	struct shipped_place place = shipped_place_of(c->proof->code, pair);
	size_t i = table_first(&c->ours, symbol->section, symbol->value);
	size_t j = table_first(c->theirs, place.section, place.offset);
	int err = 0, one;

	for (;; i++, j++) {
		bool ours = is_about(&c->ours, i, symbol->section, symbol->value, symbol->size);
		bool theirs = is_about(c->theirs, j, place.section, place.offset, pair->size);

		if (!ours && !theirs)
			return err;
		if (!theirs)
			return err
				       ?: differs(c, symbol, c->ours.list[i].key - symbol->value,
						  "the shipped one has no such entry");
		if (!ours)
			return err
				       ?: differs(c, symbol, c->theirs->list[j].key - place.offset,
						  "only the shipped one has this entry");
		c->ours.list[i].seen = true;
		one = compare_entry(c, &c->ours.list[i], &c->theirs->list[j], symbol);
		err = err ?: one;
	}
}

static int report_left(const struct comparison *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->ours.n; i++)
		n += !c->ours.list[i].seen;
	return n ? c->findings->left(c->findings->arg, c->rule->name, n) : 0;
}

static int compare_tables(struct comparison *c, struct shipped_tables *shipped)
{
	int err = table_of_unit(c->proof->unit, c->rule, &c->ours), one;

	if (!err && !c->ours.n && c->rule->later)
		return 0;
	err = err ?: read_theirs(c, shipped);
	if (err == -EINVAL)
		return differs(c, NULL, 0, "its entries don't have the size that is known");
	for (size_t i = 0; i < c->proof->n_named && err != -ENOMEM; i++) {
		if (!c->proof->pairs[i])
			continue;
		one = c->rule->elsewhere
			      ? compare_among_others(c, c->proof->named[i], c->proof->pairs[i])
			      : compare_symbol(c, c->proof->named[i], c->proof->pairs[i]);
		err = err ?: one;
	}
	return err ?: report_left(c);
}

int prove_tables(const struct proof *proof, struct shipped_tables *shipped,
		 const struct table_findings *findings, size_t *equal)
{
	int err = 0, one;

	for (size_t i = 0; i < n_section_rules && err != -ENOMEM; i++) {
		struct comparison c = {
			.proof = proof,
			.rule = &section_rules[i],
			.findings = findings,
			.equal = equal,
		};

		if (!c.rule->width)
			continue;
		one = compare_tables(&c, shipped);
		err = err ?: one;
		table_free(&c.ours);
	}
	return err;
}
