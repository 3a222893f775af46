// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Some refusals have a cause that the errno hides: a core of another build is
 * loaded, ftrace is disabled, a tracer redirects the same function. The log
 * lines that tell them apart are those of kernel/module/main.c (check_version(),
 * simplify_symbols()), kernel/livepatch/patch.c (klp_patch_func()) and of the
 * core, in 6.1 and 6.12.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/klp-format.h"
#include "kpatch/refusal.h"

/* The return codes of the core and of kernel/livepatch/core.c. */
static const struct {
	int err;
	const char *meaning;
} meanings[] = {
	{ ENOEXEC, "made for another kernel, or for another build of a loaded module" },
	{ EEXIST, "a livepatch of that name is still in memory" },
	{ EIO, "the object module of a loaded target could not be loaded" },
	{ ENOENT, "a symbol was not found in the object that it names" },
	{ EINVAL, "a function to patch was not found, or the module contradicts itself" },
	{ ENODEV, "a pre-patch callback refused" },
	{ EKEYREJECTED, "its signature is missing or not one that this kernel trusts" },
	{ EPERM, "loading modules is forbidden (modules_disabled or lockdown)" },
	{ ENOMEM, "no memory" },
	{ EBUSY, "a function to patch can't be redirected now" },
	{ EINTR, "interrupted" },
};

const char *refusal_meaning(int err)
{
	for (size_t i = 0; i < ARRAY_SIZE(meanings); i++)
		if (meanings[i].err == err)
			return meanings[i].meaning;
	return strerror(err);
}

/* The loader has found the core's functions, but with other checksums, or not at all. */
static bool is_for_another_core(const struct host *host, const char *text, int err)
{
	return text && strstr(text, " symbol " KLP_CORE_MODULE "_enable");
}

static bool ftrace_is_off(const struct host *host, const char *text, int err)
{
	return err == EBUSY && host_number(host, 1, "/proc/sys/kernel/ftrace_enabled") == 0;
}

static bool is_redirected_by_others(const struct host *host, const char *text, int err)
{
	return err == EBUSY;
}

/* The first row that applies is the cause. */
static const struct {
	const char *code;
	bool (*applies)(const struct host *host, const char *text, int err);
} causes[] = {
	{ "KS443", is_for_another_core },
	{ "KS441", ftrace_is_off },
	{ "KS442", is_redirected_by_others },
};

static const char *code_of_cause(const struct host *host, const char *text, int err)
{
	for (size_t i = 0; i < ARRAY_SIZE(causes); i++)
		if (causes[i].applies(host, text, err))
			return causes[i].code;
	return NULL;
}

/* "name (2) R I tramp: …": IPMODIFY is an 'I' after the count (kernel/trace/ftrace.c: t_show()). */
static bool is_redirected(const char *line)
{
	const char *flags = strchr(line, ')');

	return flags && memchr(flags, 'I', strnlen(flags, sizeof(") R I")));
}

/* Add the functions that ftrace already redirects and that the kernel's log lines name. */
static void tell_redirected(const struct host *host, const char *text)
{
	static const char *const folders[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	char *list = NULL, *rest, *line, *quoted;

	for (size_t i = 0; i < ARRAY_SIZE(folders) && !list; i++)
		list = host_read(host, "%s/enabled_functions", folders[i]);
	rest = list;
	while (rest && text && (line = strsep(&rest, "\n"))) {
		if (!is_redirected(line))
			continue;
		quoted = strndup(line, strcspn(line, " "));
		if (quoted && strstr(text, quoted))
			diag_detail(host->diag, "ftrace: %s", line);
		free(quoted);
	}
	free(list);
}

void refusal_report(struct host *host, const char *code, const char *name, int err,
		    struct kernel_log *log)
{
	char *text = kernel_log_take(log, name);
	const char *cause = code_of_cause(host, text, err);

	diag_error(host->diag, cause ?: code, NULL, "'%s': %s", name, refusal_meaning(err));
	kernel_log_tell(host, text);
	if (cause && err == EBUSY)
		tell_redirected(host, text);
	free(text);
}
