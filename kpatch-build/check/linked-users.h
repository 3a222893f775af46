/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who refers to an address of a vmlinux that has no relocations any more: Debian's
 * 6.12 has been stripped of them, but for those of three sections that a pattern
 * missed. The numbers that the linker wrote are still there, so each place is
 * looked at that could hold this one.
 */
#ifndef KPATCH_BUILD_LINKED_USERS_H
#define KPATCH_BUILD_LINKED_USERS_H

#include <gelf.h>

/* @place: of the field; @meant: the address that it would mean. */
typedef int (*found_place_fn)(void *arg, uint64_t place, uint64_t meant);

/*
 * Call @found with each field that means @address or, of a variable of @size bytes, what follows. For
 * a function, @size is 1. In code four bytes may mean it by chance (once in 200 functions of a
 * kernel, more often if it is a large variable), as this doesn't decode it: see
 * instructions_may_mean(). 0, or what @found returned.
 */
int linked_users(Elf *elf, uint64_t address, uint64_t size, found_place_fn found, void *arg);

#endif
