/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An undefined symbol that .klp.refs doesn't name is either an ordinary
 * reference, which the module loader resolves without pinning a module, or a
 * symbol of a livepatch module that is loaded earlier, or an error.
 */
#ifndef KLP_RELOCS_RESOLVE_H
#define KLP_RELOCS_RESOLVE_H

#include <stdbool.h>

#include "lib/object-index.h"
#include "klp-relocs/refs.h"
#include "lib/symvers.h"

struct providers {
	struct object_index **indices;
	size_t n;
};

/* Is it an open export of vmlinux (lib/symvers.h), or one of the core? @symvers may be NULL. */
bool is_ordinary_export(const struct symvers *symvers, const char *symbol);

/* Add a detail to the last message: why @symbol is an export and yet not an ordinary one. */
void tell_who_exports(const struct symvers *symvers, const char *symbol, struct diag *diag);

/*
 * Every undefined symbol without an identity becomes a klp symbol of a provider,
 * stays as it is, or is reported (KS205, KS208). A symbol that nothing in memory
 * uses is removed.
 */
int resolve_undefined(struct elf_model *model, const struct symvers *symvers,
		      const struct providers *providers, struct identity **identities,
		      struct diag *diag);

#endif
