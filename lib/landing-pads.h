/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * With indirect branch tracking (IBT) an indirect call may only lead to an
 * ENDBR instruction; anywhere else the processor raises a fault, and the kernel
 * stops with it. GCC begins a function with ENDBR if somebody else could know
 * its address; objtool then lists those of which nobody does in
 * .ibt_endbr_seal, and the kernel overwrites these when it boots or loads the
 * module (arch/x86/kernel/alternative.c: apply_seal_endbr(), 6.12).
 *
 * So a livepatch may call whatever it finds, but keep the address of a function
 * only if its ENDBR is there and stays. The file of the object says which.
 */
#ifndef KLP_SPLIT_LANDING_PADS_H
#define KLP_SPLIT_LANDING_PADS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/diag.h"
#include "lib/object-index.h"

struct landing_pads;

/*
 * Read what the file of @index says; the index must outlive it. KS922: damaged;
 * -ENOMEM. Free with landing_pads_free(), which takes NULL.
 */
int landing_pads_load(const struct object_index *index, struct landing_pads **out,
		      struct diag *diag);
void landing_pads_free(struct landing_pads *pads);

/* Does the object seal any? A kernel that does is built for IBT. */
bool landing_pads_any_sealed(const struct landing_pads *pads);

/* May an indirect call lead to @symbol, a function of the index? */
bool landing_pads_has(const struct landing_pads *pads, const struct object_symbol *symbol);

/* How long is the instruction that @code begins with, if an indirect call may lead to it; else 0. */
size_t landing_pad_size(uint16_t machine, const unsigned char *code, size_t size);

#endif
