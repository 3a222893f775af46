// SPDX-License-Identifier: GPL-2.0-only
#include "livepatch.h"
#include "saying.h"

KST_REPLACE_CMDLINE(KST_PATCH);
