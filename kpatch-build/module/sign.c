// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A kernel that is locked down, or runs with module.sig_enforce=1, accepts only
 * modules that are signed with a key it trusts. The user chooses the key. The
 * kernel's own sign-file, which the prepared build tree has, does the rest.
 * Signing comes last, as the signature covers the whole file.
 *
 * An RSA signature is always the same. One of an elliptic curve has a random
 * part, so these modules differ from run to run.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kpatch-build/build.h"
#include "lib/files.h"
#include "kpatch-build/run.h"
#include "kpatch-build/progress.h"
#include "lib/text.h"

static int check_readable(const char *path, struct diag *diag)
{
	static const char token[] = "pkcs11:"; /* a key in hardware: sign-file can use it */

	if (str_starts(path, token) || access(path, R_OK) == 0)
		return 0;
	return diag_error(diag, "KS932", NULL, "%s: %s", path, strerror(errno));
}

/* Check this early, so that nobody waits for a build that then can't be signed. */
int check_signing(struct build *build)
{
	const struct options *options = &build->options;
	int err, one;

	if (!options->sign_key)
		return 0;
	if (!build->kernel.sign_hash)
		return diag_error(build->diag, "KS933", NULL, "%s", build->kernel.release);
	err = check_readable(options->sign_key, build->diag);
	one = check_readable(options->sign_cert, build->diag);
	return err ?: one;
}

static int sign(const struct job *job, const struct kernel *kernel, const char *tool,
		const char *ko)
{
	const struct options *options = &job->options;
	const char *hash = options->sign_hash ?: kernel->sign_hash;
	const char *argv[] = { tool, hash, options->sign_key, options->sign_cert, ko, NULL };

	return run(job, "KS932", ko + strlen(job->work) + 1, NULL, argv, NULL);
}

static int describe_signature(const struct job *job, const struct kernel *kernel,
			      struct livepatch *livepatch)
{
	char *digest;
	int err = run_sha256(job, job->options.sign_cert, &digest);

	if (err)
		return err;
	livepatch->signature = json_pack("{s:s, s:s}", "hash",
					 job->options.sign_hash ?: kernel->sign_hash,
					 "certificate_sha256", digest);
	free(digest);
	return livepatch->signature ? 0 : diag_oom(job->diag);
}

int sign_modules(struct build *build)
{
	char *tool;
	int err;

	if (!build->options.sign_key)
		return 0;
	progress_step(build->progress, "sign");
	tool = path_join(build->kernel.build, "scripts/sign-file", NULL);
	if (!tool)
		return diag_oom(build->diag);
	err = describe_signature(&build->job, &build->kernel, &build->livepatch);
	err = err ?: sign(&build->job, &build->kernel, tool, build->core_ko);
	for (size_t i = 0; i < build->n_objects && !err; i++)
		if (build->objects[i].ko)
			err = sign(&build->job, &build->kernel, tool, build->objects[i].ko);
	free(tool);
	return err;
}
