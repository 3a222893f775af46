/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A module that uses somebody else's static key or static call makes the module
 * loader write to that key: the key gets a list of the modules that use it
 * (kernel/jump_label.c: jump_label_add_module(); kernel/static_call_inline.c:
 * __static_call_init(), 6.1). For a key in .data..ro_after_init that write hits
 * read-only memory, and the machine stops while the livepatch loads, or when
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
 * memory that is read-only once @object is initialised. An index without a file (a
 * running kernel) answers false for every key of a kernel whose bounds it doesn't know.
 */
bool static_key_can_be_linked(const struct object_index *object, const struct object_symbol *key,
			      enum key_kind kind);

#endif
