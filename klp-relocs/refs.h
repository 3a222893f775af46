/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Section .klp.refs says which symbol of the running kernel each undefined
 * symbol is (lib/klp-format.h). It is read once, into an identity for each
 * symbol, and then removed from the module.
 */
#ifndef KLP_RELOCS_REFS_H
#define KLP_RELOCS_REFS_H

#include "lib/diag.h"
#include "lib/elf-model.h"

/* The symbol of the running kernel that an undefined symbol refers to. */
struct identity {
	struct identity *next; /* list for freeing */
	const char *object; /* valid as long as the model or the index they come from */
	const char *name;
	unsigned long sympos;
	/* convert(): */
	struct elf_symbol *klp; /* the klp symbol that replaces it, or the symbol itself */
	bool resolved; /* ->klp has a klp relocation */
	bool used; /* something refers to it */
};

/*
 * Give each undefined symbol that .klp.refs names its identity. A symbol that
 * another unit defines is left alone. Adds to *@identities; KS203, KS204.
 */
int refs_read(struct elf_model *model, struct identity **identities, struct diag *diag);

/* Add an identity to @symbol, which has none. 0 or -ENOMEM. */
int identity_add(struct identity **identities, struct elf_symbol *symbol, const char *object,
		 const char *name, unsigned long sympos);
void identities_free(struct identity *identities);

/*
 * Remove .klp.refs and what belongs to it from the module. Its strings stay:
 * they are in another section, and identities point to them.
 */
int refs_drop(struct elf_model *model, struct diag *diag);

#endif
