/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See bpf-links.c. */
#ifndef KPATCH_BPF_LINKS_H
#define KPATCH_BPF_LINKS_H

#include "lib/strvec.h"
#include "kpatch/machine/holders.h"

/*
 * The ids of the BPF links that are attached between two addresses. 0 or negative errno; no ids
 * where the kernel doesn't tell. For host->bpf_links.
 */
int bpf_links_between(unsigned long long first, unsigned long long last, struct strvec *ids);

#endif
