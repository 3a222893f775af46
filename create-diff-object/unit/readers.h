/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See readers.c. */
#ifndef CDO_READERS_H
#define CDO_READERS_H

#include "create-diff-object/unit/arch.h"

/* NULL: nothing is known about the function that @call calls. */
const struct reader *reader_of(const struct reloc *call);

#endif
