// SPDX-License-Identifier: GPL-2.0-only
/* KST_N says who it is; its pre-patch callback takes a while and returns KST_HOLD. */
#include <linux/delay.h>
#include <linux/moduleparam.h>
#include "livepatch.h"

extern int kst_leaver_which(void);
extern unsigned int kst_leaver_ms;
KLP_SPLIT_REF(kst_leaver_which, "kst_leaver", "kst_leaver_which", 0);
KLP_SPLIT_REF(kst_leaver_ms, "kst_leaver", "kst_leaver_ms", 0);

static KST_FUNCTION int new_which(void)
{
	return KST_N;
}
KLP_SPLIT_FUNC(kst_leaver_which, new_which, 0);

#ifdef KST_EXIT
void klp_split_new_exit(void);
void klp_split_new_exit(void)
{
	pr_info("kst_leaver: exit %d finds %d\n", KST_N, kst_leaver_which());
	msleep(kst_leaver_ms);
	pr_info("kst_leaver: exit %d leaves, finds %d\n", KST_N, kst_leaver_which());
}
#endif

#ifdef KST_HOLD
static int pre_patch(struct klp_object *obj)
{
	pr_info("kst_leaver: pre_patch\n");
	msleep(4000);
	return KST_HOLD;
}

extern const struct klp_callbacks kst_leaver_callbacks;
const struct klp_callbacks kst_leaver_callbacks = { .pre_patch = pre_patch };
#endif
