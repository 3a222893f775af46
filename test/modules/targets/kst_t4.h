/* SPDX-License-Identifier: GPL-2.0-only */
/* What the target and the new code for it both declare. */
#ifndef KST_T4_H
#define KST_T4_H

#include <linux/tracepoint.h>

DECLARE_TRACE(kst_t4_event, TP_PROTO(int n), TP_ARGS(n));

#endif
