/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Diffs that were written for kpatch use its macros. These are kpatch's names
 * for the macros of klp-split-author.h. New diffs use that header.
 */
#ifndef KPATCH_MACROS_H
#define KPATCH_MACROS_H

#include <klp-split-author.h>

#define patch_object struct klp_object

#define KPATCH_PRE_PATCH_CALLBACK(function) KLP_SPLIT_PRE_PATCH(function)
#define KPATCH_POST_PATCH_CALLBACK(function) KLP_SPLIT_POST_PATCH(function)
#define KPATCH_PRE_UNPATCH_CALLBACK(function) KLP_SPLIT_PRE_UNPATCH(function)
#define KPATCH_POST_UNPATCH_CALLBACK(function) KLP_SPLIT_POST_UNPATCH(function)
#define KPATCH_IGNORE_FUNCTION(function) KLP_SPLIT_IGNORE_FUNCTION(function)
#define KPATCH_IGNORE_SECTION(section) KLP_SPLIT_IGNORE_SECTION(section)
/* Static calls and messages work here unchanged. */
#define KPATCH_STATIC_CALL(name) static_call(name)
#define KPATCH_PRINTK(...) _printk(__VA_ARGS__)

#endif
