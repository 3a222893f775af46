/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the files that use capstone. */
#ifndef CDO_ARCH_X86_64_H
#define CDO_ARCH_X86_64_H

#include <capstone/capstone.h>

#include "create-diff-object/unit/arch.h"

#endif
