/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A livepatch as the administrator sees it, in words and as JSON; the same from each command. */
#ifndef KPATCH_SHOW_H
#define KPATCH_SHOW_H

#include <jansson.h>

#include "livepatch-sysfs.h"

void show_livepatch(const struct host *host, const struct livepatch *livepatch);
json_t *show_livepatch_json(const struct host *host, const struct livepatch *livepatch);

/* Print @json on host->out and let go of it; NULL: memory is out. KS901. */
int show_json(struct host *host, json_t *json);

#endif
