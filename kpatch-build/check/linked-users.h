/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds the references to an address in a vmlinux without relocations: Debian's
 * 6.12 has been stripped of them, except for three sections that a pattern
 * missed. The numbers that the linker wrote are still there, so every place
 * that could contain this one is checked.
 */
#ifndef KPATCH_BUILD_LINKED_USERS_H
#define KPATCH_BUILD_LINKED_USERS_H

#include <gelf.h>

/* @place: of the field; @meant: the address that it would mean. */
typedef int (*found_place_fn)(void *arg, uint64_t place, uint64_t meant);

/*
 * Call @found for each field that means @address or, for a variable of @size bytes, a later byte of
 * it. For a function, @size is 1. In code four bytes may mean it by chance (once in 200 functions
 * of a kernel, more often for a large variable), as this doesn't decode instructions: see
 * instructions_may_mean(). 0, or what @found returned.
 */
int linked_users(Elf *elf, uint64_t address, uint64_t size, found_place_fn found, void *arg);

#endif
