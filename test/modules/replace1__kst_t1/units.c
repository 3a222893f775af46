// SPDX-License-Identifier: GPL-2.0-only
/*
 * Uses all of the target that other livepatches can't use: its own static keys
 * and static call, its static functions from inside an alternative, its export
 * (type B), and a function that the main module adds (type C).
 */
#include <linux/jump_label.h>
#include <linux/static_call.h>
#include <asm/alternative.h>
#include <asm/asm.h>
#include "livepatch.h"

extern struct static_key_false kst_t1_key;
extern struct static_key_true kst_t1_key_true;
extern struct static_key_false kst_t1_key_unused;
KLP_SPLIT_REF(kst_t1_key, "kst_t1", "kst_t1_key", 0);
KLP_SPLIT_REF(kst_t1_key_true, "kst_t1", "kst_t1_key_true", 0);
KLP_SPLIT_REF(kst_t1_key_unused, "kst_t1", "kst_t1_key_unused", 0);

DECLARE_STATIC_CALL(kst_t1_call, int(void));
KLP_SPLIT_REF(__SCK__kst_t1_call, "kst_t1", "__SCK__kst_t1_call", 0);
KLP_SPLIT_REF(__SCT__kst_t1_call, "kst_t1", "__SCT__kst_t1_call", 0);

int kst_t1_helper(void);
KLP_SPLIT_REF(kst_t1_helper, "kst_t1", "kst_t1_helper", 0);
int kst_t1_double(int n);
KLP_SPLIT_REF(kst_t1_double, "kst_t1", "kst_t1_double", 0);
int kst_r1_new_function(int n);
KLP_SPLIT_REF(kst_r1_new_function, "kst_r1", "kst_r1_new_function", 0);

static KST_FUNCTION int new_value(void)
{
	return 101;
}
KLP_SPLIT_FUNC(kst_t1_value, new_value, 0);

static KST_FUNCTION int new_keys(void)
{
	int bits = 0;

	if (static_branch_unlikely(&kst_t1_key))
		bits |= 1;
	if (static_branch_likely(&kst_t1_key_true))
		bits |= 2;
	if (static_branch_unlikely(&kst_t1_key_unused))
		bits |= 4;
	return 100 + bits;
}
KLP_SPLIT_FUNC(kst_t1_keys, new_keys, 0);

static KST_FUNCTION int new_static_call(void)
{
	return 100 + static_call(kst_t1_call)();
}
KLP_SPLIT_FUNC(kst_t1_static_call, new_static_call, 0);

static __used KST_FUNCTION int without_alternative(void)
{
	return -1;
}

static KST_FUNCTION int new_alternative(void)
{
	int ret;

	/* The relocation to the target's static function lies in .altinstr_replacement. */
	asm volatile(ALTERNATIVE("call without_alternative", "call kst_t1_helper",
				 X86_FEATURE_ALWAYS)
		     : "=a"(ret), ASM_CALL_CONSTRAINT
		     :
		     : "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "cc", "memory");
	return 100 + ret;
}
KLP_SPLIT_FUNC(kst_t1_alternative, new_alternative, 0);

static KST_FUNCTION int new_references(void)
{
	return kst_r1_new_function(kst_t1_double(8));
}
KLP_SPLIT_FUNC(kst_t1_references, new_references, 0);
