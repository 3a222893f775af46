/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KST_KINDS_H
#define KST_KINDS_H

int kst_first(void);
int kst_second(void);
int kst_entry(void);
int kst_shared(void);
int kst_fixed(void);
void kst_line(void);

#endif
