/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Functions that only init or exit code calls: init-code.c. */
#ifndef KPATCH_BUILD_SOURCE_INIT_CODE_H
#define KPATCH_BUILD_SOURCE_INIT_CODE_H

#include <stdbool.h>

#include "kpatch-build/source/c-functions.h"

/*
 * Does @function run only at boot, or when its module is loaded or unloaded, as far as the file
 * shows? False if that can't be told.
 */
bool is_init_code(const struct c_functions *functions, const struct c_function *function);

#endif
