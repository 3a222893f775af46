/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See type-members.c. */
#ifndef LIB_TYPE_MEMBERS_H
#define LIB_TYPE_MEMBERS_H

#include "lib/type-compare.h"

/* Compare the contents of a pair of structures. */
void compare_members(struct comparison *c, struct pair *pair);

#endif
