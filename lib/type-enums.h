/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See type-enums.c. */
#ifndef LIB_TYPE_ENUMS_H
#define LIB_TYPE_ENUMS_H

#include "lib/type-compare.h"

void compare_enumerators(struct comparison *c, struct pair *pair);

#endif
