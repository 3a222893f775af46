// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A fix adds a list of functions that BPF programs must not attach to:
 *
 *	BTF_SET_START(disabled)
 *	BTF_ID(func, bpf_lsm_getprocattr)
 *	BTF_SET_END(disabled)
 *
 * The compiler emits zeroes, each with a symbol that says what belongs there:
 * __BTF_ID__func__bpf_lsm_getprocattr__7. When vmlinux is linked, the tool
 * resolve_btfids looks up the numbers in vmlinux's BTF, and sorts them. That
 * BTF is part of the shipped file and proved with it, so the same tool can do
 * the same to our modules. It leaves numbers that it doesn't find at zero, and
 * only warns. A set with a zero in it would allow what it is meant to stop.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/elf-model.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "kpatch-build/kernel/kernel.h"
#include "kpatch-build/module/modules.h"
#include "kpatch-build/run.h"
#include "lib/text.h"
#include "kpatch-build/module/btf-ids.h"

#define BTF_IDS ".BTF_ids"
#define BTF_SET "__BTF_ID__set__"

/* Are there sets in @ko, and how many of their numbers are zero? A set begins with its count. */
static int look_at_ids(const char *ko, bool *any, size_t *zeroes, struct diag *diag)
{
	struct elf_section *section;
	struct elf_model *elf;
	int err = elf_model_load(ko, &elf, diag);

	*any = false;
	*zeroes = 0;
	if (err)
		return err;
	elf_for_each_section(elf, section) {
		if (strcmp(section->name, BTF_IDS))
			continue;
		*any = true;
		for (uint64_t at = 0; at + 4 <= section->size; at += 4)
			*zeroes += !section->data || !memcmp(section->data + at, "\0\0\0", 4);
	}
	elf_model_free(elf);
	return 0;
}

/*
 * The first unit of @object that has a new set. The output of the tool names the ids that it didn't
 * find.
 */
static struct diag_place place_of_set(const struct reached *reached, const struct object *object)
{
	struct diag_place place = { 0 };
	const struct result_data *variable;

	for (size_t i = 0; i < reached->n_units && !place.file; i++) {
		const struct unit *unit = &reached->units[i];

		if (!unit->changed || strcmp(unit->object, object->name))
			continue;
		result_for_each(variable, unit->result, data)
			if (str_starts(variable->name, BTF_SET))
				place.file = unit->source;
	}
	return place;
}

static int resolve(const struct job *job, const struct kernel *kernel, const char *ko, char **log)
{
	char *tool = path_join(kernel->build, "tools/bpf/resolve_btfids/resolve_btfids", NULL);
	struct strvec argv = { 0 };
	int err;

	strvec_add(&argv, tool ?: "");
	strvec_add(&argv, "--btf");
	strvec_add(&argv, kernel->vmlinux);
	strvec_add(&argv, ko);
	err = tool ? strvec_done(&argv, job->diag) : diag_oom(job->diag);
	err = err ?: run(job, "KS356", "resolve_btfids failed", NULL, argv.list, log);
	strvec_free(&argv);
	free(tool);
	return err;
}

int fill_btf_ids(const struct job *job, const struct kernel *kernel, const struct reached *reached,
		 const struct object *object)
{
	struct diag_place place = place_of_set(reached, object);
	char *log = NULL;
	size_t zeroes;
	bool any;
	int err;

	err = look_at_ids(object->ko, &any, &zeroes, job->diag);
	if (err || !any)
		return err;
	err = resolve(job, kernel, object->ko, &log);
	err = err ?: look_at_ids(object->ko, &any, &zeroes, job->diag);
	if (!err && zeroes) {
		err = diag_error(job->diag, "KS356", &place, "%s: %zu of them not in vmlinux's BTF",
				 object->module, zeroes);
		run_report_log(job->diag, log);
	}
	free(log);
	return err;
}
