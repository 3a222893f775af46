/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Section .klp.refs says of undefined symbols which symbol of the running
 * kernel they are (lib/klp-format.h). It is read once, into an identity that
 * hangs on each symbol, and then leaves the module.
 */
#ifndef KLP_RELOCS_REFS_H
#define KLP_RELOCS_REFS_H

#include "lib/diag.h"
#include "lib/elf-model.h"

/* Which symbol of the running kernel an undefined one is. */
struct identity {
	struct identity *next; /* list for freeing */
	const char *object; /* valid as long as the model or the index they come from */
	const char *name;
	unsigned long sympos;
	/* convert(): */
	struct elf_symbol *klp; /* the klp symbol that stands for it, perhaps the very one */
	bool resolved; /* that has a klp relocation */
	bool used; /* something refers to it */
};

/*
 * Give each undefined symbol that .klp.refs names its identity. Symbols that
 * are defined by now are left alone. Adds to *@identities; KS203, KS204.
 */
int refs_read(struct elf_model *model, struct identity **identities, struct diag *diag);

/* Put an identity on @symbol, which has none. 0 or -ENOMEM. */
int identity_add(struct identity **identities, struct elf_symbol *symbol, const char *object,
		 const char *name, unsigned long sympos);
void identities_free(struct identity *identities);

/*
 * Take .klp.refs and what belongs to it out of the module. The strings that it
 * named stay: they are in another section, and identities point to them.
 */
int refs_drop(struct elf_model *model, struct diag *diag);

#endif
