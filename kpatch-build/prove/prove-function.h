/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A source package, a configuration and a compiler with the right version
 * numbers may still not be what a kernel was built from. Only the code can
 * tell: if compiling the original gives the function that is shipped, the
 * patched one is right for the shipped kernel too.
 */
#ifndef KPATCH_BUILD_PROVE_H
#define KPATCH_BUILD_PROVE_H

#include "kpatch-build/prove/pair-symbols.h"

enum prove_verdict {
	PROVE_EQUAL,
	PROVE_DIFFERENT,
	PROVE_NOT_SHIPPED,
	PROVE_UNKNOWN, /* something in it can't be compared */
	PROVE_ERROR, /* not enough memory */
};

struct prove_result {
	uint64_t offset; /* of the first difference, in the original */
	char *ours, *shipped; /* what is there; may be NULL; free with prove_result_free() */
	const char *why;
};

/* Compare the function @symbol of the unit, with all its references, with the shipped one. */
enum prove_verdict prove_function(const struct proof *proof, const struct elf_symbol *symbol,
				  const struct object_symbol *shipped_symbol,
				  struct prove_result *result);
/*
 * Compare a few instructions that belong to a function, but are elsewhere and have no name
 * (.altinstr_aux and the like). PROVE_TO_FINAL: up to the jump back.
 */
#define PROVE_TO_FINAL UINT64_MAX
bool prove_nameless(const struct proof *proof, const struct elf_section *section, uint64_t offset,
		    uint64_t size, const struct shipped_place *place);
void prove_result_free(struct prove_result *result);

#endif
