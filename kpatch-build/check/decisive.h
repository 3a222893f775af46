/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Refusing a diff before all units that it reaches are compiled: decisive.c. */
#ifndef KPATCH_BUILD_DECISIVE_H
#define KPATCH_BUILD_DECISIVE_H

#include <stdbool.h>

struct diag;
struct job;
struct oot_module;
struct reached;
struct series;
struct trees;

/* Might a part of the units show that the diff is refused, and is that worth a try? */
bool may_decide_early(const struct job *job, const struct oot_module *oot,
		      const struct series *series, struct trees *trees);
/* Is there an error that no other unit can take back? */
bool has_decisive_error(const struct diag *diag);
/* Forget what check_globals() has found, as it has not seen all units. */
void forget_moved(struct reached *reached);

#endif
