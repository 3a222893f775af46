/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See resolve.c. */
#ifndef KPATCH_BUILD_RESOLVE_H
#define KPATCH_BUILD_RESOLVE_H

struct job;
struct kernel;
struct livepatch;
struct object;
struct reached;

/*
 * Make and check the klp relocations of object->ko, which is not a module yet: kbuild has added
 * nothing to the linked units.
 */
int resolve_linked(const struct job *job, const struct kernel *kernel,
		   const struct reached *reached, const struct livepatch *livepatch,
		   const struct object *object);

#endif
