/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which functions of an object BPF programs know by their BTF: bpf-names.c.
 */
#ifndef KPATCH_BUILD_BPF_NAMES_H
#define KPATCH_BUILD_BPF_NAMES_H

#include <stdbool.h>

#include "lib/diag.h"

/* *@is: does a list of BTF ids in the object @path contain function @name? */
int is_known_to_bpf(const char *path, const char *name, bool *is, struct diag *diag);

#endif
