// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "kpatch/elsewhere.h"
#include "kpatch/install.h"

static int add_of_kernel(const struct host *host, const char *release, json_t *array)
{
	struct names names = { 0 };
	int err = host_list(host, &names, STORE, release);

	for (size_t i = 0; i < names.n && !err; i++)
		if (host_has(host, STORE "/%s/" STORED_RECORD, release, names.name[i]) &&
		    json_array_append_new(array, json_pack("{s:s, s:s}", "livepatch", names.name[i],
							   "kernel", release)))
			err = -ENOMEM;
	names_free(&names);
	return err;
}

/* A folder that can't be read is ignored here. */
json_t *elsewhere_read(const struct host *host)
{
	json_t *array = json_array();
	struct names releases = { 0 };
	int err = host_list(host, &releases, "/lib/modules");

	for (size_t i = 0; array && i < releases.n && err != -ENOMEM; i++)
		if (strcmp(releases.name[i], host->release))
			err = add_of_kernel(host, releases.name[i], array);
	names_free(&releases);
	if (err == -ENOMEM) {
		json_decref(array);
		return NULL;
	}
	return array;
}
