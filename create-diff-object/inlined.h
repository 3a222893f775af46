/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which functions of the source are inlined into those of the output: inlined.c. */
#ifndef CDO_INLINED_H
#define CDO_INLINED_H

#include <jansson.h>

#include "create-diff-object/unit/unit.h"

/*
 * [{"name","file","line","into":["function of the output", …]}…] in the order of the debug
 * information; the caller owns it. NULL if there is not enough memory.
 */
json_t *inlined_to_json(struct unit *unit);

#endif
