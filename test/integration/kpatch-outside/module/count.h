/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KST_COUNT_H
#define KST_COUNT_H

#define KST_STEP 1

int kst_count(void);

#endif
