// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One file per livepatch: {"state": "trying", "failed" or "settling", "boot_id", "build_id",
 * "when", "problems", "crashes"}. A file that can't be parsed was not written by kpatch, which
 * renames complete files. It forbids nothing, and the next try overwrites it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/diag-json.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "kpatch/tries.h"
#include "lib/text.h"

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

static bool is_of_this_boot(const struct host *host, const json_t *json)
{
	const char *then = json_string_value(json_object_get(json, "boot_id"));
	char *now = boot_id(host);
	bool same = now && then && !strcmp(now, then);

	free(now);
	return same;
}

static void judge(struct try *try, const char *state, bool same_boot)
{
	if (!strcmp(state, "failed")) {
		try->state = TRY_FAILED;
	} else if (!strcmp(state, "trying")) {
		try->state = same_boot ? TRY_CUT_OFF : TRY_CRASHED;
	} else if (!strcmp(state, "settling") && same_boot) {
		try->state = TRY_SETTLING;
	} else if (!strcmp(state, "settling")) {
		try->crashes++;
		try->state = try->crashes >= TRIES_FATAL ? TRY_FATAL : TRY_NONE;
	}
}

int try_read(const struct host *host, const char *livepatch, struct try *try)
{
	char *path = host_path(host, TRIES "/%s.json", host->release, livepatch);
	json_t *json = path ? json_load_file(path, 0, NULL) : NULL;

	*try = (struct try){ .state = TRY_NONE };
	if (json) {
		try->crashes = json_integer_value(json_object_get(json, "crashes"));
		judge(try, json_string_value(json_object_get(json, "state")) ?: "",
		      is_of_this_boot(host, json));
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

static bool is_about(const struct try *try, const char *build_id)
{
	return !build_id || !try->build_id || !strcmp(build_id, try->build_id);
}

bool try_forbids(const struct try *try, const char *build_id)
{
	return try_left_out(try) && is_about(try, build_id);
}

const char *try_left_out(const struct try *try)
{
	static const char *const reasons[] = {
		[TRY_FAILED] = "failed",
		[TRY_CRASHED] = "crashed",
		[TRY_FATAL] = "fatal",
	};

	return (size_t)try->state < ARRAY_SIZE(reasons) ? reasons[try->state] : NULL;
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

int try_settling(struct host *host, const char *livepatch, const char *build_id,
		 const struct try *before)
{
	json_t *note = note_of(host, "settling", build_id);

	if (note && is_about(before, build_id))
		json_object_set_new(note, "crashes", json_integer(before->crashes));
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
	/* the folder is removed with the last note, and made again when it is needed */
	if (!err)
		rmdir(folder);
	if (err)
		diag_errno(host->diag, -err, path ?: livepatch, "remove");
	free(path);
	free(folder);
	return err;
}

/* "fix.json" → "fix"; NULL if it isn't a note, or memory is out. */
static char *livepatch_of(const char *file)
{
	const char *end = strrchr(file, '.');

	return end && !strcmp(end, ".json") ? strndup(file, end - file) : NULL;
}

int tries_settle(struct host *host)
{
	struct strvec files = { 0 };
	int err = host_list(host, &files, TRIES, host->release);
	struct try try;
	char *name;

	if (err)
		return diag_errno(host->diag, -err, "/var/lib/klp-split", "read");
	for (size_t i = 0; i < files.n && !err; i++) {
		name = livepatch_of(files.list[i]);
		if (!name)
			continue;
		err = try_read(host, name, &try) ? diag_oom(host->diag) : 0;
		if (!err && try.state == TRY_SETTLING)
			err = try_over(host, name);
		try_free(&try);
		free(name);
	}
	strvec_free(&files);
	return err;
}
