// SPDX-License-Identifier: GPL-2.0-only
/*
 * Uses what a module can own beside functions and keys: the target's tracepoint
 * and per-cpu variable, its own per-cpu variable, a WARN, an exception table, a
 * pr_debug, paravirt calls; and keeps state that outlives it, in shadow variables and in the
 * main module's klp_state.
 */
#include <linux/bug.h>
#include <linux/irqflags.h>
#include <linux/percpu.h>
#include <linux/utsname.h>
#include <asm/asm.h>
#include "livepatch.h"
#include "kst_t4.h"

KLP_SPLIT_REF(__tracepoint_kst_t4_event, "kst_t4", "__tracepoint_kst_t4_event", 0);
KLP_SPLIT_REF(__SCK__tp_func_kst_t4_event, "kst_t4", "__SCK__tp_func_kst_t4_event", 0);
KLP_SPLIT_REF(__SCT__tp_func_kst_t4_event, "kst_t4", "__SCT__tp_func_kst_t4_event", 0);

DECLARE_PER_CPU(int, kst_t4_count);
KLP_SPLIT_REF(kst_t4_count, "kst_t4", "kst_t4_count", 0);

extern struct klp_patch klp_split_klp_patch;
KLP_SPLIT_REF(klp_split_klp_patch, "kst_x", "klp_split_klp_patch", 0);

static DEFINE_PER_CPU(int, own_count);

/* 0 if the exception table was searched, and led to the label. */
static KST_FUNCTION long read_nowhere(void)
{
	unsigned long value = 0;

	/* Not canonical: #GP, whatever is mapped. */
	asm volatile("1: movq (%1), %0\n"
		     "2:\n"
		     _ASM_EXTABLE(1b, 2b)
		     : "+r"(value)
		     : "r"(0xdead000000000000UL));
	return value;
}

/* With CONFIG_PARAVIRT_XXL each of these is a call through pv_ops, until the loader replaces it. */
static KST_FUNCTION bool keeps_interrupts_off(void)
{
	unsigned long flags;
	bool off;

	raw_local_irq_save(flags);
	off = raw_irqs_disabled();
	raw_local_irq_restore(flags);
	return off && !raw_irqs_disabled();
}

/* "call *address", as paravirt calls are compiled; on bare metal none of them stays so. */
static bool calls_through_memory(const void *function)
{
	const u8 *byte;

	for (byte = function; byte < (const u8 *)function + 48; byte++)
		if (byte[0] == 0xff && (byte[1] == 0x14 || byte[1] == 0x15))
			return true;
	return false;
}

static KST_FUNCTION int new_value(void)
{
	int works = 0;

	trace_kst_t4_event(100);
	this_cpu_add(kst_t4_count, 100);
	this_cpu_inc(own_count);
	works |= this_cpu_read(own_count) > 0 ? 1 : 0;
	works |= read_nowhere() == 0 ? 2 : 0;
	works |= WARN_ONCE(1, "kst_x: on purpose\n") ? 4 : 0;
	works |= keeps_interrupts_off() && !calls_through_memory(keeps_interrupts_off) ? 8 : 0;
	pr_debug("kst_x: debugging\n");
	return works;
}
KLP_SPLIT_FUNC(kst_t4_value, new_value, 0);

#define ID 7

/* On an object of vmlinux, which outlives this module. */
static KST_FUNCTION int new_state(void)
{
	int *calls = klp_shadow_get_or_alloc(&init_uts_ns, ID, sizeof(*calls), GFP_KERNEL, NULL, NULL);
	struct klp_state *state = klp_get_state(&klp_split_klp_patch, ID);

	if (!calls || !state)
		return -1;
	return 100 * (int)(long)state->data + ++*calls;
}
KLP_SPLIT_FUNC(kst_t4_state, new_state, 0);

/* The state says how often the target has come. */
static int pre_patch(struct klp_object *obj)
{
	struct klp_state *state = klp_get_state(&klp_split_klp_patch, ID);

	if (!state)
		return -ENOENT;
	state->data = (void *)((long)state->data + 1);
	return 0;
}

static void post_unpatch(struct klp_object *obj)
{
	if (!klp_split_klp_patch.enabled)
		klp_shadow_free_all(ID, NULL);
}

extern const struct klp_callbacks kst_x_callbacks;
const struct klp_callbacks kst_x_callbacks = {
	.pre_patch = pre_patch,
	.post_unpatch = post_unpatch,
};
