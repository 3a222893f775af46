/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel tells livepatches apart by name, and a name doesn't say what would
 * go with it. What a livepatch changes can be read in two places: sysfs, while
 * it is loaded, and its modules.
 */
#ifndef KPATCH_CONTENTS_H
#define KPATCH_CONTENTS_H

#include "lib/strvec.h"
#include "kpatch/machine/host.h"
#include "kpatch/machine/module-files.h"

/*
 * Add the contents of a livepatch to @contents, as "OBJECT:FUNCTION,POSITION" for each function that
 * it replaces, and as "OBJECT:" for each object, which may have callbacks only. Files also say "=CVE-ID"
 * for each id that the diffs name.
 *
 * In sysfs a livepatch in transition also has the functions that it reverts to the original
 * (kernel/livepatch/core.c: klp_add_nops()). 0 or -ENOMEM.
 */
int contents_in_memory(const struct host *host, const char *livepatch, struct strvec *contents);
/* 0 or a negative errno, with a report. */
int contents_of_files(struct host *host, const struct livepatch_files *files,
		      struct strvec *contents);

/* Add to @lost what @before has and @after lacks. 0 or -ENOMEM. */
int contents_lost(const struct strvec *before, const struct strvec *after, struct strvec *lost);

/* "meminfo_proc_show() of vmlinux"; malloc()ed, NULL: no memory. */
char *content_describe(const char *content);

#endif
