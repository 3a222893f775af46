// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A configuration is a file of its own next to the kernel, and only its place
 * says to which kernel it belongs. With a wrong one everything compiles, and
 * later differs in a thousand places. So it is first compared with what the
 * kernel says about its own configuration: the build salt, which distributions
 * derive from the release, and the whole configuration if CONFIG_IKCONFIG put a
 * copy into the kernel.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <unistd.h>

#include "lib/array.h"
#include "kpatch-build/build.h"
#include "lib/files.h"
#include "kpatch-build/kernel/shipped.h"
#include "kpatch-build/kernel/kernel-config.h"

/* Options with which this tool can't be right, with the reason. */
enum wish {
	WANTED,
	UNWANTED,
	UNWANTED_IN_LIVEPATCH, /* allowed for --prove, which makes no livepatch */
};

static const struct {
	const char *option;
	enum wish wish;
	const char *why;
} requirements[] = {
	{ "CONFIG_LIVEPATCH", WANTED, "the kernel can't be livepatched at all" },
	{ "CONFIG_MODULES", WANTED, "a livepatch is a module" },
	{ "CONFIG_DYNAMIC_FTRACE", WANTED, "livepatch redirects functions with ftrace" },
	{ "CONFIG_HAVE_RELIABLE_STACKTRACE", WANTED, "a transition needs reliable stacks" },
	{ "CONFIG_DEBUG_INFO_SPLIT", UNWANTED, "debug information in other files isn't read" },
	{ "CONFIG_RANDSTRUCT", UNWANTED,
	  "layouts of structures depend on a seed that isn't shipped" },
	{ "CONFIG_GCC_PLUGIN_LATENT_ENTROPY", UNWANTED,
	  "two compiles of one unit differ at random" },
	{ "CONFIG_LTO_CLANG", UNWANTED, "a unit isn't compiled to an object of its own" },
	{ "CONFIG_KASAN", UNWANTED_IN_LIVEPATCH,
	  "each unit lists its variables for the checker, which would see those of the livepatch twice" },
};

/* The value after "NAME=" at the beginning of a line, without quotes; NULL if it isn't set. */
char *config_value(const char *config, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = config; (at = strstr(at, name)); at += n) {
		const char *value = at + n + 1;

		if ((at != config && at[-1] != '\n') || at[n] != '=')
			continue;
		if (*value == '"')
			return strndup(value + 1, strcspn(value + 1, "\"\n"));
		return strndup(value, strcspn(value, "\n"));
	}
	return NULL;
}

int check_config(const struct job *job, struct kernel *kernel)
{
	char *config, *value;
	size_t size;
	int err;

	err = read_file(kernel->config, &config, &size);
	if (err)
		return diag_errno(job->diag, -err, kernel->config, "read");
	for (size_t i = 0; i < ARRAY_SIZE(requirements); i++) {
		if (requirements[i].wish == UNWANTED_IN_LIVEPATCH && job->options.prove)
			continue;
		value = config_value(config, requirements[i].option);
		if (!!value != (requirements[i].wish == WANTED))
			err = diag_error(job->diag, "KS302", NULL, "%s is %s: %s",
					 requirements[i].option, value ?: "not set",
					 requirements[i].why);
		free(value);
	}
	kernel->cc_version = config_value(config, "CONFIG_CC_VERSION_TEXT");
	value = config_value(config, "CONFIG_RUSTC_VERSION");
	kernel->sign_hash = config_value(config, "CONFIG_MODULE_SIG_HASH");
	kernel->has_rust = value && strcmp(value, "0");
	free(value);
	value = config_value(config, "CONFIG_DEBUG_INFO");
	kernel->has_debug_info = value;
	free(value);
	free(config);
	if (!kernel->cc_version)
		return diag_error(job->diag, "KS302", NULL, "%s has no CONFIG_CC_VERSION_TEXT",
				  kernel->config);
	kernel->cc = strndup(kernel->cc_version, strcspn(kernel->cc_version, " "));
	return kernel->cc ? err : diag_oom(job->diag);
}

/* Larger than any configuration; a damaged length can't request more. */
#define CONFIG_MAX (8 << 20)

static char *unzip(const unsigned char *zipped, size_t size)
{
	z_stream stream = {
		.next_in = (unsigned char *)zipped,
		.avail_in = size,
		.avail_out = CONFIG_MAX,
	};
	char *text = calloc(1, CONFIG_MAX + 1);
	bool done = false;

	stream.next_out = (unsigned char *)text;
	if (text && inflateInit2(&stream, 16 + MAX_WBITS) == Z_OK) { /* 16: a gzip header */
		done = inflate(&stream, Z_FINISH) == Z_STREAM_END;
		inflateEnd(&stream);
	}
	if (done)
		return text;
	free(text);
	return NULL;
}

char *config_in_kernel(const char *bytes, size_t size)
{
	static const char begin[] = "IKCFG_ST", end[] = "IKCFG_ED";
	const char *from = memmem(bytes, size, begin, strlen(begin)), *to;

	if (!from)
		return NULL;
	from += strlen(begin);
	to = memmem(from, bytes + size - from, end, strlen(end));
	return to ? unzip((const unsigned char *)from, to - from) : NULL;
}

static int check_ikconfig(const struct kernel *kernel, const char *config, struct diag *diag)
{
	char *data = NULL, *have = NULL;
	size_t size, line = 0;
	int err;

	err = shipped_section(kernel->vmlinux, ".rodata", &data, &size, diag);
	if (err) /* without one there is no banner either, which is reported elsewhere */
		return err == -ENOENT ? 0 : err;
	have = config_in_kernel(data, size);
	free(data);
	if (have && strcmp(have, config)) {
		while (have[line] && have[line] == config[line])
			line++;
		while (line && have[line - 1] != '\n')
			line--;
		err = diag_error(diag, "KS348", NULL, "%s", kernel->config);
		diag_detail(diag, "in the kernel: %.*s", (int)strcspn(have + line, "\n"),
			    have + line);
		diag_detail(diag, "in the file:   %.*s", (int)strcspn(config + line, "\n"),
			    config + line);
	}
	free(have);
	return err;
}

static int check_salt(const struct kernel *kernel, const char *config, struct diag *diag)
{
	char *want = config_value(config, "CONFIG_BUILD_SALT"), *have = NULL;
	int err;

	err = shipped_build_salt(kernel->vmlinux, &have, diag);
	if (err == -ENOENT) { /* older than 4.19, or linked without notes */
		err = 0;
	} else if (!err && strcmp(want ?: "", have)) {
		err = diag_error(diag, "KS348", NULL, "%s", kernel->config);
		diag_detail(diag, "in the kernel: CONFIG_BUILD_SALT=\"%s\"", have);
		diag_detail(diag, "in the file:   CONFIG_BUILD_SALT=\"%s\"", want ?: "");
	}
	free(have);
	free(want);
	return err;
}

int check_shipped_config(const struct kernel *kernel, struct diag *diag)
{
	char *config, *embedded;
	size_t size;
	int err;

	err = read_file(kernel->config, &config, &size);
	if (err)
		return diag_errno(diag, -err, kernel->config, "read");
	err = check_salt(kernel, config, diag);
	embedded = config_value(config, "CONFIG_IKCONFIG");
	if (!err && embedded && !strcmp(embedded, "y"))
		err = check_ikconfig(kernel, config, diag);
	free(embedded);
	free(config);
	return err;
}
