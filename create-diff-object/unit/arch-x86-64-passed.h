/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions that code calls or passes to others: see arch-x86-64-passed.c. */
#ifndef CDO_ARCH_X86_64_PASSED_H
#define CDO_ARCH_X86_64_PASSED_H

#include <stdint.h>

struct atom;
struct flow;
struct part;
struct reloc;

/* The function that @to calls, if it is in this unit and is the same in the running kernel. */
const struct atom *x86_local_function(const struct reloc *to);
/* The function whose address was loaded into @reg shortly before the offset @end of @part. */
const struct atom *x86_function_in(struct flow *flow, const struct part *part, uint64_t end,
				   int reg);

#endif
