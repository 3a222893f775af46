/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compares the entries in the kernel's tables that are about a unit's functions
 * and variables: there must be as many as in the shipped object, about the same
 * places, and with the same content. See tables.h.
 */
#ifndef KPATCH_BUILD_PROVE_TABLES_H
#define KPATCH_BUILD_PROVE_TABLES_H

#include "kpatch-build/prove/prove-function.h"
#include "kpatch-build/prove/tables.h"

/* The tables of a shipped object, for all units; each is read when first needed. */
struct shipped_tables {
	struct table *list; /* by rule; NULL: none has been read yet */
	bool *read;
};

void shipped_tables_free(struct shipped_tables *tables);

/* Callbacks for an entry that differs, and for entries that are about nothing in the unit. */
struct table_findings {
	/* @symbol: what the entry is about, at @offset; NULL: the whole table */
	int (*differs)(void *arg, const char *table, const struct elf_symbol *symbol,
		       uint64_t offset, const struct prove_result *result);
	int (*left)(void *arg, const char *table, size_t n);
	void *arg;
};

/*
 * Compare the tables for all of @proof->pairs; the number of equal entries is added to *@equal. 0,
 * -ENOMEM, or what the callbacks return.
 */
int prove_tables(const struct proof *proof, struct shipped_tables *shipped,
		 const struct table_findings *findings, size_t *equal);

#endif
