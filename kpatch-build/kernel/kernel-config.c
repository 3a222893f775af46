// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A configuration lies beside the kernel as a file of its own, and nothing but
 * its place says which kernel it is of. With a wrong one everything compiles,
 * and differs in a thousand places later. What a kernel says of its own
 * configuration is therefore compared first: the salt of its build, which
 * distributions make of the release, and all of it where CONFIG_IKCONFIG put a
 * copy into the kernel.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "kpatch-build/build.h"
#include "lib/files.h"
#include "kpatch-build/kernel/kernel.h"
#include "kpatch-build/kernel/shipped.h"

/* Larger than any configuration; a damaged length can't ask for more. */
#define CONFIG_MAX (8 << 20)

static char *unzip(const unsigned char *zipped, size_t size)
{
	z_stream stream = {
		.next_in = (unsigned char *)zipped, .avail_in = size, .avail_out = CONFIG_MAX,
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

static int check_ikconfig(struct build *build, const char *config)
{
	struct kernel *kernel = &build->kernel;
	char *data = NULL, *have = NULL;
	size_t size, line = 0;
	int err;

	err = shipped_section(kernel->vmlinux, ".rodata", &data, &size, build->diag);
	if (err) /* without one there is no banner either: said elsewhere */
		return err == -ENOENT ? 0 : err;
	have = config_in_kernel(data, size);
	free(data);
	if (have && strcmp(have, config)) {
		while (have[line] && have[line] == config[line])
			line++;
		while (line && have[line - 1] != '\n')
			line--;
		err = diag_error(build->diag, "KS348", NULL, "%s", kernel->config);
		diag_detail(build->diag, "in the kernel: %.*s", (int)strcspn(have + line, "\n"),
			    have + line);
		diag_detail(build->diag, "in the file:   %.*s", (int)strcspn(config + line, "\n"),
			    config + line);
	}
	free(have);
	return err;
}

static int check_salt(struct build *build, const char *config)
{
	struct kernel *kernel = &build->kernel;
	char *want = config_value(config, "CONFIG_BUILD_SALT"), *have = NULL;
	int err;

	err = shipped_build_salt(kernel->vmlinux, &have, build->diag);
	if (err == -ENOENT) { /* older than 4.19, or linked without notes */
		err = 0;
	} else if (!err && strcmp(want ?: "", have)) {
		err = diag_error(build->diag, "KS348", NULL, "%s", kernel->config);
		diag_detail(build->diag, "in the kernel: CONFIG_BUILD_SALT=\"%s\"", have);
		diag_detail(build->diag, "in the file:   CONFIG_BUILD_SALT=\"%s\"", want ?: "");
	}
	free(have);
	free(want);
	return err;
}

int check_shipped_config(struct build *build)
{
	char *config, *embedded;
	size_t size;
	int err;

	err = read_file(build->kernel.config, &config, &size);
	if (err)
		return diag_errno(build->diag, -err, build->kernel.config, "read");
	err = check_salt(build, config);
	embedded = config_value(config, "CONFIG_IKCONFIG");
	if (!err && embedded && !strcmp(embedded, "y"))
		err = check_ikconfig(build, config);
	free(embedded);
	free(config);
	return err;
}
