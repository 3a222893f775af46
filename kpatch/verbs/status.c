// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * All that is known, with a verdict: for the administrator who was called at
 * night, and for the monitor that calls.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch/elsewhere.h"
#include "lib/klp-format.h"
#include "lib/strvec.h"
#include "kpatch/service.h"
#include "kpatch/show.h"
#include "kpatch/verbs/verbs.h"
#include "kpatch/verbs/choose.h"
#include "kpatch/troubles.h"

/* KS412 for names that are neither in memory nor on disk. */
static int choose(struct host *host, const struct overview *overview, const struct strvec *words,
		  struct strvec *chosen)
{
	struct strvec known = { 0 };
	int err = 0;

	for (size_t i = 0; i < overview->n && !err; i++)
		err = strvec_add(words->n ? &known : chosen, overview->entry[i].name);
	err = err ? diag_oom(host->diag) : names_choose(host, words, &known, "KS412", chosen);
	strvec_free(&known);
	return err;
}

static void show_machine(const struct host *host, const char *core, int service)
{
	fprintf(host->out, "kernel %s, core %s\n", host->release,
		core					  ? core
		: module_is_loaded(host, KLP_CORE_MODULE) ? "loaded"
							  : "not loaded");
	if (service >= 0)
		fprintf(host->out, "kpatch.service is %s\n", service ? "enabled" : "not enabled");
	if (boot_is_turned_off(host))
		fputs("kpatch.enable=0: nothing was loaded at boot\n", host->out);
	if (host->busy)
		fputs("another kpatch is at work\n", host->out);
}

static void show_elsewhere(const struct host *host)
{
	json_t *others = elsewhere_read(host), *other;
	size_t i;

	json_array_foreach(others, i, other)
		fprintf(host->out, "%s: installed for kernel %s\n",
			json_string_value(json_object_get(other, "livepatch")),
			json_string_value(json_object_get(other, "kernel")));
	json_decref(others);
}

static void show_text(const struct host *host, const struct overview *overview,
		      const struct strvec *chosen, const struct strvec *troubles)
{
	char *core = host_read(host, "/sys/module/" KLP_CORE_MODULE "/version");

	show_machine(host, core, service_is_enabled(host));
	for (size_t i = 0; i < overview->n; i++) {
		const struct entry *entry = &overview->entry[i];

		if (!strvec_has(chosen, entry->name))
			continue;
		show_entry(host, entry, SHOW_BUILDS);
		if (entry->stored && entry->stored->files.main.release)
			fprintf(host->out, "    for kernel %s\n",
				entry->stored->files.main.release);
	}
	if (chosen->n == overview->n)
		show_elsewhere(host);
	for (size_t i = 0; i < troubles->n; i++)
		fprintf(host->out, "! %s\n", troubles->list[i]);
	if (!troubles->n)
		fprintf(host->out, "%s\n",
			overview->n ? "all is as it should be"
				    : "no livepatch is loaded, or installed for this kernel");
	free(core);
}

static int show_all_json(struct host *host, const struct overview *overview,
			 const struct strvec *chosen, const struct strvec *troubles)
{
	char *core = host_read(host, "/sys/module/" KLP_CORE_MODULE "/version");
	json_t *array = json_array(), *sentences = json_array(), *json;
	int service = service_is_enabled(host);

	for (size_t i = 0; i < overview->n; i++)
		if (strvec_has(chosen, overview->entry[i].name))
			json_array_append_new(array, show_entry_json(host, &overview->entry[i]));
	for (size_t i = 0; i < troubles->n; i++)
		json_array_append_new(sentences, json_string(troubles->list[i]));
	json = json_pack("{s:s, s:s?, s:b, s:b, s:o, s:o, s:o?, s:o}", "kernel", host->release,
			 "core", core, "core_loaded", module_is_loaded(host, KLP_CORE_MODULE),
			 "turned_off_at_boot", boot_is_turned_off(host), "service_enabled",
			 service < 0 ? json_null() : json_boolean(service), "livepatches", array,
			 "other_kernels", elsewhere_read(host), "troubles", sentences);
	free(core);
	return show_result(host, json);
}

static int find_troubles(struct host *host, const struct overview *overview,
			 const struct strvec *words, const struct strvec *chosen,
			 struct strvec *troubles)
{
	int err = 0;

	if (!words->n)
		err = overview_troubles(host, overview, NULL, troubles);
	for (size_t i = 0; i < chosen->n && words->n && !err; i++)
		err = overview_troubles(host, overview, chosen->list[i], troubles);
	return err ? diag_oom(host->diag) : 0;
}

int verb_status(struct host *host, const struct strvec *words, bool json, bool *troubled)
{
	struct strvec chosen = { 0 }, troubles = { 0 };
	struct overview overview = { 0 };
	int err = overview_read(host, &overview) ? diag_oom(host->diag) : 0;

	err = err ?: choose(host, &overview, words, &chosen);
	err = err ?: find_troubles(host, &overview, words, &chosen, &troubles);
	if (!err && json)
		err = show_all_json(host, &overview, &chosen, &troubles);
	else if (!err)
		show_text(host, &overview, &chosen, &troubles);
	*troubled = troubles.n;
	strvec_free(&chosen);
	strvec_free(&troubles);
	overview_free(&overview);
	return err;
}
