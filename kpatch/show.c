// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "Is this machine protected?" has an answer per object, not per livepatch: a
 * target that is loaded and not patched is the one line that must not be
 * overlooked. The next is a target that isn't loaded because the core has
 * refused it: somebody misses it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/contents.h"
#include "kpatch/machine/draining.h"
#include "kpatch/machine/holdups.h"
#include "lib/klp-format.h"
#include "lib/strvec.h"
#include "kpatch/show.h"

#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define RED "\033[1;31m"

struct wording {
	const char *text, *colour;
};

static struct wording state_wording(enum livepatch_state state)
{
	const char *text = livepatch_state_name(state);

	return (struct wording){ text, state == LIVEPATCH_ENABLED ? GREEN : YELLOW };
}

static struct wording object_wording(const struct livepatch *livepatch,
				     const struct livepatch_object *object)
{
	if (!object->target_loaded && object->core.error)
		return (struct wording){ "REFUSED", RED };
	if (!object->target_loaded)
		return (struct wording){ "not loaded", NULL };
	if (object->patched < 0)
		return (struct wording){ object->module_loaded ? "loaded" : "unknown", NULL };
	if (object->patched)
		return (struct wording){ "patched", GREEN };
	if (livepatch->state != LIVEPATCH_ENABLED)
		return (struct wording){ "not patched", YELLOW };
	return (struct wording){ "NOT PATCHED", RED };
}

static bool object_is_loaded(const struct host *host, const char *object)
{
	return !strcmp(object, KLP_VMLINUX) || module_is_loaded(host, object);
}

static void print_word(const struct host *host, struct wording wording)
{
	bool colour = host->colour && wording.colour;

	fprintf(host->out, "%s%s%s", colour ? wording.colour : "", wording.text,
		colour ? "\033[0m" : "");
}

/* After the word, print what the core adds to it. */
static void print_core(const struct host *host, const struct livepatch *livepatch,
		       const struct livepatch_object *object)
{
	const struct core_object *core = &object->core;

	if (!core->state)
		return;
	if (core->error)
		fprintf(host->out, ", %ld time%s: %s", core->failures,
			core->failures == 1 ? "" : "s", core_error_text(core->error));
	else if (!strcmp(core->state, "loading") || !strcmp(core->state, "draining") ||
		 !strcmp(core->state, "unloading"))
		fprintf(host->out, ", its code is %s", core->state);
	else if (!strcmp(core->state, "stuck"))
		fputs(", its code could not be removed: replace the livepatch, or reboot",
		      host->out);
	else if (!object->target_loaded && livepatch->state == LIVEPATCH_ENABLED)
		fputs(", its code waits for it", host->out);
}

static void print_holdup(const struct host *host, const struct holdup *task)
{
	fprintf(host->out, "    held up by %s (%ld)", task->comm ?: "?", task->tid);
	if (task->function)
		fprintf(host->out, ", asleep in %s()", task->function);
	if (task->asleep_ms >= 0)
		fprintf(host->out, ", for %lld s", task->asleep_ms / 1000);
	fputc('\n', host->out);
}

static int print_holdups(const struct host *host, const char *name)
{
	struct holdups holdups = { 0 };
	int err = holdups_find(host, name, &holdups);

	for (size_t i = 0; i < holdups.n && !err; i++)
		print_holdup(host, &holdups.task[i]);
	holdups_free(&holdups);
	return err;
}

static void print_users(const struct host *host, const char *name, const char *object)
{
	struct strvec users = { 0 };

	draining_users(host, name, object, &users);
	for (size_t i = 0; i < users.n; i++)
		fprintf(host->out, "    held by %s\n", users.list[i]);
	strvec_free(&users);
}

static void show_build(const struct host *host, const struct entry *entry, const char *object)
{
	const char *id = entry_built_for(entry, object);

	if (id)
		fprintf(host->out, ", built for %.12s", id);
}

static void show_in_memory(const struct host *host, const struct entry *entry, enum showing showing)
{
	const struct livepatch *livepatch = entry->memory;

	for (size_t i = 0; i < livepatch->n_objects; i++) {
		const struct livepatch_object *object = &livepatch->objects[i];

		fprintf(host->out, "    %-24s ", object->name);
		print_word(host, object_wording(livepatch, object));
		print_core(host, livepatch, object);
		if (showing == SHOW_BUILDS)
			show_build(host, entry, object->name);
		fputc('\n', host->out);
		if (object->module)
			print_users(host, livepatch->name, object->name);
	}
	print_users(host, livepatch->name, NULL);
	if (livepatch->state == LIVEPATCH_ENABLING || livepatch->state == LIVEPATCH_DISABLING)
		print_holdups(host, livepatch->name);
}

static void show_on_disk(const struct host *host, const struct entry *entry)
{
	const struct module_file *main = &entry->stored->files.main;

	for (size_t i = 0; i < main->n_targets; i++) {
		fprintf(host->out, "    %-24s %s", main->targets[i].object,
			object_is_loaded(host, main->targets[i].object) ? "not patched"
									: "not loaded");
		show_build(host, entry, main->targets[i].object);
		fputc('\n', host->out);
	}
}

static void show_lost(const struct host *host, const struct entry *entry)
{
	char *text;

	for (size_t i = 0; i < entry->lost.n; i++) {
		text = content_describe(entry->lost.list[i]);
		fprintf(host->out, "    not enabled: %s\n", text ?: "?");
		free(text);
	}
}

void show_fixes(const struct host *host, const struct module_file *main, enum showing showing)
{
	for (size_t i = 0; i < main->fixes.n && showing == SHOW_BUILDS; i++)
		fprintf(host->out, "    fix: %s\n", main->fixes.list[i]);
	for (size_t i = 0; i < main->cves.n; i++)
		fprintf(host->out, "%s%s%s", i ? ", " : "    fixes ", main->cves.list[i],
			i + 1 < main->cves.n ? "" : "\n");
}

void show_entry(const struct host *host, const struct entry *entry, enum showing showing)
{
	fprintf(host->out, "%s: ", entry->name);
	print_word(host, entry->memory ? state_wording(entry->memory->state)
				       : (struct wording){ entry_state(entry), YELLOW });
	if (entry->replaced_by)
		fprintf(host->out, " by %s", entry->replaced_by);
	fprintf(host->out, "%s%s\n", entry_is_installed(entry) ? ", installed" : "",
		try_left_out(&entry->try) ? ", left out at boot" : "");
	if (entry->stored)
		show_fixes(host, &entry->stored->files.main, showing);
	if (entry->memory)
		show_in_memory(host, entry, showing);
	else if (showing == SHOW_BUILDS)
		show_on_disk(host, entry);
	if (entry->replaced_by)
		show_lost(host, entry);
}

static json_t *object_json(const struct entry *entry, const struct livepatch_object *object)
{
	const char *built_for = entry_built_for(entry, object->name);
	json_t *json = json_pack("{s:s, s:b}", "object", object->name, "target_loaded",
				 object->target_loaded);

	json_object_set_new(json, "patched",
			    object->patched < 0 ? json_null() : json_boolean(object->patched));
	if (object->module) {
		json_object_set_new(json, "module", json_string(object->module));
		json_object_set_new(json, "module_loaded", json_boolean(object->module_loaded));
	}
	if (object->core.state)
		json_object_set_new(json, "core",
				    json_pack("{s:s, s:s?, s:I}", "state", object->core.state,
					      "error", object->core.error, "failures",
					      (json_int_t)object->core.failures));
	json_object_set_new(json, "built_for", built_for ? json_string(built_for) : json_null());
	return json;
}

static json_t *objects_on_disk(const struct host *host, const struct entry *entry)
{
	const struct module_file *main = &entry->stored->files.main;
	json_t *objects = json_array();

	for (size_t i = 0; i < main->n_targets; i++)
		json_array_append_new(objects,
				      json_pack("{s:s, s:b, s:b, s:s?}", "object",
						main->targets[i].object, "target_loaded",
						object_is_loaded(host, main->targets[i].object),
						"patched", false, "built_for",
						entry_built_for(entry, main->targets[i].object)));
	return objects;
}

static json_t *objects_in_memory(const struct entry *entry)
{
	json_t *objects = json_array();

	for (size_t i = 0; i < entry->memory->n_objects; i++)
		json_array_append_new(objects, object_json(entry, &entry->memory->objects[i]));
	return objects;
}

static json_t *content_json(const char *content)
{
	size_t length = strcspn(content, ":");
	const char *function;
	json_t *json;

	if (*content == '=')
		return json_pack("{s:s}", "cve", content + 1);
	function = content + length + 1;
	json = json_pack("{s:s#, s:s#}", "object", content, (int)length, "function", function,
			 (int)strcspn(function, ","));
	if (!*function) /* the object's callbacks */
		json_object_set_new(json, "function", json_null());
	return json;
}

static json_t *lost_json(const struct entry *entry)
{
	json_t *array = json_array();

	for (size_t i = 0; i < entry->lost.n; i++)
		json_array_append_new(array, content_json(entry->lost.list[i]));
	return array;
}

json_t *show_names_json(const struct strvec *names)
{
	json_t *array = json_array();

	for (size_t i = 0; i < names->n; i++)
		json_array_append_new(array, json_string(names->list[i]));
	return array;
}

static json_t *try_json(const struct try *try)
{
	if (!try_left_out(try))
		return json_null();
	return json_pack("{s:s, s:s?, s:O?}", "state", try_left_out(try), "when", try->when,
			 "problems", try->problems);
}

json_t *show_entry_json(const struct host *host, const struct entry *entry)
{
	enum livepatch_state state = entry->memory ? entry->memory->state : LIVEPATCH_UNUSED;
	bool enabled = state == LIVEPATCH_ENABLED || state == LIVEPATCH_ENABLING;
	bool transition = state == LIVEPATCH_ENABLING || state == LIVEPATCH_DISABLING;
	const char *release = entry->stored ? entry->stored->files.main.release : NULL;
	json_t *json;

	json = json_pack("{s:s, s:s, s:b, s:b, s:b, s:s?, s:s?, s:o, s:o}", "livepatch",
			 entry->name, "state", entry_state(entry), "enabled", enabled, "transition",
			 transition, "installed", entry_is_installed(entry), "replaced_by",
			 entry->replaced_by, "built_for", release, "left_out",
			 try_json(&entry->try), "objects",
			 entry->memory ? objects_in_memory(entry) : objects_on_disk(host, entry));
	if (transition)
		json_object_set_new(json, "held_up_by", holdups_json(host, entry->name));
	json_object_set_new(json, "not_in_force", lost_json(entry));
	if (entry->stored) {
		json_object_set_new(json, "fixes",
				    show_names_json(&entry->stored->files.main.fixes));
		json_object_set_new(json, "cves", show_names_json(&entry->stored->files.main.cves));
	}
	if (entry->memory)
		json_object_set_new(json, "held_by", draining_json(host, entry->name));
	return json;
}

int show_result(struct host *host, json_t *json)
{
	if (!json)
		return diag_oom(host->diag);
	json_dumpf(json, host->out, JSON_INDENT(2));
	fputc('\n', host->out);
	json_decref(json);
	return 0;
}
