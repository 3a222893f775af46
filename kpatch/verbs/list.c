// SPDX-License-Identifier: GPL-2.0-or-later
/* What is in memory, at a glance; `status` has the rest. */
#include <errno.h>
#include <stdlib.h>

#include "lib/klp-format.h"
#include "kpatch/machine/livepatch-sysfs.h"
#include "kpatch/show.h"
#include "kpatch/verbs/verbs.h"

/* Leftovers on disk are only in `status`. */
static bool is_listed(const struct entry *entry)
{
	return entry->memory || entry_is_installed(entry);
}

int verb_list(struct host *host, bool json)
{
	struct overview overview = { 0 };
	json_t *array = json_array();
	size_t n = 0;

	if (overview_read(host, &overview)) {
		json_decref(array);
		return diag_oom(host->diag);
	}
	for (size_t i = 0; i < overview.n; i++) {
		if (!is_listed(&overview.entry[i]))
			continue;
		n++;
		if (json)
			json_array_append_new(array, show_entry_json(host, &overview.entry[i]));
		else
			show_entry(host, &overview.entry[i], SHOW_BRIEF);
	}
	if (!json && !n)
		fputs("no livepatch is loaded\n", host->out);
	overview_free(&overview);
	if (json)
		return show_result(host,
				   json_pack("{s:s, s:b, s:o}", "kernel", host->release,
					     "core_loaded", module_is_loaded(host, KLP_CORE_MODULE),
					     "livepatches", array));
	json_decref(array);
	return 0;
}

int verb_version(struct host *host, bool json)
{
	char *core = host_read(host, "/sys/module/" KLP_CORE_MODULE "/version");
	bool loaded = module_is_loaded(host, KLP_CORE_MODULE);

	if (json)
		show_result(host, json_pack("{s:s, s:s?, s:b}", "kpatch", KLP_SPLIT_VERSION, "core",
					    core, "core_loaded", loaded));
	else
		fprintf(host->out, "kpatch %s\ncore %s\n", KLP_SPLIT_VERSION,
			core
				?: loaded ? "loaded"
					  : "not loaded");
	free(core);
	return 0;
}
