/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See arch-x86-64-gives.c. */
#ifndef CDO_ARCH_X86_64_GIVES_H
#define CDO_ARCH_X86_64_GIVES_H

#include "create-diff-object/unit/arch-x86-64.h"

bool x86_follow_address(struct unit *unit, const struct atom *from, const struct reloc *reloc,
			void (*found)(const struct gift *gift, void *arg), void *arg);

#endif
