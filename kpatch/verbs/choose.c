// SPDX-License-Identifier: GPL-2.0-or-later
/* The names that a user may give to a livepatch: "fix-cve", "fix_cve.ko", "./fix-cve.ko". */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/paths.h"
#include "kpatch/machine/host.h"
#include "lib/klp-format.h"
#include "lib/strvec.h"
#include "kpatch/verbs/choose.h"

char *name_of_livepatch(const char *word)
{
	const char *base = base_name(word);
	size_t length = strlen(base);
	char *name;

	if (length > 3 && !strcmp(base + length - 3, ".ko"))
		length -= 3;
	name = strndup(base, length);
	return name ? klp_kernel_name(name) : NULL;
}

/* Unknown names are reported at once, before any livepatch is touched. */
int names_choose(struct host *host, const struct strvec *words, const struct strvec *known,
		 const char *code, struct strvec *chosen)
{
	bool all_known = true;
	int err = 0;

	for (size_t i = 0; i < words->n && !err; i++) {
		char *name = name_of_livepatch(words->list[i]);

		if (!name) {
			err = -ENOMEM;
		} else if (strvec_has(known, name)) {
			err = strvec_has(chosen, name) ? 0 : strvec_add(chosen, name);
		} else {
			diag_error(host->diag, code, NULL, "'%s'", name);
			all_known = false;
		}
		free(name);
	}
	if (err)
		return diag_oom(host->diag);
	for (size_t i = 0; i < known->n && !all_known; i++)
		diag_detail(host->diag, "there is: %s", known->list[i]);
	return all_known ? 0 : -ENOENT;
}
