/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Shows a livepatch to the administrator, in words and as JSON, in the same way for each command.
 */
#ifndef KPATCH_SHOW_H
#define KPATCH_SHOW_H

#include <jansson.h>

#include "lib/strvec.h"
#include "kpatch/overview.h"

/* In brief, or with the builds that it was made for. */
enum showing { SHOW_BRIEF, SHOW_BUILDS };
void show_entry(const struct host *host, const struct entry *entry, enum showing showing);
/* Its CVE ids and, unless in brief, what its diffs say. */
void show_fixes(const struct host *host, const struct module_file *main, enum showing showing);
json_t *show_names_json(const struct strvec *names);
json_t *show_entry_json(const struct host *host, const struct entry *entry);

/* Print @json on host->out and drop the reference; NULL: out of memory. KS900. */
int show_result(struct host *host, json_t *json);

#endif
