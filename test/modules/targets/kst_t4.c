// SPDX-License-Identifier: GPL-2.0-only
/*
 * A target that owns a tracepoint, with a probe that can be switched on, and a
 * per-cpu variable.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/percpu.h>

#include <kst_t4.h>
#include <target.h>

DEFINE_TRACE(kst_t4_event, TP_PROTO(int n), TP_ARGS(n));

static DEFINE_PER_CPU(int, kst_t4_count);

/* Fires the event and counts; returns what the new code has found to work. */
static KST_FUNCTION int kst_t4_value(void)
{
	trace_kst_t4_event(1);
	this_cpu_inc(kst_t4_count);
	return 0;
}

/* Replaced by code that keeps state outside of its module. */
static KST_FUNCTION int kst_t4_state(void)
{
	return 0;
}

static int sum_of_events;

static void probe_event(void *data, int n)
{
	sum_of_events += n;
}

static int count_on_all_cpus(void)
{
	int cpu, sum = 0;

	for_each_possible_cpu(cpu)
		sum += per_cpu(kst_t4_count, cpu);
	return sum;
}

KST_SHOW(value, kst_t4_value());
KST_SHOW(state, kst_t4_state());
KST_SHOW(count, count_on_all_cpus());
KST_SHOW(events, sum_of_events);

static bool probed;

static int set_probe(const char *val, const struct kernel_param *kp)
{
	bool on;
	int err = kstrtobool(val, &on);

	if (err || on == probed)
		return err;
	if (on)
		err = register_trace_kst_t4_event(probe_event, NULL);
	else
		unregister_trace_kst_t4_event(probe_event, NULL);
	if (!err)
		probed = on;
	return err;
}

static const struct kernel_param_ops probe_ops = { .set = set_probe };
module_param_cb(probe, &probe_ops, NULL, 0200);

static int __init kst_t4_init(void)
{
	return 0;
}

static void __exit kst_t4_exit(void)
{
	if (probed)
		unregister_trace_kst_t4_event(probe_event, NULL);
	tracepoint_synchronize_unregister();
}

module_init(kst_t4_init);
module_exit(kst_t4_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Test target with a tracepoint");
