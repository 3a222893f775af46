/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See type-claims.c. */
#ifndef LIB_TYPE_CLAIMS_H
#define LIB_TYPE_CLAIMS_H

#include "lib/type-layout.h"
#include "lib/type-uses.h"

/*
 * Find the fate of each type that the two objects describe differently, and pass it to
 * @rules->listed. Report types that nothing has compared (KS175). 0, -EINVAL or -ENOMEM.
 */
int account_for_types(const struct comparison *c, const struct changed_variables *variables,
		      const struct layout_rules *rules, struct diag *diag);

#endif
