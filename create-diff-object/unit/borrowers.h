/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See borrowers.c. */
#ifndef CDO_BORROWERS_H
#define CDO_BORROWERS_H

#include <stdbool.h>

/* Is it certain that @function keeps no pointer to what @argument (from 0 on) points to? */
bool is_borrowed(const char *function, unsigned int argument);

#endif
