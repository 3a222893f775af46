// SPDX-License-Identifier: GPL-2.0-only
#include <linux/delay.h>
#include <linux/moduleparam.h>
#include "livepatch.h"
#include "later.h"

static unsigned int asleep_ms;
module_param(asleep_ms, uint, 0644);

static KST_FUNCTION int kst_d_show_asleep(struct seq_file *m, void *v)
{
	msleep(asleep_ms);
	seq_puts(m, KST_PATCH ", after a sleep\n");
	return 0;
}

/* Jumps to it. */
static KST_FUNCTION int kst_d_show(struct seq_file *m, void *v)
{
	if (asleep_ms)
		return kst_d_show_asleep(m, v);
	seq_puts(m, KST_PATCH "\n");
	return 0;
}
KLP_SPLIT_FUNC(cmdline_proc_show, kst_d_show, 0);
