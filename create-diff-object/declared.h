/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The declarations of the author with klp-split-author.h: see declared.c. */
#ifndef CDO_DECLARED_H
#define CDO_DECLARED_H

#include <jansson.h>

#include "create-diff-object/unit/unit.h"

/*
 * Call @found for each callback that read_declared() has accepted; @kind is "pre_patch" and so on.
 * Stops at the first call that returns nonzero, and returns that.
 */
int for_each_callback(const struct unit *unit,
		      int (*found)(const char *kind, struct atom *function, void *arg), void *arg);

/* For the report. NULL if there is not enough memory. */
json_t *callbacks_to_json(struct unit *unit);
json_t *states_to_json(struct unit *unit);

#endif
