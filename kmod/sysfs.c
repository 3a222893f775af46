// SPDX-License-Identifier: GPL-2.0-only
/*
 * Livepatch shows in sysfs whether an object is patched. It can't show why an
 * object isn't, and the log may be lost by then. So there is a folder for each
 * object in addition to livepatch's own. ABI-sysfs-klp_split describes its
 * files.
 *
 * The kobjects contain only their names, and the kernel frees them: an open
 * file keeps neither a livepatch nor the core. Reading a file looks up the
 * object again, under split_lock. So folders are made and removed without
 * split_lock, as removal waits for readers.
 */
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/sysfs.h>

#include "core.h"

static struct kobject *split_kobj;

/* Part of the ABI: these words don't change. */
static const char *const state_words[] = {
	[OBJECT_IDLE] = "idle",
	[OBJECT_LOADING] = "loading",
	[OBJECT_LOADED] = "loaded",
	[OBJECT_DRAINING] = "draining",
	[OBJECT_UNLOADING] = "unloading",
	[OBJECT_ZOMBIE] = "stuck",
};

/* NULL if it is no longer on the list. */
static struct split_object *object_of(struct kobject *kobj)
{
	struct klp_split_record *record = split_record_find(kobject_name(kobj->parent));

	return record ? split_record_object(record, kobject_name(kobj)) : NULL;
}

static ssize_t held_by(const struct split_object *object, char *buf)
{
	if (object->references)
		return sysfs_emit(buf, "references %d\n", object->references);
	return drain_show(&object->drain, buf);
}

/* @_value of @object, written into @buf */
#define OBJECT_ATTRIBUTE(_name, _value)                                                            \
	static ssize_t _name##_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)  \
	{                                                                                          \
		const struct split_object *object;                                                 \
		ssize_t ret = -ENODEV;                                                             \
												   \
		mutex_lock(&split_lock);                                                           \
		object = object_of(kobj);                                                          \
		if (object)                                                                        \
			ret = _value;                                                              \
		mutex_unlock(&split_lock);                                                         \
		return ret;                                                                        \
	}                                                                                          \
	static struct kobj_attribute _name##_attr = __ATTR_RO(_name)

OBJECT_ATTRIBUTE(state, sysfs_emit(buf, "%s\n", state_words[object->state]));
OBJECT_ATTRIBUTE(module, sysfs_emit(buf, "%s\n", object->module));
OBJECT_ATTRIBUTE(failures, sysfs_emit(buf, "%u\n", object->failures));
OBJECT_ATTRIBUTE(error, sysfs_emit(buf, "%s\n", object->error ?: "none"));
OBJECT_ATTRIBUTE(held_by, held_by(object, buf));

static struct attribute *object_attrs[] = {
	&state_attr.attr,
	&module_attr.attr,
	&failures_attr.attr,
	&error_attr.attr,
	&held_by_attr.attr,
	NULL,
};

static const struct attribute_group object_group = { .attrs = object_attrs };

static const char *const record_state_words[] = {
	[RECORD_ENABLING] = "enabling",
	[RECORD_ENABLED] = "enabled",
	[RECORD_REMOVING] = "removing",
	[RECORD_DRAINING] = "draining",
};

/* @_value of @record, written into @buf */
#define RECORD_ATTRIBUTE(_name, _value)                                                            \
	static ssize_t main_##_name##_show(struct kobject *kobj, struct kobj_attribute *attr,      \
					   char *buf)                                              \
	{                                                                                          \
		const struct klp_split_record *record;                                             \
		ssize_t ret = -ENODEV;                                                             \
												   \
		mutex_lock(&split_lock);                                                           \
		record = split_record_find(kobject_name(kobj));                                    \
		if (record)                                                                        \
			ret = _value;                                                              \
		mutex_unlock(&split_lock);                                                         \
		return ret;                                                                        \
	}                                                                                          \
	static struct kobj_attribute main_##_name##_attr =                                         \
		__ATTR(_name, 0444, main_##_name##_show, NULL)

RECORD_ATTRIBUTE(state, sysfs_emit(buf, "%s\n", record_state_words[record->state]));
RECORD_ATTRIBUTE(held_by, drain_show(&record->drain, buf));

static struct attribute *record_attrs[] = {
	&main_state_attr.attr,
	&main_held_by_attr.attr,
	NULL,
};

static const struct attribute_group record_group = { .attrs = record_attrs };

static int object_add(struct split_object *object, struct kobject *parent)
{
	object->kobj = kobject_create_and_add(object->target->object, parent);
	if (!object->kobj)
		return -ENOMEM;
	return sysfs_create_group(object->kobj, &object_group);
}

/* Returns after all show functions for it have returned. */
static void remove_folder(struct kobject *kobj)
{
	if (!kobj)
		return;
	kobject_del(kobj);
	kobject_put(kobj);
}

/**
 * record_sysfs_add() - make the folder of a livepatch
 * @record: registered; only the caller can remove it
 *
 * Return: 0, or a negative errno; then record_sysfs_remove() has to be called,
 * too.
 */
int record_sysfs_add(struct klp_split_record *record)
{
	struct split_object *object;
	int err;

	record->kobj = kobject_create_and_add(record->name, split_kobj);
	if (!record->kobj)
		return -ENOMEM;
	err = sysfs_create_group(record->kobj, &record_group);
	for_each_object(record, object)
		err = err ?: object_add(object, record->kobj);
	return err;
}

/**
 * record_sysfs_remove() - remove the folder of a livepatch, as far as it exists
 * @record: as for record_sysfs_add(); split_lock is not held
 */
void record_sysfs_remove(struct klp_split_record *record)
{
	struct split_object *object;

	for_each_object(record, object)
		remove_folder(object->kobj);
	remove_folder(record->kobj);
}

/**
 * split_sysfs_init() - make /sys/kernel/klp_split
 *
 * Return: 0 or -ENOMEM.
 */
int split_sysfs_init(void)
{
	split_kobj = kobject_create_and_add(KBUILD_MODNAME, kernel_kobj);
	return split_kobj ? 0 : -ENOMEM;
}

/**
 * split_sysfs_exit() - remove /sys/kernel/klp_split, which is empty
 */
void split_sysfs_exit(void)
{
	remove_folder(split_kobj);
}
