/* SPDX-License-Identifier: GPL-2.0-only */
/* Called by new code after a DO_ONCE() has run: see klp-split-once.c. */
#ifndef KLP_SPLIT_ONCE_H
#define KLP_SPLIT_ONCE_H

#include <linux/jump_label.h>
#include <linux/types.h>

struct module;

void klp_split_do_once_done(bool *done, struct static_key_true *key, unsigned long *flags,
			    struct module *mod);
void klp_split_do_once_sleepable_done(bool *done, struct static_key_true *key, struct module *mod);

#endif /* KLP_SPLIT_ONCE_H */
