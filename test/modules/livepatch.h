/* SPDX-License-Identifier: GPL-2.0-only */
/* What the hand-written units share: they stand in for create-diff-object's output. */
#ifndef KST_LIVEPATCH_H
#define KST_LIVEPATCH_H

#include <linux/seq_file.h>
#include "klp_split.h"
#include "build-ids.h"

/* The function of vmlinux that the test livepatches replace: it makes /proc/cmdline. */
#define KST_REPLACE_CMDLINE(_text)                                                                 \
	static int kst_cmdline_proc_show(struct seq_file *m, void *v)                              \
	{                                                                                          \
		seq_puts(m, _text "\n");                                                           \
		return 0;                                                                          \
	}                                                                                          \
	KLP_SPLIT_FUNC(cmdline_proc_show, kst_cmdline_proc_show, 0)

#define KST_FUNCTION noinline __attribute__((noipa))

#endif
