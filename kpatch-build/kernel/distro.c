// SPDX-License-Identifier: GPL-2.0-or-later
/* The list of distributions: a new one is a row here and a file beside debian.c. */
#include "kpatch-build/kernel/distro.h"

static const struct distro *const distros[] = { &debian };

const struct distro *default_distro(void)
{
	return distros[0];
}
