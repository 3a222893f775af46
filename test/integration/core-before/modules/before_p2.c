// SPDX-License-Identifier: GPL-2.0-only
#include <before.h>

BEFORE_A(2);
