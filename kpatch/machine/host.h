/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The administrator's command changes a running kernel. What it does must be
 * tested without one too: on a folder that looks like /sys, /proc and
 * /lib/modules, with a kernel that refuses, stalls or forgets at will.
 *
 * So everything that it touches is reached through a struct host, and nothing is
 * global.
 */
#ifndef KPATCH_HOST_H
#define KPATCH_HOST_H

#include <stdbool.h>
#include <stdio.h>

#include "lib/diag.h"

struct host;
struct holdups;
struct strvec;

/* How modules are inserted into the running kernel and removed. 0 or negative errno. */
struct module_ops {
	int (*insert)(struct host *host, const char *file);
	/* By name, with what it depends on, as modprobe would. */
	int (*insert_by_name)(struct host *host, const char *name);
	int (*remove)(struct host *host, const char *name);
	/* The file that modprobe would load; *@path is malloc()ed. -ENOENT: none. */
	int (*find)(struct host *host, const char *name, char **path);
	/* Update modprobe's list of what is below /lib/modules. */
	int (*update_dependencies)(struct host *host);
};

struct host {
	const char *root; /* before /sys, /proc, /lib/modules, /run; "" but in tests */
	const char *release; /* as uname -r */
	bool other_kernel; /* ->release is not the running kernel's: only files can be looked at */
	const char *datadir; /* where the installed tools may have a core for each release */
	struct diag *diag;
	FILE *out; /* the result */
	FILE *progress; /* progress messages; NULL: be quiet */
	bool live; /* ->progress is a terminal: a line may be rewritten */
	bool colour; /* ->out is one, and NO_COLOR is unset */
	/* the livepatches whose fixes may be dropped: names, separated by commas; "": any; NULL: none */
	const char *drop;
	bool busy; /* another kpatch is running: what looks left over may be in use by it */
	bool troubled; /* the answer of `status` */
	bool unfit; /* the answer of `info`: some livepatch doesn't fit this machine */
	unsigned int timeout; /* in seconds, for a transition */
	size_t (*nudge)(const struct holdups *holdups); /* NULL: wake nobody */
	/* the BPF links that are attached between two addresses: holders.h; NULL: don't ask */
	int (*bpf_links)(unsigned long long first, unsigned long long last, struct strvec *ids);
	int signals; /* signalfd of what interrupts us, or -1 */
	const struct module_ops *modules;
	/* systemctl @verb kpatch.service: 0, -ENOENT: no such program, or what went wrong in *@log
	 * (malloc()ed); NULL: there are no services */
	int (*service)(const char *verb, char **log);
	void *modules_data;
};

/* path below ->root; malloc()ed, NULL: no memory. */
char *host_path(const struct host *host, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
bool host_has(const struct host *host, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * The text of a small file without its last newline; malloc()ed. NULL if it can't be
 * read (errno says why).
 */
char *host_read(const struct host *host, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* A number in a file, or @otherwise. */
long host_number(const struct host *host, long otherwise, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The names in a folder, sorted, without dot files. 0 or negative errno; a folder that
 * isn't there is empty.
 */
int host_list(const struct host *host, struct strvec *names, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Time that only moves forward, in milliseconds. */
long long host_now(void);
/*
 * Wait; true if a signal asks us to give up. The signal stays in the queue, so that later calls
 * return true, too.
 */
bool host_pause(const struct host *host, unsigned int ms);
/* The same, but no signal interrupts it. */
void host_sleep(unsigned int ms);
bool host_interrupted(const struct host *host);

/* Print a line of progress, unless host->progress is NULL. */
void host_say(const struct host *host, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
