// SPDX-License-Identifier: GPL-2.0-only
#include "livepatch.h"

KST_REPLACE_CMDLINE("kst_s" __stringify(KST_N));
