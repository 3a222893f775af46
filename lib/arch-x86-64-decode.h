/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The x86-64 functions of struct arch that need a decoder. */
#ifndef KLP_SPLIT_ARCH_X86_64_DECODE_H
#define KLP_SPLIT_ARCH_X86_64_DECODE_H

#include "lib/arch.h"

void x86_64_describe(size_t decoder, const struct cs_insn *insn, struct instruction *out);
bool x86_64_may_mean(const struct cs_insn *insn, uint64_t target);

#endif
