// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * With Secure Boot, or module.sig_enforce, the kernel takes only modules that
 * are signed by a key in its keyrings. Only the kernel can say whether a
 * signature is good. A missing signature, or one by an unknown signer, can be
 * seen beforehand.
 */
#include <stdlib.h>
#include <string.h>

#include "kpatch/fit.h"
#include "lib/files.h"
#include "lib/text.h"
#include "kpatch/signature.h"

static bool is_enforced(const struct host *host)
{
	char *enforce = host_read(host, "/sys/module/module/parameters/sig_enforce");
	char *lockdown = host_read(host, "/sys/kernel/security/lockdown");
	bool is;

	is = (enforce && !strcmp(enforce, "Y")) ||
	     (lockdown &&
	      (strstr(lockdown, "[integrity]") || strstr(lockdown, "[confidentiality]")));
	free(enforce);
	free(lockdown);
	return is;
}

/*
 * /proc/keys has a line per key: "… asymmetri <name of the certificate>: <its id>: X509.rsa …".
 * @keys may be NULL, and @signer unknown: then nothing speaks against it.
 */
static bool may_be_known(const char *keys, const char *signer)
{
	char *wanted;
	bool found;

	if (!keys || !*keys || !signer || !*signer)
		return true;
	wanted = format("%s: ", signer);
	found = !wanted || strstr(keys, wanted);
	free(wanted);
	return found;
}

static void check_file(struct host *host, const char *keys, const struct module_file *file)
{
	if (!file->sig_id) {
		diag_error(host->diag, "KS424", NULL, "'%s' has no signature", file->name);
	} else if (!may_be_known(keys, file->signer)) {
		diag_error(host->diag, "KS424", NULL, "'%s' is signed by '%s'", file->name,
			   file->signer);
		diag_detail(host->diag, "no key of that name is in the kernel's keyrings");
	}
}

void fit_signatures(struct host *host, const struct livepatch_files *files)
{
	char *keys;

	if (!is_enforced(host))
		return;
	keys = host_read(host, "/proc/keys");
	check_file(host, keys, &files->main);
	for (size_t i = 0; i < files->n_objects; i++)
		check_file(host, keys, &files->objects[i]);
	free(keys);
}
