/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers that a main module and its object modules share. */
#define KST_STATE 77
#define KST_SHADOW 78
