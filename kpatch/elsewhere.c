// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "lib/strvec.h"
#include "kpatch/elsewhere.h"
#include "kpatch/install.h"

static int add_of_kernel(const struct host *host, const char *release, json_t *array)
{
	struct strvec names = { 0 };
	int err = host_list(host, &names, STORE, release);

	for (size_t i = 0; i < names.n && !err; i++)
		if (host_has(host, STORE "/%s/" STORED_RECORD, release, names.list[i]) &&
		    json_array_append_new(array, json_pack("{s:s, s:s}", "livepatch", names.list[i],
							   "kernel", release)))
			err = -ENOMEM;
	strvec_free(&names);
	return err;
}

/* A folder that can't be read is ignored here. */
json_t *elsewhere_read(const struct host *host)
{
	json_t *array = json_array();
	struct strvec releases = { 0 };
	int err = host_list(host, &releases, "/lib/modules");

	for (size_t i = 0; array && i < releases.n && err != -ENOMEM; i++)
		if (strcmp(releases.list[i], host->release))
			err = add_of_kernel(host, releases.list[i], array);
	strvec_free(&releases);
	if (err == -ENOMEM) {
		json_decref(array);
		return NULL;
	}
	return array;
}
