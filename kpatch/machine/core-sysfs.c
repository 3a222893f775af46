// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A target that was refused is as absent as one that was never loaded. Only the
 * core and the kernel's log know the difference, and the log may be overwritten
 * by the time somebody asks.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "kpatch/machine/core-sysfs.h"
#include "lib/klp-format.h"

#define CORE "/sys/kernel/" KLP_CORE_MODULE

/* The words of kmod/ABI-sysfs-klp_split. */
static const struct {
	const char *error, *text;
} errors[] = {
	{ "build-id", "it is another build than the livepatch was made for" },
	{ "modprobe-not-run", "modprobe could not be run, and its file not be loaded without" },
	{ "modprobe-killed", "modprobe was killed, and its file could not be loaded without" },
	{ "modprobe-failed", "modprobe could not load its code" },
	{ "modprobe-idle", "modprobe did nothing: an install line" },
	{ "not-registered", "what modprobe loaded is no code of this livepatch" },
	{ "stuck", "its old code could not be removed" },
};

const char *core_error_text(const char *error)
{
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
		if (!strcmp(error, errors[i].error))
			return errors[i].text;
	return error;
}

int core_object_read(const struct host *host, const char *livepatch, const char *object,
		     struct core_object *core)
{
	struct core_object found = { 0 };

	if (!host_has(host, CORE "/%s/%s/state", livepatch, object)) {
		*core = found;
		return 0;
	}
	found.state = host_read(host, CORE "/%s/%s/state", livepatch, object);
	found.error = host_read(host, CORE "/%s/%s/error", livepatch, object);
	found.failures = host_number(host, 0, CORE "/%s/%s/failures", livepatch, object);
	/* The livepatch may just be leaving: treat it as absent. */
	if (!found.state || !found.error) {
		bool no_memory = errno == ENOMEM;

		core_object_free(&found);
		if (no_memory)
			return -ENOMEM;
	} else if (!strcmp(found.error, "none")) {
		free(found.error);
		found.error = NULL;
	}
	*core = found;
	return 0;
}

void core_object_free(struct core_object *core)
{
	free(core->state);
	free(core->error);
	*core = (struct core_object){ 0 };
}
