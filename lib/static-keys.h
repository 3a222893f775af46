/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * If a module uses a static key or static call of another object, the module
 * loader writes to that key, which gets a list of the modules that use it
 * (kernel/jump_label.c: jump_label_add_module(); kernel/static_call_inline.c:
 * __static_call_init(), 6.1). For a key in .data..ro_after_init that write hits
 * read-only memory, and the kernel oopses while the livepatch is loaded, or when
 * its module is removed.
 *
 * Since 6.10 the kernel seals those keys of vmlinux that its own code tests: the
 * loader only patches the branches of a module that uses a sealed key. It never
 * seals the keys of a module, nor static calls.
 */
#ifndef KLP_SPLIT_STATIC_KEYS_H
#define KLP_SPLIT_STATIC_KEYS_H

#include <stdbool.h>

#include "lib/object-index.h"

enum key_kind {
	KEY_OF_BRANCH, /* struct static_key */
	KEY_OF_CALL, /* struct static_call_key */
};

/*
 * Can a module be linked to @key of @object, for its whole life? False: the loader would write to
 * memory that is read-only once @object is initialised. For an index without a file (a running
 * kernel) whose bounds aren't known, the answer is false for every key of the kernel.
 */
bool static_key_can_be_linked(const struct object_index *object, const struct object_symbol *key,
			      enum key_kind kind);

#endif
