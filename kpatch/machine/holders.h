/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel counts the references to a module, but doesn't record who has them. An object module
 * that is held prevents its target from being unloaded, and an administrator who reads "1
 * reference" can only guess. But each possible kind of holder can be looked up.
 */
#ifndef KPATCH_HOLDERS_H
#define KPATCH_HOLDERS_H

#include "lib/strvec.h"
#include "kpatch/machine/host.h"

/* Phrases, one per reference that was found, as "module x". 0 or negative errno. */
int holders_find(const struct host *host, const char *module, struct strvec *holders);

#endif
