/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A source package, a configuration and a compiler that carry the right version
 * numbers may still not be what a kernel was built from. Only the code can tell:
 * if compiling the original gives the function that is shipped, the patched one
 * is right for the shipped kernel too.
 */
#ifndef KPATCH_BUILD_PROVE_H
#define KPATCH_BUILD_PROVE_H

#include "proof.h"

enum prove_verdict {
	PROVE_EQUAL,
	PROVE_DIFFERENT,
	PROVE_NOT_SHIPPED,
	PROVE_UNKNOWN, /* there is something that can't be compared */
	PROVE_ERROR,   /* memory */
};

struct prove_result {
	uint64_t offset; /* of the first difference, in the original */
	char *ours, *shipped; /* what stands there; may be NULL; prove_result_free() */
	const char *why;
};

/* Compare the function @symbol of the unit with what is shipped; all references as well. */
enum prove_verdict prove_function(const struct proof *proof, const struct elf_symbol *symbol,
				  const struct object_symbol *shipped_symbol,
				  struct prove_result *result);
/* The same for a variable: its bytes, and what its pointers lead to. */
enum prove_verdict prove_data(const struct proof *proof, const struct elf_symbol *symbol,
			      const struct object_symbol *shipped_symbol,
			      struct prove_result *result);
void prove_result_free(struct prove_result *result);

#endif
