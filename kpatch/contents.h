/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel only knows livepatches by name, and the name of a livepatch doesn't
 * say which functions would be reverted with it. The contents of a livepatch can
 * be read in two places: in sysfs, while it is loaded, and in its modules.
 */
#ifndef KPATCH_CONTENTS_H
#define KPATCH_CONTENTS_H

#include "lib/strvec.h"
#include "kpatch/machine/host.h"
#include "kpatch/machine/module-files.h"

/*
 * Add the contents of a livepatch to @contents: "OBJECT:FUNCTION,POSITION" for each function that
 * it replaces, and "OBJECT:" for each object, since an object may have nothing but callbacks. Only
 * the files also contain the CVE ids that the diffs name: "=CVE-ID".
 *
 * While a livepatch is in transition, sysfs also lists the functions that it reverts to the
 * original (kernel/livepatch/core.c: klp_add_nops()). 0 or -ENOMEM.
 */
int contents_in_memory(const struct host *host, const char *livepatch, struct strvec *contents);
/* 0 or a negative errno, with a report. */
int contents_of_files(struct host *host, const struct livepatch_files *files,
		      struct strvec *contents);

/* Add to @lost the contents of @before that @after doesn't have. 0 or -ENOMEM. */
int contents_lost(const struct strvec *before, const struct strvec *after, struct strvec *lost);

/* "meminfo_proc_show() of vmlinux", for messages. Caller frees; NULL: no memory. */
char *content_describe(const char *content);

#endif
