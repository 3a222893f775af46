// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/machine/draining.h"
#include "kpatch/machine/holders.h"
#include "lib/files.h"
#include "lib/klp-format.h"
#include "lib/strvec.h"
#include "lib/text.h"

#define CORE "/sys/kernel/" KLP_CORE_MODULE

/* A line of held_by: "123 do_nanosleep nap", or "references 2". */
struct user {
	long pid; /* 0: a "references" line */
	long references;
	const char *function; /* NULL: the kernel doesn't know */
	const char *comm;
};

bool livepatch_is_draining(const struct host *host, const char *name)
{
	char *state = host_read(host, CORE "/%s/state", name);
	bool draining = state && (!strcmp(state, "draining") || !strcmp(state, "removing"));

	free(state);
	return draining;
}

/* Parses the line in place. */
static bool parse_user(char *line, struct user *user)
{
	char *first = strsep(&line, " "), *second = strsep(&line, " ");

	*user = (struct user){ 0 };
	if (!second)
		return false;
	if (!strcmp(first, "references")) {
		user->references = atol(second);
		return true;
	}
	user->pid = atol(first);
	user->function = strcmp(second, "?") ? second : NULL;
	user->comm = line ?: "?";
	return true;
}

static char *describe(const struct user *user, const char *module)
{
	if (!user->function)
		return format("%s (%ld) may be in the code of %s: its stack can't be read now",
			      user->comm, user->pid, module);
	return format("%s (%ld) is in %s(), in %s", user->comm, user->pid, user->function, module);
}

/* Add the holders that can be found, and the number of the others. */
static int add_holders(const struct host *host, const char *module, long references,
		       struct strvec *users)
{
	struct strvec holders = { 0 };
	int err = holders_find(host, module, &holders);
	long rest = references - (long)holders.n;

	for (size_t i = 0; i < holders.n && !err; i++)
		err = strvec_addf(users, "%s, on %s", holders.list[i], module);
	if (!err && rest > 0)
		err = strvec_addf(users,
				  "%ld %sreference%s on %s: a BPF program (bpftool link), "
				  "perf, or an open file below /sys/kernel/tracing",
				  rest, holders.n ? "other " : "", rest == 1 ? "" : "s", module);
	strvec_free(&holders);
	return err;
}

static char *read_held_by(const struct host *host, const char *name, const char *object)
{
	return object ? host_read(host, CORE "/%s/%s/held_by", name, object)
		      : host_read(host, CORE "/%s/held_by", name);
}

int draining_users(const struct host *host, const char *name, const char *object,
		   struct strvec *users)
{
	char *module = object ? klp_object_module_name(name, object) : strdup(name);
	char *text = read_held_by(host, name, object), *rest = text, *line;
	struct user user;
	int err = module ? 0 : -ENOMEM;

	while (!err && rest && (line = strsep(&rest, "\n"))) {
		if (!parse_user(line, &user))
			continue;
		err = user.pid ? strvec_take(users, describe(&user, module))
			       : add_holders(host, module, user.references, users);
	}
	free(text);
	free(module);
	return err;
}

/* List the folders of objects; there are files beside them. */
static int list_objects(const struct host *host, const char *name, struct strvec *objects)
{
	struct strvec all = { 0 };
	int err = host_list(host, &all, CORE "/%s", name);

	for (size_t i = 0; i < all.n && !err; i++)
		if (host_has(host, CORE "/%s/%s/held_by", name, all.list[i]))
			err = strvec_add(objects, all.list[i]);
	strvec_free(&all);
	return err;
}

void draining_explain(const struct host *host, const char *name)
{
	struct strvec users = { 0 }, objects = { 0 };

	list_objects(host, name, &objects);
	draining_users(host, name, NULL, &users);
	for (size_t i = 0; i < objects.n; i++)
		draining_users(host, name, objects.list[i], &users);
	for (size_t i = 0; i < users.n; i++)
		diag_detail(host->diag, "%s", users.list[i]);
	strvec_free(&users);
	strvec_free(&objects);
}

static json_t *holders_json(const struct host *host, const char *name, const char *object)
{
	char *module = object ? klp_object_module_name(name, object) : strdup(name);
	struct strvec holders = { 0 };
	json_t *array = json_array();

	if (module && !holders_find(host, module, &holders))
		for (size_t i = 0; i < holders.n; i++)
			json_array_append_new(array, json_string(holders.list[i]));
	strvec_free(&holders);
	free(module);
	return array;
}

static void add_json(const struct host *host, const char *name, const char *object, json_t *array)
{
	char *text = read_held_by(host, name, object), *rest = text, *line;
	struct user user;

	while (rest && (line = strsep(&rest, "\n"))) {
		if (!parse_user(line, &user))
			continue;
		json_array_append_new(
			array, user.pid ? json_pack("{s:s?, s:I, s:s, s:s?}", "object", object,
						    "pid", (json_int_t)user.pid, "comm", user.comm,
						    "function", user.function)
					: json_pack("{s:s?, s:I, s:o}", "object", object,
						    "references", (json_int_t)user.references,
						    "holders", holders_json(host, name, object)));
	}
	free(text);
}

json_t *draining_json(const struct host *host, const char *name)
{
	struct strvec objects = { 0 };
	json_t *array = json_array();

	list_objects(host, name, &objects);
	add_json(host, name, NULL, array);
	for (size_t i = 0; i < objects.n; i++)
		add_json(host, name, objects.list[i], array);
	strvec_free(&objects);
	return array;
}
