// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks that the compiler is the one that built the kernel: KS303. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kpatch-build/build.h"
#include "kpatch-build/run.h"
#include "kpatch-build/kernel/shipped.h"
#include "kpatch-build/index/unit-index.h"
#include "lib/process.h"
#include "kpatch-build/kernel/compiler.h"
#include "kpatch-build/kernel/distro.h"

int check_compiler(const struct kernel *kernel, struct diag *diag)
{
	const char *argv[] = { kernel->cc, "--version", NULL };
	char *text = NULL, *comment, *tail = strchr(kernel->cc_version, ' ');
	struct process process = { .argv = argv };
	size_t size;
	int err;

	err = process_run(&process);
	if (!err && process.log)
		text = strndup(process.log, strcspn(process.log, "\n"));
	process_end(&process);
	if (err || !text) {
		diag_error(diag, "KS303", NULL, "%s can't be run", kernel->cc);
		diag_detail(diag, "the kernel was built by: %s", kernel->cc_version);
		diag_detail(diag, "as root: %s %s", kernel->distro->install,
			    strstr(kernel->cc, "gcc-") ?: kernel->cc);
		diag_detail(diag, "or without root: kpatch-build --fetch …");
		return -EINVAL;
	}
	if (strcmp(text, kernel->cc_version)) {
		err = diag_error(diag, "KS303", NULL, "%s is another version", kernel->cc);
		diag_detail(diag, "the kernel was built by: %s", kernel->cc_version);
		diag_detail(diag, "installed here:          %s", text);
	}
	free(text);
	if (err)
		return err;
	err = shipped_section(kernel->vmlinux, ".comment", &comment, &size, diag);
	if (err)
		return diag_error(diag, "KS303", NULL, "%s doesn't say what built it",
				  kernel->vmlinux);
	if (tail && !memmem(comment, size, tail, strlen(tail))) {
		err = diag_error(diag, "KS303", NULL,
				 "the configuration and vmlinux name two compilers");
		diag_detail(diag, "configuration: %s", kernel->cc_version);
		diag_detail(diag, "vmlinux:       %s", comment);
	}
	free(comment);
	return err;
}
