/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel counts the references on a module, and doesn't note who has them. An
 * object module that is held keeps its target from being unloaded, and an
 * administrator who is told "1 reference" can only guess. But those who can hold
 * one can be asked whether they do.
 */
#ifndef KPATCH_HOLDERS_H
#define KPATCH_HOLDERS_H

#include "kpatch/machine/host.h"

/* Phrases, one per reference that was found, as "module x". 0 or negative errno. */
int holders_find(const struct host *host, const char *module, struct names *holders);

#endif
