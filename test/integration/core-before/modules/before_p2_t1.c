// SPDX-License-Identifier: GPL-2.0-only
#include "test/integration/core-before/modules/before.h"

BEFORE_B(2);
