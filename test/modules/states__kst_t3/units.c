// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts how often it was called, in a shadow variable of something that does
 * not go with the target: the count outlives this module. And goes through the
 * whole interface of shadow variables, as lib/livepatch/test_klp_shadow_vars.c
 * does (6.1): parameter "shadow" is 0, or the line of what went wrong.
 */
#include <linux/moduleparam.h>
#include <linux/sched/task.h>
#include <linux/sysfs.h>
#include "livepatch.h"
#include "kst-shadow.h"

static int count_from(void *obj, void *data, void *ctor_data)
{
	*(int *)data = *(int *)ctor_data;
	return 0;
}

static KST_FUNCTION int new_value(void)
{
	int first = 0;
	int *count = klp_shadow_get_or_alloc(&init_task, KST_SHADOW, sizeof(*count), GFP_KERNEL,
					     count_from, &first);

	return count ? 1000 * KST_VERSION + ++*count : -1;
}
KLP_SPLIT_FUNC(kst_t3_value, new_value, 0);

#define N_OBJECTS 3
#define ID_A 0x1234
#define ID_B 0x1235

static int constructed, destroyed;

static int construct(void *obj, void *data, void *ctor_data)
{
	if (!ctor_data)
		return -EINVAL;
	*(void **)data = ctor_data;
	constructed++;
	return 0;
}

static void destroy(void *obj, void *data)
{
	if (*(void **)data == obj)
		destroyed++;
}

static void *alloc(void *obj, unsigned long id, void *ctor_data)
{
	return klp_shadow_alloc(obj, id, sizeof(void *), GFP_KERNEL, construct, ctor_data);
}

static void *get_or_alloc(void *obj, unsigned long id, void *ctor_data)
{
	return klp_shadow_get_or_alloc(obj, id, sizeof(void *), GFP_KERNEL, construct, ctor_data);
}

#define EXPECT(_condition)                                                                         \
	do {                                                                                       \
		if (!(_condition))                                                                 \
			return __LINE__;                                                           \
	} while (0)

/* Each variable holds the address of the object that it belongs to. */
static KST_FUNCTION int use_shadow_variables(void)
{
	int object[N_OBJECTS], i;
	void **a[N_OBJECTS], **b[N_OBJECTS];

	constructed = 0;
	destroyed = 0;
	EXPECT(!klp_shadow_get(&object[0], ID_A));

	for (i = 0; i < N_OBJECTS; i++) {
		a[i] = i % 2 ? alloc(&object[i], ID_A, &object[i]) :
			       get_or_alloc(&object[i], ID_A, &object[i]);
		b[i] = alloc(&object[i], ID_B, &object[i]);
		EXPECT(a[i] && b[i] && a[i] != b[i]);
	}
	EXPECT(constructed == 2 * N_OBJECTS);

	for (i = 0; i < N_OBJECTS; i++) {
		EXPECT(klp_shadow_get(&object[i], ID_A) == a[i] && *a[i] == &object[i]);
		EXPECT(klp_shadow_get(&object[i], ID_B) == b[i] && *b[i] == &object[i]);
		/* What is there isn't constructed again. */
		EXPECT(get_or_alloc(&object[i], ID_A, a) == a[i] && *a[i] == &object[i]);
	}
	EXPECT(constructed == 2 * N_OBJECTS);

	/* A constructor that fails leaves nothing. */
	EXPECT(!alloc(a, ID_A, NULL) && !get_or_alloc(a, ID_A, NULL) && !klp_shadow_get(a, ID_A));

	for (i = 0; i < N_OBJECTS; i++) {
		klp_shadow_free(&object[i], ID_A, destroy);
		EXPECT(destroyed == i + 1);
		EXPECT(!klp_shadow_get(&object[i], ID_A));
		EXPECT(klp_shadow_get(&object[i], ID_B) == b[i] && *b[i] == &object[i]);
	}

	klp_shadow_free_all(ID_B, destroy);
	EXPECT(destroyed == 2 * N_OBJECTS);
	for (i = 0; i < N_OBJECTS; i++)
		EXPECT(!klp_shadow_get(&object[i], ID_B));
	return 0;
}

static int get_shadow(char *buffer, const struct kernel_param *kp)
{
	int line = use_shadow_variables();

	klp_shadow_free_all(ID_A, NULL);
	klp_shadow_free_all(ID_B, NULL);
	return sysfs_emit(buffer, "%d\n", line);
}

static const struct kernel_param_ops shadow_ops = { .get = get_shadow };
module_param_cb(shadow, &shadow_ops, NULL, 0444);
