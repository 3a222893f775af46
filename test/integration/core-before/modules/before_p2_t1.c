// SPDX-License-Identifier: GPL-2.0-only
#include <before.h>

BEFORE_B(2);
