// SPDX-License-Identifier: GPL-2.0-or-later
/* What is in memory, at a glance; `status` has the rest. */
#include <errno.h>
#include <stdlib.h>

#include "lib/klp-format.h"
#include "livepatch-sysfs.h"
#include "show.h"
#include "verbs.h"

int verb_list(struct host *host, bool json)
{
	struct livepatches all = { 0 };
	json_t *array;

	if (livepatches_read(host, &all))
		return diag_oom(host->diag);
	if (json) {
		array = json_array();
		for (size_t i = 0; i < all.n; i++)
			json_array_append_new(array, show_livepatch_json(host, &all.livepatch[i]));
		show_json(host,
			  json_pack("{s:s, s:b, s:o}", "kernel", host->release, "core_loaded",
				    module_is_loaded(host, KLP_CORE_MODULE), "livepatches", array));
	} else {
		for (size_t i = 0; i < all.n; i++)
			show_livepatch(host, &all.livepatch[i]);
		if (!all.n)
			fputs("no livepatch is loaded\n", host->out);
	}
	livepatches_free(&all);
	return diag_errors(host->diag) ? -EINVAL : 0;
}

int verb_version(struct host *host, bool json)
{
	char *core = host_read(host, "/sys/module/" KLP_CORE_MODULE "/version");
	bool loaded = module_is_loaded(host, KLP_CORE_MODULE);

	if (json)
		show_json(host, json_pack("{s:s, s:s?, s:b}", "kpatch", KLP_SPLIT_VERSION, "core",
					  core, "core_loaded", loaded));
	else
		fprintf(host->out, "kpatch %s\ncore %s\n", KLP_SPLIT_VERSION,
			core
				?: loaded ? "loaded"
					  : "not loaded");
	free(core);
	return 0;
}
