// SPDX-License-Identifier: GPL-2.0-only
#include <linux/atomic.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include "livepatch.h"

/* How often the new code has run. */
static unsigned int calls;
module_param(calls, uint, 0444);

static long new_getpid(const struct pt_regs *regs)
{
	WRITE_ONCE(calls, calls + 1);
	return task_tgid_vnr(current);
}
KLP_SPLIT_FUNC(__x64_sys_getpid, new_getpid, 0);
