// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The objects that a makefile lists depend on the configuration, on conditions and on
 * its other lines: only make can tell. So kbuild's own makefiles are evaluated for
 * the folder, and nothing is made. See makefiles.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "lib/files.h"
#include "lib/strvec.h"
#include "kpatch-build/units/makefiles.h"
#include "kpatch-build/run.h"
#include "kpatch-build/index/make-index.h"
#include "lib/text.h"

/* %s: names of variables, as written in a makefile */
#define LIST_OBJECTS                                                                             \
	"include $(srctree)/scripts/Makefile.build\n"                                            \
	".PHONY: klp-split-objects\n"                                                            \
	"klp-split-objects:\n"                                                                   \
	"\t@:$(foreach o,$(real-obj-y),$(info y $(o)))$(foreach o,$(real-obj-m),$(info m $(o)))" \
	"$(foreach o,$(obj-m),$(info M $(o)))$(foreach o,$(subdir-ym),$(info D $(o)))"           \
	"$(foreach o,$(lib-y),$(info L $(o)))"                                                   \
	"$(foreach v,$(sort %s),$(info V $(v) $(value $(v))))\n"

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int parse_list(char *text, struct object_list *list, struct diag *diag)
{
	size_t lines = 1;

	for (const char *c = text; *c; c++)
		lines += *c == '\n';
	list->names = calloc(lines, sizeof(*list->names));
	if (!list->names)
		return diag_oom(diag);
	for (char *line; (line = strsep(&text, "\n"));) {
		if (!*line || line[1] != ' ' || !strchr("ymMDVL", *line))
			continue; /* a warning */
		list->names[list->n] = strdup(line);
		if (!list->names[list->n++])
			return diag_oom(diag);
	}
	qsort(list->names, list->n, sizeof(*list->names), compare);
	return 0;
}

int object_list_read(const struct job *job, const struct kernel *kernel, const char *tree,
		     const char *folder, const char *settings, struct object_list *list)
{
	char *makefile = path_join(job->work, "objects.mk", NULL), *text = NULL;
	char *rules = format(LIST_OBJECTS, settings ?: "");
	struct strvec argv = { 0 };
	int err;

	memset(list, 0, sizeof(*list));
	err = makefile && rules ? write_file_atomic(makefile, rules, strlen(rules), 0644) : -ENOMEM;
	if (err)
		diag_errno(job->diag, -err, makefile ?: job->work, "write");
	strvec_add(&argv, "make");
	strvec_add(&argv, "-srR");
	strvec_add(&argv, "--no-print-directory");
	strvec_add(&argv, "-f");
	strvec_add(&argv, makefile ?: "");
	strvec_addf(&argv, "obj=%s", folder);
	strvec_addf(&argv, "srctree=%s", tree);
	/* where the makefiles of folders are: 6.1 asks srctree, 6.12 VPATH, later ones srcroot */
	strvec_addf(&argv, "VPATH=%s", tree);
	strvec_addf(&argv, "srcroot=%s", tree);
	strvec_addf(&argv, "SRCARCH=%s", kernel_arch(kernel->vmlinux));
	strvec_addf(&argv, "CC=%s", kernel->cc);
	strvec_add(&argv, "objtree=.");
	strvec_add(&argv, "building_out_of_srctree=1");
	strvec_add(&argv, "KBUILD_BUILTIN=1");
	strvec_add(&argv, "KBUILD_MODULES=1");
	strvec_add(&argv, "need-builtin=1");
	strvec_add(&argv, "need-modorder=1");
	strvec_add(&argv, "klp-split-objects");
	err = err ?: strvec_done(&argv, job->diag);
	err = err ?: run(job, "KS338", folder, kernel->build, argv.list, &text);
	err = err ?: parse_list(text, list, job->diag);
	strvec_free(&argv);
	free(text);
	free(rules);
	free(makefile);
	return err;
}

bool object_list_has(const struct object_list *list, const char *name)
{
	return list->n && bsearch(&name, list->names, list->n, sizeof(*list->names), compare);
}

void object_list_free(struct object_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->names[i]);
	free(list->names);
	memset(list, 0, sizeof(*list));
}
