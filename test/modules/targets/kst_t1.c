// SPDX-License-Identifier: GPL-2.0-only
/*
 * A target that shows through its parameters which code it runs: each is read
 * through a function that the test livepatches replace. It owns what makes
 * livepatching of modules hard (static keys, a static call), and can be made to
 * load slowly or not at all.
 */
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/jump_label.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/static_call.h>

#include <target.h>

/* Used by this module, not used by it, and true from the start. */
static DEFINE_STATIC_KEY_FALSE(kst_t1_key);
static DEFINE_STATIC_KEY_TRUE(kst_t1_key_true);
static DEFINE_STATIC_KEY_FALSE(kst_t1_key_unused);

static KST_FUNCTION int kst_t1_call_one(void)
{
	return 1;
}

static KST_FUNCTION int kst_t1_call_two(void)
{
	return 2;
}

DEFINE_STATIC_CALL(kst_t1_call, kst_t1_call_one);

/* Replaced by most livepatches. */
static KST_FUNCTION int kst_t1_value(void)
{
	return 0;
}

/* Bits: the false key, the true key, the unused key; replaced: 100 more. */
static KST_FUNCTION int kst_t1_keys(void)
{
	return (static_branch_unlikely(&kst_t1_key) ? 1 : 0) |
	       (static_branch_likely(&kst_t1_key_true) ? 2 : 0);
}

static KST_FUNCTION int kst_t1_static_call(void)
{
	return static_call(kst_t1_call)();
}

/* Not replaced; livepatches call it, in one from an alternative. */
static KST_FUNCTION int kst_t1_helper(void)
{
	return 7;
}

/* Replaced by code with an alternative in it. */
static KST_FUNCTION int kst_t1_alternative(void)
{
	return kst_t1_helper();
}

/* Replaced by code that uses an export of this module, and one new in the main module. */
static KST_FUNCTION int kst_t1_references(void)
{
	return 0;
}

int kst_t1_double(int n);
KST_FUNCTION int kst_t1_double(int n)
{
	return 2 * n;
}
EXPORT_SYMBOL_GPL(kst_t1_double);

KST_SHOW(value, kst_t1_value());
KST_SHOW(keys, kst_t1_keys());
KST_SHOW(static_call, kst_t1_static_call());
KST_SHOW(alternative, kst_t1_alternative());
KST_SHOW(references, kst_t1_references());

#define KEY_SWITCH(_name, _key)                                                                    \
	static int set_##_name(const char *val, const struct kernel_param *kp)                     \
	{                                                                                          \
		bool on;                                                                           \
		int err = kstrtobool(val, &on);                                                    \
												   \
		if (!err && on)                                                                    \
			static_branch_enable(&_key);                                               \
		else if (!err)                                                                     \
			static_branch_disable(&_key);                                              \
		return err;                                                                        \
	}                                                                                          \
	static const struct kernel_param_ops _name##_ops = { .set = set_##_name };                 \
	module_param_cb(_name, &_name##_ops, NULL, 0200)

KEY_SWITCH(key, kst_t1_key);
KEY_SWITCH(key_true, kst_t1_key_true);
KEY_SWITCH(key_unused, kst_t1_key_unused);

static int set_call(const char *val, const struct kernel_param *kp)
{
	if (sysfs_streq(val, "2"))
		static_call_update(kst_t1_call, kst_t1_call_two);
	else
		static_call_update(kst_t1_call, kst_t1_call_one);
	return 0;
}

static const struct kernel_param_ops call_ops = { .set = set_call };
module_param_cb(call, &call_ops, NULL, 0200);

/* What kst_t1_value() was when the parameter was set, and when init ran. */
static int at_param = -1;
static int at_init = -1;
module_param(at_init, int, 0444);

static int set_at_param(const char *val, const struct kernel_param *kp)
{
	at_param = kst_t1_value();
	return 0;
}

static const struct kernel_param_ops at_param_ops = { .set = set_at_param, .get = param_get_int };
module_param_cb(at_param, &at_param_ops, &at_param, 0444);

static int fail_init;
module_param(fail_init, int, 0444);
static unsigned int sleep_init;
module_param(sleep_init, uint, 0444);

static int __init kst_t1_init(void)
{
	at_init = kst_t1_value();
	msleep(sleep_init);
	return fail_init;
}

static unsigned int sleep_exit;
module_param(sleep_exit, uint, 0444);

static void __exit kst_t1_exit(void)
{
	if (!sleep_exit)
		return;
	msleep(sleep_exit);
	pr_info("kst_t1: value at the end of exit: %d\n", kst_t1_value());
}

module_init(kst_t1_init);
module_exit(kst_t1_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Test target");
