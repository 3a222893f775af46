// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Memory that a function of the kernel is given may be in use long after its
 * return: request_irq() keeps the name that /proc/interrupts shows. The
 * functions below are known to keep no pointer to the arguments named, and to
 * let no other code keep one. All others are assumed to keep one.
 *
 * This is about the lifetime of the memory, not about writes to it. A function
 * that writes to a lock is harmless here, in contrast to readers.c.
 */
#include <fnmatch.h>
#include <string.h>

#include "lib/array.h"
#include "create-diff-object/unit/borrowers.h"

#define ARG(n) (1 << (n))
#define ALL 0x3f

static const struct {
	const char *name; /* a pattern for fnmatch() */
	unsigned int arguments; /* bit n: argument n, from 0 on */
	const char *reason;
} borrowers[] = {
	/* text */
	{ "_printk", ALL, "the text is in the log when it returns" },
	{ "_printk_deferred", ALL, "the same" },
	{ "vprintk*", ALL, "the same" },
	{ "__warn_printk", ALL, "the same" },
	{ "_dev_*", ALL, "dev_err() and similar functions: the same" },
	{ "dev_printk_emit", ALL, "the same" },
	{ "dev_err_probe", ALL, "the reason for deferring is formatted, too" },
	{ "netdev_*", ALL, "netdev_err() and similar functions: the same" },
	{ "pci_info", ALL, "the same" },
	{ "v4l2_*printk*", ALL, "the same" },
	{ "__drm_*dbg", ALL, "the same" },
	{ "__drm_err", ALL, "the same" },
	{ "drm_dev_*printk*", ALL, "the same" },
	{ "__dynamic_*dbg", ALL, "the same; the descriptor is in a list of the module" },
	{ "__dynamic_pr_debug", ALL, "the same" },
	{ "print_hex_dump*", ALL, "the same" },
	{ "hex_dump_to_buffer", ALL, "writes text to a buffer" },
	{ "dump_page", ALL, "the reason is printed" },
	{ "___ratelimit", ALL, "uses the state of the place that prints, during the call only" },
	{ "__printk_ratelimit", ALL, "the same" },
	{ "panic", ALL, "doesn't return" },
	{ "*printf", ALL,
	  "formats into a buffer, or memory of its own: seq_printf(), kasprintf()" },
	{ "seq_put*", ALL, "copies into the file's buffer" },
	{ "__seq_put*", ALL, "the same, since 6.10" },
	{ "seq_write", ALL, "the same" },
	{ "seq_escape*", ALL, "the same" },
	{ "sysfs_emit*", ALL, "formats into a buffer" },
	{ "audit_log*", ALL, "formats into a buffer" },
	{ "bpf_log", ALL, "formats into a buffer" },
	{ "bpf_verifier_log_write", ALL, "the same" },
	{ "trace_seq_*", ALL, "copies into a buffer" },
	/* bytes */
	{ "str*", ALL, "compares, measures or copies" },
	{ "__str*", ALL, "the same" },
	{ "mem[a-oq-z]*", ALL, "the same, except mempool_create()" },
	{ "__mem*", ALL, "the same" },
	{ "kstr*", ALL, "copies, or reads a number" },
	{ "kmemdup*", ALL, "copies" },
	{ "simple_strto*", ALL, "reads a number" },
	{ "sscanf", ALL, "the same" },
	{ "match_*", ALL, "says which of the strings it is" },
	{ "__sysfs_match_string", ALL, "the same" },
	{ "sysfs_streq", ALL, "compares" },
	{ "bsearch", ALL, "looks up" },
	{ "btf_find_by_name_kind", ALL, "the same" },
	{ "sort", ALL, "sorts" },
	{ "btf_id_set*_contains", ALL, "looks up" },
	{ "_copy_*", ALL, "copies" },
	{ "copy_*user*", ALL, "copies" },
	{ "crc*", ALL, "reads" },
	{ "*siphash*", ALL, "reads" },
	{ "get_random_bytes*", ALL, "writes bytes" },
	{ "_find_*_bit", ALL, "reads" },
	{ "bitmap_*", ALL, "reads, or writes" },
	{ "skb_put_data", ALL, "copies" },
	/* locks and waiting: a waiting task is found on its own stack */
	{ "_raw_*", ALL, "a lock, which is free when the livepatch's code isn't used any more" },
	{ "queued_*", ALL, "the same" },
	{ "mutex_*", ALL, "the same" },
	{ "__mutex_*", ALL, "the same; the name is for lockdep" },
	{ "rt_mutex_*", ALL, "the same" },
	{ "down*", ALL, "the same" },
	{ "up*", ALL, "the same" },
	{ "__init_rwsem", ALL, "the same" },
	{ "rcu_*lock*", ALL, "the same" },
	{ "__srcu_read_lock", ALL, "counts the reader" },
	{ "__srcu_read_unlock", ALL, "the same" },
	{ "lockdep_*", ALL, "for lockdep, which production kernels don't have" },
	{ "wait_for_completion*", ALL, "waits" },
	{ "complete*", ALL, "wakes" },
	{ "__wake_up*", ALL, "wakes" },
	{ "__init_waitqueue_head", ALL, "the name is for lockdep" },
	{ "__init_swait_queue_head", ALL, "the same" },
	{ "init_timer_key", ARG(3) | ARG(4), "the same" },
	{ "__blk_alloc_disk", ARG(1), "the key is for lockdep" },
	{ "lock_sock_nested", ALL, "for lockdep" },
	/*
	 * names that are copied: kstrdup(), kasprintf(), kstrdup_const() outside of vmlinux'
	 * constants
	 */
	{ "alloc_workqueue", ARG(0), "formats the name" },
	{ "kthread_create_on_node", ARG(3), "formats the name" },
	{ "kthread_create_worker*", ARG(1), "the same" },
	{ "kmem_cache_create*", ARG(0), "copies the name" },
	{ "dma_pool_create", ARG(0), "the same" },
	{ "alloc_netdev_mqs", ARG(1), "the same" },
	{ "dev_set_name", ALL, "formats the name" },
	{ "device_create*", ARG(4), "the same" },
	{ "kobject_set_name", ALL, "the same" },
	{ "kobject_add", ARG(2), "the same" },
	{ "kobject_init_and_add", ARG(3), "the same" },
	{ "kobject_create_and_add", ARG(0), "the same" },
	{ "kset_create_and_add", ARG(0), "the same" },
	{ "kobject_uevent*", ARG(2), "copies into a message" },
	{ "add_uevent_var", ALL, "formats into a buffer" },
	{ "debugfs_create_*", ARG(0), "copies the name" },
	{ "debugfs_lookup*", ARG(0), "looks a name up" },
	{ "debugfs_rename", ARG(3), "copies the name" },
	{ "proc_create*", ARG(0), "copies the name" },
	{ "proc_mkdir*", ARG(0), "the same" },
	{ "proc_symlink", ARG(0) | ARG(2), "the same" },
	{ "remove_proc_*", ARG(0), "looks a name up" },
	{ "sysfs_create_link*", ARG(2), "copies the name" },
	{ "sysfs_remove_*", ALL, "looks a name up, and lets go of it" },
	{ "sysfs_notify", ALL, "looks a name up" },
	{ "__register_chrdev", ARG(3), "copies the name" },
	{ "__unregister_chrdev", ALL, "looks up" },
	{ "alloc_chrdev_region", ARG(3), "copies the name" },
	{ "register_blkdev", ARG(1), "the same" },
	{ "__register_blkdev", ARG(1), "the same" },
	{ "create_proc_profile_file", ARG(0), "the same" },
	/* names that are looked up */
	{ "__request_module", ALL, "formats the name" },
	{ "request_firmware*", ARG(1), "copies the name" },
	{ "crypto_alloc_*", ARG(0), "looks a name up" },
	{ "crypto_has_*", ARG(0), "the same" },
	{ "of_*", ALL, "looks a property or a node up" },
	{ "device_property_*", ALL, "the same" },
	{ "fwnode_*", ALL, "the same" },
	{ "acpi_evaluate*", ALL, "looks a name up" },
	{ "acpi_get_handle", ALL, "the same" },
	{ "acpi_has_method", ALL, "the same" },
	{ "acpi_walk_*", ALL, "the same" },
	{ "acpi_match_device*", ALL, "looks up" },
	{ "acpi_dev_*present", ALL, "looks up" },
	{ "dmi_*", ALL, "looks up" },
	{ "x86_match_cpu", ALL, "looks up" },
	{ "*_match_id", ALL, "looks up" },
	{ "pci_dev_present", ALL, "looks up" },
	{ "pci_get_*", ALL, "looks up" },
	{ "platform_get_*_byname*", ARG(2), "looks a name up" },
	{ "platform_get_irq_byname*", ARG(1), "the same" },
	{ "clk_get", ARG(1), "copies the name" },
	{ "devm_clk_get*", ARG(1), "the same" },
	{ "*regulator_get*", ARG(1), "the same" },
	{ "*gpiod_get*", ARG(1), "the same" },
	{ "*reset_control_get*", ARG(1), "looks a name up" },
	{ "filp_open", ARG(0), "looks a name up" },
	{ "kern_path*", ALL, "the same" },
	{ "lookup_one*", ALL, "the same" },
	{ "vfs_*xattr*", ALL, "the same" },
	{ "securityfs_create_*", ARG(0), "copies the name" },
	/* messages and tables of netlink */
	{ "__nla_parse", ALL, "reads the policy" },
	{ "__nla_validate", ALL, "the same" },
	{ "nla_*", ALL, "copies, or reads" },
	{ "__nla_*", ALL, "the same" },
	/* file systems' reports: their text and the place that reports */
	{ "__ext4_*", ALL, "the name and line of the function, for a message" },
	{ "__btrfs_*", ALL, "the same" },
	{ "btrfs_printk", ALL, "the same" },
	{ "xfs_*", ALL, "the same" },
	{ "f2fs_printk", ALL, "the same" },
	{ "_udf_*", ALL, "the same" },
	{ "__rds_conn_error", ALL, "the same" },
	{ "__blk_trace_note_message", ALL, "the same" },
	{ "ext4_xattr_*", ALL, "looks a name up, or copies it and the value" },
	/* their states belong to the code: templates/klp-split-once.c */
	{ "__do_once_*", ALL, "schedules work that holds the livepatch" },
};

bool is_borrowed(const char *function, unsigned int argument)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(borrowers); i++)
		if (borrowers[i].arguments & 1 << argument &&
		    !fnmatch(borrowers[i].name, function, 0))
			return true;
	return false;
}
