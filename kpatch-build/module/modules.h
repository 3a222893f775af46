/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Includes what the passes that make modules need; the passes are declared in build.h. */
#ifndef KPATCH_BUILD_MODULES_H
#define KPATCH_BUILD_MODULES_H

#include <stdbool.h>
#include <jansson.h>

#include "kpatch-build/build.h"

#endif
