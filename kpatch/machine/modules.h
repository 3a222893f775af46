/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See modules.c. */
#ifndef KPATCH_MODULES_H
#define KPATCH_MODULES_H

#include "kpatch/machine/host.h"

extern const struct module_ops kernel_modules;

#endif
