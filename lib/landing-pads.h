/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * With indirect branch tracking (IBT) an indirect call may only lead to an ENDBR
 * instruction; anywhere else the processor raises a fault that stops the kernel.
 * GCC begins a function with ENDBR if other code could know its address. objtool
 * then lists the ENDBRs of functions whose address is never taken in
 * .ibt_endbr_seal, and the kernel overwrites them when it boots or loads the
 * module (arch/x86/kernel/alternative.c: apply_seal_endbr(), 6.12).
 *
 * So a livepatch may call any function directly, but may use its address only if
 * its ENDBR is there and stays. The object's file says for which functions that
 * is so.
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
 * Read the list from the file of @index, which must outlive *@out. Fails with
 * KS922 if the file is damaged, or -ENOMEM. Free with landing_pads_free(), which
 * accepts NULL.
 */
int landing_pads_load(const struct object_index *index, struct landing_pads **out,
		      struct diag *diag);
void landing_pads_free(struct landing_pads *pads);

/* Does the object seal any function? A kernel that does is built for IBT. */
bool landing_pads_any_sealed(const struct landing_pads *pads);

/* May an indirect call lead to @symbol, a function of the index? */
bool landing_pads_has(const struct landing_pads *pads, const struct object_symbol *symbol);

/* The size of the landing pad at the start of @code; 0 if an indirect call must not reach @code. */
size_t landing_pad_size(uint16_t machine, const unsigned char *code, size_t size);

#endif
