// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One file per livepatch: {"state": "trying" or "failed", "boot_id", "build_id",
 * "when", "problems"}. One that can't be read was not written by us, as we
 * rename what is complete; it forbids nothing, but is in the way of nothing
 * either: the next try writes over it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/files.h"
#include "tries.h"

#define TRIES "/var/lib/klp-split/%s"

static char *boot_id(const struct host *host)
{
	return host_read(host, "/proc/sys/kernel/random/boot_id");
}

static char *copy_of(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return text ? strdup(text) : NULL;
}

static enum try_state state_of(const struct host *host, const json_t *json)
{
	const char *state = json_string_value(json_object_get(json, "state"));
	const char *then = json_string_value(json_object_get(json, "boot_id"));
	char *now = boot_id(host);
	bool same = now && then && !strcmp(now, then);

	free(now);
	if (state && !strcmp(state, "failed"))
		return TRY_FAILED;
	if (state && !strcmp(state, "trying"))
		return same ? TRY_CUT_OFF : TRY_CRASHED;
	return TRY_NONE;
}

int try_read(const struct host *host, const char *livepatch, struct try *try)
{
	char *path = host_path(host, TRIES "/%s.json", host->release, livepatch);
	json_t *json = path ? json_load_file(path, 0, NULL) : NULL;

	*try = (struct try){ .state = TRY_NONE };
	if (json) {
		try->state = state_of(host, json);
		try->build_id = copy_of(json, "build_id");
		try->when = copy_of(json, "when");
		try->problems = json_incref(json_object_get(json, "problems"));
		json_decref(json);
	}
	if (!path)
		return -ENOMEM;
	free(path);
	return 0;
}

void try_free(struct try *try)
{
	free(try->build_id);
	free(try->when);
	json_decref(try->problems);
	*try = (struct try){ .state = TRY_NONE };
}

bool try_forbids(const struct try *try, const char *build_id)
{
	if (try->state != TRY_CRASHED && try->state != TRY_FAILED)
		return false;
	return !build_id || !try->build_id || !strcmp(build_id, try->build_id);
}

static int write_note(struct host *host, const char *livepatch, json_t *note)
{
	char *folder = host_path(host, TRIES, host->release);
	char *path = folder ? format("%s/%s.json", folder, livepatch) : NULL;
	char *text = note ? json_dumps(note, JSON_INDENT(2)) : NULL;
	int err = path && text ? make_dirs(folder) : -ENOMEM;

	err = err ?: write_file_atomic(path, text, strlen(text), 0644);
	err = err ?: sync_dir(folder);
	if (err)
		diag_errno(host->diag, -err, path ?: livepatch, "write");
	json_decref(note);
	free(text);
	free(path);
	free(folder);
	return err;
}

static json_t *note_of(const struct host *host, const char *state, const char *build_id)
{
	char *id = boot_id(host), when[64] = "";
	time_t now = time(NULL);
	struct tm tm;
	json_t *note;

	if (gmtime_r(&now, &tm))
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
	note = json_pack("{s:s, s:s?, s:s?, s:s}", "state", state, "boot_id", id, "build_id",
			 build_id, "when", when);
	free(id);
	return note;
}

int try_begin(struct host *host, const char *livepatch, const char *build_id)
{
	return write_note(host, livepatch, note_of(host, "trying", build_id));
}

int try_failed(struct host *host, const char *livepatch, const char *build_id,
	       const struct diag *why)
{
	json_t *note = note_of(host, "failed", build_id);

	if (note)
		json_object_set_new(note, "problems", diag_to_json(why));
	return write_note(host, livepatch, note);
}

int try_over(struct host *host, const char *livepatch)
{
	char *folder = host_path(host, TRIES, host->release);
	char *path = folder ? format("%s/%s.json", folder, livepatch) : NULL;
	int err = path ? 0 : -ENOMEM;

	if (!err && unlink(path))
		err = errno == ENOENT ? 0 : -errno;
	else if (!err)
		err = sync_dir(folder);
	/* with the last note the folder goes; it is made anew when it is needed */
	if (!err)
		rmdir(folder);
	if (err)
		diag_errno(host->diag, -err, path ?: livepatch, "remove");
	free(path);
	free(folder);
	return err;
}
