/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of the diffs that are left out: left-out.c. The passes are in build.h. */
#ifndef KPATCH_BUILD_UNITS_LEFT_OUT_H
#define KPATCH_BUILD_UNITS_LEFT_OUT_H

struct change;
struct diag;

/* Warn of a part that is left out (KS365), and forget it. */
void leave_out(struct diag *diag, struct change *change, const char *why);
/* Refuse a part with @code; -EINVAL. */
int refuse_part(struct diag *diag, const struct change *change, const char *code);

#endif
