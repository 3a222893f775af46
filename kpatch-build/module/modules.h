/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the passes behind the differ know of modules and of the differ's report. */
#ifndef KPATCH_BUILD_MODULES_H
#define KPATCH_BUILD_MODULES_H

#include <stdbool.h>
#include <jansson.h>

#include "kpatch-build/build.h"

/* Of a row of "functions" in create-diff-object's report. */

#endif
